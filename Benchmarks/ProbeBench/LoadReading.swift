import Measures
import ProbeReader

/// What one launch gave, per request.
struct LoadReading: Encodable {
    let requests: Int
    let requestsPerSecond: Double
    /// Without the objects of libdispatch, whose cache hits depend on how threads are scheduled.
    let allocationsPerRequest: Double
    let allAllocationsPerRequest: Double
    let bytesPerRequest: Double
    /// Async lets included; not there where the counts do not agree with the runtime's.
    let tasksPerRequest: Double?
    let counted: ProbeCounters

    /// Throws when anything but the requests that were asked for lies between the two readings.
    init(_ outcome: CountedLoad.Outcome) throws {
        let summary = outcome.summary
        let total = summary.total
        guard total.failed + total.timedOut == 0, summary.connectionsOpened == 0, total.exchanges > 0 else {
            throw ProbeBench.Trouble(
                description: "\(total.exchanges) requests with \(total.failed) failed, \(total.timedOut) timed out "
                    + "and \(summary.connectionsOpened) connections opened anew")
        }
        for figure in [ProbeFigure.allocations, .dispatchSplit] {
            if let doubt = outcome.doubts[figure.rawValue] {
                throw ProbeBench.Trouble(description: "\(figure.words): \(doubt)")
            }
        }
        counted = outcome.counted
        requests = Int(total.exchanges)
        let each = Double(requests)
        requestsPerSecond = each * 1e9 / Double(max(summary.elapsed, 1))
        allocationsPerRequest = Double(counted.ownAllocations) / each
        allAllocationsPerRequest = Double(counted.allocations) / each
        bytesPerRequest = Double(counted.ownBytes) / each
        tasksPerRequest = counted.taskCheck.isExact ? counted.tasksNumbered.map { Double($0) / each } : nil
    }
}
