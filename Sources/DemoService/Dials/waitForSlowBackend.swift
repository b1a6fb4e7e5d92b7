/// Holds the request up without using the processor (`DEMO_WAIT`, `DEMO_SLOW_SHARE`, `DEMO_SLOW_BY`).
@inline(never)
func waitForSlowBackend(_ delay: Duration) async throws {
    try await Task.sleep(for: delay)
}
