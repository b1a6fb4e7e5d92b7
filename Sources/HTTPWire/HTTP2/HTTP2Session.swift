/// The client's side of one HTTP/2 connection (RFC 9113), without the connection: bytes go in, events and bytes come
/// out.
///
/// The caller writes ``output`` whenever there is some, hands incoming bytes to ``next(_:)`` until it returns nothing,
/// and numbers its requests by slots, from 0 to one less than it said at the beginning. Nothing is allocated once the
/// buffers have grown. The outcome does not depend on how incoming bytes are cut. After an error that was thrown the
/// connection must be closed, and all requests that were open are lost.
package struct HTTP2Session: ~Copyable {
    /// Bounds on what a hostile peer can make the session hold or do.
    package struct Limits: Sendable, Equatable {
        /// Header fields of one head, each counted with 32 bytes more.
        package var headBytes = 64 * 1024
        package var fieldCount = 256
        /// Pieces a head may come in after its first.
        package var continuations = 64
        package var interimResponses = 16
        /// Frames in a row that bring no request forward; four for each slot where that is more.
        package var idleFrames = 1000

        package init() {}
    }

    /// How much the peer may send ahead on a stream, in bytes.
    static let streamWindow = 1 << 20
    /// How much it may send ahead on all of them.
    static let connectionWindow = 1 << 24
    /// How many streams are opened before the peer has said how many it allows.
    static let cautiousStreams = 100

    enum State {
        /// Before a frame or in its first nine bytes.
        case frameHeader
        /// Before the byte that says how long the padding of a frame DATA is.
        case padLength
        case data
        /// In a payload that is read as a whole.
        case payload
        /// In bytes that mean nothing.
        case skipped
    }

    package let limits: Limits
    let isEncrypted: Bool
    let slots: Int
    let streams: UnsafeMutablePointer<Stream>
    var index: StreamIndex
    var encoder = HPACKEncoder()
    var decoder: HPACKDecoder
    var out = WireBuffer(capacity: 16 * 1024)

    // What the peer allows.
    var peerStreams = HTTP2Session.cautiousStreams
    var peerWindow = HTTP2Frame.defaultWindow
    var peerFrame = HTTP2Frame.largestPayload
    /// Bytes that may still be sent on the connection.
    var sendWindow = HTTP2Frame.defaultWindow
    /// Bytes the peer may still send on the connection.
    var receiveWindow = HTTP2Session.connectionWindow

    var nextStream: UInt32
    /// The last stream the peer will look at, once it has ended the connection.
    var goneAfter: UInt32?
    var goneReason = HTTP2Reason.noError
    /// Which of the latest streams were given up from this side, so that what still comes on them is no fault: one bit
    /// each.
    var abandoned: UnsafeMutablePointer<UInt64>
    /// How many streams wait for a window to send their bodies.
    var blockedStreams = 0
    /// Where the next share of the connection's window begins to be given out.
    var nextShare = 0

    // The frame being read.
    var state = State.frameHeader
    var kind = HTTP2FrameKind.unknown
    var flags: UInt8 = 0
    var stream: UInt32 = 0
    /// Bytes of the payload still to come; of its data alone in a frame DATA.
    var remaining = 0
    var padding = 0
    /// The slot the data of the current frame belongs to, nil where nobody wants it.
    var dataSlot: Int?
    /// The unfinished frame, header or payload.
    var partial = WireBuffer(capacity: HTTP2Frame.largestPayload)
    /// The pieces of a head so far.
    var block = WireBuffer(capacity: 4096)
    /// The stream whose head goes on in the next frame, 0 where none does.
    var blockStream: UInt32 = 0
    var blockEndsStream = false
    var continuations = 0
    /// Trailers, and heads nobody waits for.
    var unwanted = ResponseHead()
    /// Whether the peer's SETTINGS have come, with which a connection begins.
    var hasSettings = false
    var idleFrames = 0
    /// How many frames of the peer's were answered with a frame each.
    package internal(set) var acknowledged: UInt64 = 0
    /// Bytes taken so far, and the place of the frame being read.
    var received: UInt64 = 0
    var frameStart: UInt64 = 0

    // Events that wait for the next call.
    var endingSlot: Int?
    /// The slot from which on requests are looked for that the peer will not look at.
    var sweptSlot: Int?
    package internal(set) var failure: HTTP2Error?

    /// How many requests are open.
    package internal(set) var openStreams = 0

    /// Begins a connection; its first bytes wait in ``output``.
    ///
    /// - Parameters:
    ///   - slots: how many requests may be open at once, at least 1.
    ///   - isEncrypted: whether the connection is one of TLS, which decides on `:scheme`.
    package init(slots: Int, isEncrypted: Bool, limits: Limits = Limits()) {
        self.init(slots: slots, isEncrypted: isEncrypted, limits: limits, firstStream: 1)
    }

    init(slots: Int, isEncrypted: Bool, limits: Limits = Limits(), firstStream: UInt32) {
        precondition(slots > 0 && slots <= Int(Int32.max))
        self.limits = limits
        self.isEncrypted = isEncrypted
        self.slots = slots
        nextStream = firstStream
        decoder = HPACKDecoder(limits: .init(listBytes: limits.headBytes, fieldCount: limits.fieldCount))
        index = StreamIndex(streams: slots)
        streams = .allocate(capacity: slots)
        for slot in 0..<slots { (streams + slot).initialize(to: Stream()) }
        abandoned = .allocate(capacity: Self.abandonedWords)
        abandoned.initialize(repeating: 0, count: Self.abandonedWords)
        writePreface()
    }

    deinit {
        streams.deinitialize(count: slots)
        streams.deallocate()
        abandoned.deallocate()
    }

    private mutating func writePreface() {
        let preface: StaticString = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
        out.append(UnsafeRawBufferPointer(start: preface.utf8Start, count: preface.utf8CodeUnitCount))
        writeFrameHeader(.settings, length: 18, stream: 0)
        writeSetting(HTTP2Frame.Setting.enablePush, 0)
        writeSetting(HTTP2Frame.Setting.initialWindowSize, Self.streamWindow)
        writeSetting(HTTP2Frame.Setting.maxHeaderListSize, limits.headBytes)
        writeWindowUpdate(Self.connectionWindow - HTTP2Frame.defaultWindow, stream: 0)
    }

    // MARK: - What waits to be sent

    /// The bytes to be written to the connection; valid until the next call that changes the session.
    package var output: UnsafeRawBufferPointer { out.bytes }

    /// Forgets the first bytes of ``output``, which the connection has taken.
    package mutating func wrote(_ count: Int) { out.dropFirst(count) }

    // MARK: - Room

    /// How many more requests the peer allows now; 0 on a connection that takes no more.
    package var room: Int {
        isClosing ? 0 : max(0, min(slots, peerStreams) - openStreams)
    }

    /// Whether the connection takes no more requests and must be replaced once those that are open have ended.
    package var isClosing: Bool {
        failure != nil || goneAfter != nil || nextStream > UInt32(HTTP2Frame.largestWindow)
    }

    /// Whether a request is open in this slot.
    package func isOpen(_ slot: Int) -> Bool { streams[slot].id != 0 }

    /// The response in a slot, from its head on until the slot is used again.
    ///
    /// It shares its memory with the session: one that is still held when the slot's next head comes costs that head
    /// new buffers. (A `_read` accessor would share nothing but allocates for every call from another module.)
    package subscript(slot: Int) -> ResponseHead {
        precondition(slot >= 0 && slot < slots)
        return streams[slot].response
    }
}

