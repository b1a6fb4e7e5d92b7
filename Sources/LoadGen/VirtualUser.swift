import HTTPWire

/// One connection and the flow it is running, all of it confined to the reactor's thread.
///
/// In an open loop a user is any free connection; in a closed loop it is one user with a connection of its own.
final class VirtualUser {
    enum State {
        case idle
        case connecting
        case thinking
        case awaitingResponse
    }

    let index: Int
    var state = State.idle
    /// The connection, nil while it is closed.
    var link: Link?
    /// The users it shares connections with, and its place among them; nil but for HTTP/2.
    unowned(unsafe) var group: UserGroup?
    var slot = 0
    /// The shared connection its request is under way on, or was last.
    var stream: SharedLink?
    /// Whether it stands in the group's queue.
    var isWaiting = false
    /// How often bytes had come over ``stream`` when the request was sent.
    var receptionsAtSend = 0
    /// How often the request was sent again, which the service had not looked at.
    var resends = 0
    /// Not checked for overlapping accesses, which one thread and no nesting rule out: the checks would cost every
    /// request as much as its parsing.
    @exclusivity(unchecked) var parser = ResponseParser()
    var body: [UInt8] = []
    var bodyOverflowed = false
    /// Made for the first compressed response.
    var decoder: BodyDecoder?
    /// Whether the body of the current response is being decoded.
    var isDecoding = false

    var flow = FlowProgram.none
    /// The instruction of the flow that comes next.
    var position = 0
    /// By loop of the flow, how often it is still gone through.
    var passesLeft: [Int]
    /// How often the flow has paused.
    var pauses: UInt64 = 0
    /// The request of the flow that is under way, or was last.
    var stepIndex = 0
    /// Whether no request of the flow has ended, so that its schedule is the arrival's.
    var isFirstStep = true
    var iteration: UInt64 = 0
    @exclusivity(unchecked) var captures: CaptureStore
    /// Made for the first response that sets a cookie.
    var jar: CookieJar?

    var exchange: UInt64 = 0
    var hops = 0
    var detour: StepProgram.Detour?
    /// Instants on the monotonic clock in nanoseconds; `sent` is 0 until the request is written.
    var scheduled: UInt64 = 0
    var sent: UInt64 = 0
    var begun: UInt64 = 0
    /// When the first byte of the response came, 0 until then.
    var firstByte: UInt64 = 0
    /// How long its connection took, 0 where it was open already.
    var connectTime: UInt64 = 0
    var secureTime: UInt64 = 0
    var deadline: UInt64 = 0
    var freeSince: UInt64 = 0
    /// Whether a ramp of users has no use for it at the moment.
    var isParked = false

    init(index: Int, slots: Int, loops: Int = 0) {
        self.index = index
        captures = CaptureStore(slots: slots)
        passesLeft = [Int](repeating: 0, count: loops)
    }

    /// The response that is coming, or came last.
    @inline(__always) var response: ResponseHead {
        if let stream { return stream.session[slot] }
        return parser.response
    }

    // Of its own, because a copy of the whole counts references.
    @inline(__always) var status: Int {
        if let stream { return stream.session[slot].status }
        return parser.response.status
    }

    @inline(__always) var setsCookies: Bool {
        if let stream { return stream.session[slot].setsCookies }
        return parser.response.setsCookies
    }

    var step: StepProgram { flow.steps[stepIndex] }

    /// How long its request waited for a free stream of a shared connection that was open; 0 until it is sent.
    var streamWait: UInt64 {
        guard group != nil, sent > 0 else { return 0 }
        let opening = begun + connectTime + secureTime
        return sent - min(sent, opening)
    }

    /// Puts the user at the beginning of a flow.
    func begin(_ flow: FlowProgram, iteration: UInt64) {
        self.flow = flow
        self.iteration = iteration
        position = 0
        for loop in passesLeft.indices { passesLeft[loop] = 0 }
        pauses = 0
        stepIndex = 0
        isFirstStep = true
        captures.removeAll(from: flow.firstSlot)
    }
}
