import Captures
import LoadGen
import Measures
import Plans
import Recordings

/// Passes with the native probe's costlier instruments on.
extension Explainer {
    func nativeAllocations(
        _ generator: LoadGenerator, _ service: ProbedService, _ explanation: Explanation, _ name: String
    ) async throws -> Explanation {
        var explanation = explanation
        _ = try await generator.openConnections()
        try service.recordAllocations()
        explanation.requests = try await generator.run(.steady(plan.load.work), onProgress: nil).total.exchanges
        let bytes = try await service.allocationsProfile()
        explanation.profiles["native.allocs"] = try folder.writeProfile(bytes, name: "\(name).pb.gz")
        return explanation
    }

    func nativeTime(
        _ generator: LoadGenerator, _ service: ProbedService, _ explanation: Explanation, _ name: String
    ) async throws -> Explanation {
        var explanation = explanation
        func cpu(_ moment: String) async throws {
            let bytes = try await service.processorProfile()
            explanation.profiles["native.cpu.\(moment)"] = try folder.writeProfile(
                bytes, name: "\(name)-cpu-\(moment).pb.gz")
        }
        try await cpu("before")
        let (load, snapshots) = try await withThrowingTaskGroup(of: [[UInt8]].self) { group in
            group.addTask {
                var taken: [[UInt8]] = []
                while !Task.isCancelled, taken.count < Self.mostSnapshots {
                    if let bytes = try? await service.tasksProfile() { taken.append(bytes) }
                    try? await Task.sleep(for: Self.snapshotInterval)
                }
                return taken
            }
            let load = try await generator.run(.steady(plan.load.work), onProgress: nil)
            group.cancelAll()
            return (load, try await group.next() ?? [])
        }
        try await cpu("after")
        explanation.requests = load.total.exchanges
        explanation.ratePerSecond = Double(load.total.exchanges) * 1e9 / Double(max(1, load.elapsed))
        for (index, bytes) in snapshots.enumerated() {
            explanation.profiles["native.tasks.\(index)"] = try folder.writeProfile(
                bytes, name: "\(name)-tasks-\(index).pb.gz")
        }
        return explanation
    }
}
