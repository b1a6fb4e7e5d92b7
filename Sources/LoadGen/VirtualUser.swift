import HTTPWire

/// One connection and the flow it is running, all of it confined to the reactor's thread.
///
/// In an open loop a user is any free connection; in a closed loop it is one user with a connection of its own.
final class VirtualUser {
    enum State {
        case idle
        case connecting
        case awaitingResponse
    }

    let index: Int
    var state = State.idle
    /// The connection, nil while it is closed.
    var link: Link?
    var parser = ResponseParser()
    var body: [UInt8] = []
    var bodyOverflowed = false

    var steps: [StepProgram] = []
    var stepIndex = 0
    var iteration: UInt64 = 0
    var captures: CaptureStore

    var exchange: UInt64 = 0
    var hops = 0
    var detour: StepProgram.Detour?
    /// Instants on the monotonic clock in nanoseconds; `sent` is 0 until the request is written.
    var scheduled: UInt64 = 0
    var sent: UInt64 = 0
    var deadline: UInt64 = 0
    var freeSince: UInt64 = 0
    /// Whether a ramp of users has no use for it at the moment.
    var isParked = false

    init(index: Int, slots: Int) {
        self.index = index
        captures = CaptureStore(slots: slots)
    }

    var step: StepProgram { steps[stepIndex] }
    /// Whether a request of the first step is under way, whose schedule is the arrival's.
    var isFirstStep: Bool { stepIndex == 0 }
}
