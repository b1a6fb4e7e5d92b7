import HTTPWire

extension Engine {
    /// The fewest requests without an answer that tell a service that says nothing from one that begins badly.
    static let fewestSilences = 10

    /// Counts a request to which the service said nothing, and gives the phase up when it said nothing to as many as
    /// there are connections: the rest would only be a long wait for the same.
    ///
    /// A phase that has nothing left to start is left to its end, so that its figures are kept. The next tick ends the
    /// phase: whoever met the failure may be in the middle of starting flows.
    func metSilence(_ reason: String, in run: PhaseRun) {
        run.silences += 1
        guard run.silences == max(users.count, Self.fewestSilences), run.silences == run.exchanges, !run.isExhausted,
            run.recorders.allSatisfy({ $0.bytesReceived == 0 })
        else { return }
        run.failure = .silence(address: endpoint.hostField, reason: reason, exchanges: run.silences)
    }
}
