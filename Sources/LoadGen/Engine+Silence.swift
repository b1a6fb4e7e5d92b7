import HTTPWire

extension Engine {
    /// The fewest requests without an answer that tell a service that says nothing from one that begins badly.
    static let fewestSilences = 10

    /// Counts a request to which the service said nothing, and gives the phase up when there were enough of them.
    ///
    /// As many in a row as there are connections are: the rest would only be a long wait for the same. Of a service that
    /// had answered it takes twice as many, and a window of a search for the capacity, which is bounded, is left to its
    /// end.
    ///
    /// A phase that has nothing left to start is left to its end, so that its figures are kept. The next tick ends the
    /// phase: whoever met the failure may be in the middle of starting flows.
    func metSilence(_ reason: String, in run: PhaseRun) {
        let received = run.recorders.reduce(0) { $0 &+ $1.bytesReceived }
        if received != run.receivedAtSilence { run.silences = 0 }
        run.receivedAtSilence = received
        run.silences += 1
        let hasAnswered = received > 0 || run.silences < run.exchanges
        if hasAnswered, run.waitingBound != nil { return }
        let bound = max(users.count, Self.fewestSilences) * (hasAnswered ? 2 : 1)
        guard run.silences == bound, !run.hasNothingLeft else { return }
        run.failure = .silence(
            address: endpoint.hostField, reason: reason, exchanges: run.silences, hadAnswered: hasAnswered)
    }
}
