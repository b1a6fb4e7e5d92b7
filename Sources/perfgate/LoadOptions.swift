import ArgumentParser
import Measures
import Plans

/// How much load, in which shape, as it is typed.
struct LoadOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("Send by the clock, such as 500/s (default: as fast as answers come).", valueName: "rate"),
        transform: Self.rate)
    var rate: Double?

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("Connections, which without --rate are users (default: 50).", valueName: "count"))
    var connections: Int?

    @Option(
        help: ArgumentHelp("How long, such as 30s (default: 10s).", valueName: "time"),
        transform: TimeSpan.within(.milliseconds(100) ... .hours(24)))
    var duration: TimeSpan?

    @Option(name: [.customShort("n"), .long], help: ArgumentHelp("How many requests, instead.", valueName: "count"))
    var requests: Int?

    @Option(
        help: ArgumentHelp("Load before it that is not counted (default: none).", valueName: "time"),
        transform: TimeSpan.within(.zero ... .hours(24)))
    var warmup: TimeSpan?

    @Option(
        help: ArgumentHelp("How long a request may take (default: 10s).", valueName: "time"),
        transform: TimeSpan.within(.milliseconds(1) ... .hours(24)))
    var timeout: TimeSpan?

    func validate() throws {
        if let connections, !Load.usersTaken.contains(connections) {
            throw ValidationError("--connections takes a number from 1 to \(Load.usersTaken.upperBound).")
        }
        if let requests, !Load.requestsTaken.contains(requests) {
            throw ValidationError("--requests takes a number from 1 to \(Load.requestsTaken.upperBound).")
        }
    }

    /// The first option of these that was given.
    var given: String? {
        let all: [(name: String, isGiven: Bool)] = [
            ("--rate", rate != nil), ("--connections", connections != nil), ("--duration", duration != nil),
            ("--requests", requests != nil), ("--warmup", warmup != nil), ("--timeout", timeout != nil),
        ]
        return all.first(where: \.isGiven)?.name
    }

    var load: Load {
        let connections = connections ?? Load.defaultConnections
        return Load(
            executor: rate.map { .constantArrivalRate(perSecond: $0) } ?? .constantUsers(connections),
            connections: connections, warmup: warmup?.duration ?? .zero,
            work: requests.map { .requests($0) } ?? .duration(duration?.duration ?? .seconds(10)),
            timeout: timeout?.duration ?? Load.defaultTimeout)
    }

    @Sendable
    private static func rate(_ text: String) throws -> Double {
        let rate: Double
        do throws(Quantity.Problem) {
            rate = try Quantity.parse(text, as: .rate)
        } catch {
            throw ValidationError(error.message)
        }
        guard rate > 0, rate <= Load.maximumRate else {
            throw ValidationError("it must be more than 0/s and at most \(Int(Load.maximumRate))/s")
        }
        return rate
    }
}
