import Measures
import Reports
import Synchronization
import Testing

@testable import Gate

/// Load on a service that runs already takes down what it set up, however it ends.
@Suite struct TakingDownTests {
    private let service: NotingService

    init() throws {
        service = try NotingService()
    }

    private func request(_ address: String, load: String, timeout: String = "30s") throws -> LoadRequest {
        let plan = try service.plan("url: \(address)", load: load, timeout: timeout)
        return try LoadRequest(plan, file: "perfgate.yml", folder: service.folder, url: nil, seed: 7, tool: "0.1.0")
    }

    @Test func afterAnInterruptionOfTheWarmup() async throws {
        try await service.running { address in
            let request = try request(address, load: "warmup: 10m, requests: 30")
            let load = Task { try await Gate.load(request) { _ in } }
            #expect(await service.sees("/use/v1/v1"))
            load.cancel()
            await #expect(throws: CancellationError.self) { try await load.value }
            #expect(service.removals() == (1, []))
        }
    }

    @Test func afterAFailureAndSaysWhereThatFailsToo() async throws {
        try await service.running(failing: "/remove/v1", silent: "/use/v1/v1") { address in
            let request = try request(address, load: "warmup: 0s, duration: 10m", timeout: "300ms")
            let told = Mutex<[String]>([])
            let error = await #expect(throws: GateError.self) {
                try await Gate.load(request) { event in
                    if case .leftBehind(let warning) = event { told.withLock { $0.append(warning) } }
                }
            }
            #expect(
                error?.message.contains("answered none of the first 10 requests") == true, "\(error?.message ?? "")")
            let warnings = told.withLock { $0 }
            let reason = "teardown failed in the step \"remove\": status 500, expected 200 to 399"
            #expect(warnings == ["what was set up was not taken down: \(reason)"])
        }
    }

    @Test func andAFailureKeepsTheFigures() async throws {
        try await service.running(failing: "/remove/v1") { address in
            let report = try await Gate.load(try request(address, load: "warmup: 0s, requests: 30")) { _ in }
            #expect(report.summary.total.completed == 30)
            #expect(report.outcome == .failed)
            #expect(
                report.problems == ["teardown failed in the step \"remove\": status 500, expected 200 to 399"])
        }
    }
}