extension HTTP2Session {
    /// One request and its response.
    struct Stream {
        enum Phase {
            case head
            case body
        }

        /// 0 where the slot is free.
        var id: UInt32 = 0
        var phase = Phase.head
        var isHeadRequest = false
        /// Whether the method or the status allows no body.
        var isBodiless = false
        var interimCount = 0
        /// Bytes that may still be sent; below zero where the peer has made its windows smaller.
        var sendWindow = 0
        var receiveWindow = 0
        /// What the head says of the body's length, nil where it says nothing or need not be right.
        var contentLength: UInt64?
        var response = ResponseHead()
        /// The part of the request's body that no window had room for.
        var unsent: [UInt8] = []
        var unsentStart = 0

        var isBlocked: Bool { unsentStart < unsent.count }

        /// Makes the slot ready for another request; what it has grown is kept.
        mutating func begin(_ id: UInt32, isHeadRequest: Bool, sendWindow: Int) {
            self.id = id
            phase = .head
            self.isHeadRequest = isHeadRequest
            isBodiless = isHeadRequest
            interimCount = 0
            self.sendWindow = sendWindow
            receiveWindow = HTTP2Session.streamWindow
            contentLength = nil
            response.forget()
            response.bodyBytes = 0
            forgetUnsent()
        }

        mutating func forgetUnsent() {
            unsent.removeAll(keepingCapacity: true)
            unsentStart = 0
        }
    }
}
