import Captures
import LoadGen
import Plans

/// What surrounds the load of a round.
extension LoadGenerator {
    /// Does what the scenario asks for ahead of all load.
    func setUp(_ scenario: Scenario) async throws(LoadError) {
        _ = try await run(.setup)
        if !scenario.userSetup.isEmpty {
            try await openConnections()
            _ = try await run(.userSetup)
        }
        try await rest(scenario)
    }

    /// Leaves the service between two phases as it is to be captured.
    ///
    /// Connections are closed, so that none of them counts; those of users that were set up are kept, as the service may
    /// know a user by its connection, and whichever it has closed is opened again, so that all captures see as many.
    func rest(_ scenario: Scenario) async throws(LoadError) {
        if scenario.userSetup.isEmpty { await closeConnections() } else { try await openConnections() }
    }

    /// Does what the scenario asks for when everything was measured.
    func tearDown(_ scenario: Scenario) async throws(LoadError) {
        _ = try await run(.teardown)
        await closeConnections()
    }

    /// Takes down what was set up where the load failed or was interrupted; the reason of that is the one to tell.
    func clearUp(_ scenario: Scenario) async {
        guard !scenario.teardown.isEmpty else { return }
        _ = try? await Task { try await tearDown(scenario) }.value
    }
}
