import Captures
import LoadGen
import Measures
import Plans
import Recordings

/// Passes with the native probe's costlier instruments on.
extension Explainer {
    private static let quiet = Duration.milliseconds(500)

    func nativeAllocations(
        _ generator: LoadGenerator, _ service: ProbedService, _ explanation: Explanation, _ name: String
    ) async throws -> Explanation {
        var explanation = explanation
        let process = try service.busiest()
        func creations(_ moment: String) async throws {
            let kind = "native.creations.\(moment)"
            let bytes: [UInt8]
            do throws(CaptureError) {
                bytes = try await process.creationsProfile()
            } catch {
                // A service without tasks has none that were created.
                explanation.problems[kind] = error.message
                return
            }
            explanation.profiles[kind] = try folder.writeProfile(bytes, name: "\(name)-creations-\(moment).pb.gz")
        }
        _ = try await generator.openConnections()
        try process.recordAllocations()
        try await creations("before")
        explanation.requests = try await generator.run(.steady(), onProgress: nil).total.exchanges
        let bytes = try await process.allocationsProfile()
        explanation.profiles["native.allocs"] = try folder.writeProfile(bytes, name: "\(name).pb.gz")
        try await creations("after")
        return explanation
    }

    func nativeTime(
        _ generator: LoadGenerator, _ service: ProbedService, _ explanation: Explanation, _ name: String
    ) async throws -> Explanation {
        var explanation = explanation
        let process = try service.busiest()
        func cpu(_ moment: String) async throws {
            let bytes = try await process.processorProfile()
            explanation.profiles["native.cpu.\(moment)"] = try folder.writeProfile(
                bytes, name: "\(name)-cpu-\(moment).pb.gz")
        }
        try await cpu("before")
        let (load, snapshots) = try await withThrowingTaskGroup(of: Snapshots.self) { group in
            group.addTask {
                var taken = Snapshots()
                while !Task.isCancelled, taken.profiles.count < Self.mostSnapshots {
                    do throws(CaptureError) {
                        if let bytes = try await service.tasksProfile() { taken.profiles.append(bytes) }
                    } catch {
                        taken.problem = error.message
                    }
                    try? await Task.sleep(for: Self.snapshotInterval)
                }
                return taken
            }
            let load = try await generator.run(.steady(), onProgress: nil)
            group.cancelAll()
            return (load, try await group.next() ?? Snapshots())
        }
        try await cpu("after")
        // Tasks that are still there when all is quiet wait for nobody's request.
        await generator.closeConnections()
        try await Task.sleep(for: Self.quiet)
        if let left = try? await service.tasksProfile() {
            explanation.profiles["native.left"] = try folder.writeProfile(left, name: "\(name)-tasks-left.pb.gz")
        }
        explanation.requests = load.total.exchanges
        explanation.ratePerSecond = Double(load.total.exchanges) * 1e9 / Double(max(1, load.elapsed))
        if snapshots.profiles.isEmpty { explanation.problems["native.tasks"] = snapshots.problem }
        for (index, bytes) in snapshots.profiles.enumerated() {
            explanation.profiles["native.tasks.\(index)"] = try folder.writeProfile(
                bytes, name: "\(name)-tasks-\(index).pb.gz")
        }
        return explanation
    }

    private struct Snapshots: Sendable {
        var profiles: [[UInt8]] = []
        /// Why one is missing.
        var problem: String?
    }
}
