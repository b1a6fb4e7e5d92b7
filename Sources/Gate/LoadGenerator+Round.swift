import Captures
import LoadGen
import Plans

/// What surrounds the load of a round.
extension LoadGenerator {
    /// Sets up what the scenario asks for, does `body`, and takes it down again; `perform` does the parts there are.
    ///
    /// A service that runs on is left as it was found: what was set up is taken down also where something after that
    /// failed or was interrupted, which is thrown, and an interruption does not end it; `leftBehind` is told, in a
    /// sentence without its final stop, where that could not be done. A teardown that fails where nothing else did
    /// takes nothing away: why is returned beside the result. Whether there was an interruption meanwhile is for the
    /// caller to ask.
    func surrounding<Result>(
        _ scenario: Scenario, serviceRunsOn: Bool,
        perform: (Scenario.Part, () async throws -> Void) async throws -> Void = { try await $1() },
        leftBehind: (String) -> Void, _ body: () async throws -> Result
    ) async throws -> (result: Result, teardownProblem: (any Error)?) {
        func takeDown() async throws {
            guard !scenario.teardown.isEmpty else { return }
            try await perform(.teardown) {
                // The task of its own is not interrupted.
                if serviceRunsOn { try await Task { try await tearDown() }.value } else { try await tearDown() }
            }
        }
        var isSetUp = scenario.setup.isEmpty
        let result: Result
        do {
            if scenario.isSetUp {
                try await perform(.setup) {
                    _ = try await run(.setup)
                    isSetUp = true
                    if !scenario.userSetup.isEmpty {
                        try await openConnections()
                        _ = try await run(.userSetup)
                    }
                    try await rest(scenario)
                }
            }
            result = try await body()
        } catch {
            if serviceRunsOn, isSetUp {
                // Those that were being opened are of no use any more.
                await closeConnections()
                do { try await takeDown() } catch {
                    leftBehind("what was set up was not taken down: \(Gate.sentence(error))")
                }
            }
            throw error
        }
        do {
            try await takeDown()
            return (result, nil)
        } catch  where !error.isInterruption {
            return (result, error)
        }
    }

    /// Leaves the service between two phases as it is to be captured.
    ///
    /// Connections are closed, so that none of them counts; those of users that were set up are kept, as the service may
    /// know a user by its connection, and whichever it has closed is opened again, so that all captures see as many.
    func rest(_ scenario: Scenario) async throws(LoadError) {
        if scenario.userSetup.isEmpty { await closeConnections() } else { try await openConnections() }
    }

    private func tearDown() async throws(LoadError) {
        _ = try await run(.teardown)
        await closeConnections()
    }
}

extension Error {
    /// Whether something ended because it was to end, in the words of any room.
    var isInterruption: Bool {
        self is CancellationError || self as? LoadError == .cancelled || self as? CaptureError == .interrupted
    }
}
