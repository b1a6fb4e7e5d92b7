package import Measures

/// What a load generator does where the plan has nothing to say.
package struct LoadGeneratorOptions: Sendable, Equatable {
    /// Arrivals that may wait for a connection before further ones are dropped; nil is ten seconds' worth
    /// at the highest rate, at least
    /// 10 000 and at most 1 000 000, so that a service frozen for seconds shows in the latency, not in the drops.
    package var backlogBound: Int?
    /// How long a phase may go on without an answer after its last arrival, and a tenth of how long it may in all; nil
    /// is the longest time-out, at least 30 s, and the longest that a flow can pause.
    package var drainTimeout: Duration?
    /// Whether to ask for `SCHED_FIFO` in open-loop phases.
    package var wantsRealTime = true
    /// When a window of a search for the capacity counts as delivered.
    package var windowLimits = DeliveryLimits.ofWindow

    package init(backlogBound: Int? = nil, drainTimeout: Duration? = nil, wantsRealTime: Bool = true) {
        self.backlogBound = backlogBound
        self.drainTimeout = drainTimeout
        self.wantsRealTime = wantsRealTime
    }

    /// The most body bytes kept for a step with a body check or capture.
    static let keptBodyBytes = 1 << 20
    /// The most bytes that are decoded of a compressed body nothing looks at.
    static let decodedBodyBytes = 64 << 20
    /// The most bytes of one captured value.
    static let capturedBytes = 64 * 1024
    /// Connections being opened at the same time, so that a listener's queue does not overflow.
    static let connectsAtOnce = 64
    /// Users that are set up at the same time, so that a service that hashes passwords can keep up.
    static let usersAtOnce = 64
}
