import ProbePages

/// The profiles of this process, for a service that serves them itself.
///
/// Compatible with Go's `net/http/pprof`: `go tool pprof http://…` and perfgate read them.
///
///     let probe = ProbeEndpoints()
///     router.get("/debug/pprof/*") { request, _ in
///         let answer = await probe.respond(to: request.uri.string)
///         …
///     }
///
/// Whoever reaches these pages can read the service's inside and make it work; serve them to nobody but yourself.
public struct ProbeEndpoints: Sendable {
    private let desk: ProbeDesk

    /// Begins to record; allocations and tasks are counted since the program started.
    ///
    /// - Parameter recording: what to record all the time. Live tasks are those made from now on.
    public init(recording: ProbeRecording = .tasks) {
        desk = ProbeDesk(recording)
    }

    /// Answers a request.
    ///
    /// Takes as long as the request says: `profile?seconds=10` ten seconds. What making the answer allocates is not
    /// counted, but for the answer itself.
    ///
    /// - Parameter target: path and query, such as `/debug/pprof/heap?debug=1`.
    public func respond(to target: String) async -> ProbeResponse {
        var outcome: ProbeDesk.Outcome?
        let response = Uncounted.response {
            switch desk.ask(target) {
            case .answer(let answer): return ProbeResponse(answer)
            case .later(let seconds, let window):
                outcome = .later(seconds: seconds, window)
                return ProbeResponse(status: 500, contentType: "", body: [])
            }
        }
        guard case .later(let seconds, let window) = outcome else { return response }
        // Ended early when cancelled, but ended: what it records costs the service something.
        try? await Task.sleep(for: .seconds(seconds))
        return Uncounted.response { ProbeResponse(desk.end(window)) }
    }
}
