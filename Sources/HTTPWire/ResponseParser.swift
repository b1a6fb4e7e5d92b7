/// An incremental parser of HTTP/1.1 responses that allocates nothing once its buffers have grown.
///
/// Feed it the bytes of one connection as they arrive; the outcome does not depend on how they are cut. Head and
/// framing are read strictly, because a gate must not guess what a service meant: lines end with CR LF (LF alone is
/// refused), folded fields, two different lengths, a length beside a transfer coding and any coding but one `chunked`
/// are errors. After an error the connection must be closed; what follows its place has no meaning.
package struct ResponseParser: Sendable {
    /// Bounds on what a hostile peer can make the parser hold or count.
    package struct Limits: Sendable, Equatable {
        /// All bytes before the body, interim responses included.
        package var headBytes = 64 * 1024
        package var fieldCount = 256
        /// Digits of a chunk's size, leading zeros included.
        package var chunkSizeDigits = 15
        /// One chunk's size line with its extensions.
        package var chunkLineBytes = 4096
        package var trailerBytes = 64 * 1024
        package var interimResponses = 16
        /// Body bytes, framing not counted; nil where the caller counts and drops them.
        package var bodyBytes: UInt64?

        package init(bodyBytes: UInt64? = nil) {
            self.bodyBytes = bodyBytes
        }
    }

    package enum Progress: Sendable, Equatable {
        /// All bytes were taken and the response goes on.
        case incomplete
        /// The response ended after this many of the bytes just fed; the rest is not part of it.
        case complete(consumed: Int)
    }

    enum State: Sendable, Equatable {
        case statusLine
        case fields
        case fixedBody(remaining: UInt64)
        case bodyToClose
        case chunkLine
        case chunkData(remaining: UInt64)
        case chunkEnd
        case trailers
        case complete
    }

    package let limits: Limits
    var state = State.statusLine
    /// Whether the request was HEAD, so that the response has no body whatever its fields say.
    var isHeadRequest = false
    var lineStart = 0
    /// The unfinished chunk size line or trailer line.
    var line: [UInt8] = []
    var trailerBytes = 0
    var headBytes = 0
    var interimCount = 0
    /// Bytes of this response taken so far.
    var position: UInt64 = 0
    var contentLength: UInt64?
    var isChunked = false
    var minorVersion: UInt8 = 1
    var connectionClose = false
    var connectionKeepAlive = false

    /// What has been read of the response.
    package internal(set) var response = ResponseHead()
    /// Whether another request may be sent on the connection after this response.
    package internal(set) var keepsAlive = false

    package init(limits: Limits = Limits()) {
        self.limits = limits
        line.reserveCapacity(128)
    }

    /// Makes the parser ready for the response to the next request.
    package mutating func begin(isHeadRequest: Bool = false) {
        self.isHeadRequest = isHeadRequest
        state = .statusLine
        trailerBytes = 0
        headBytes = 0
        interimCount = 0
        position = 0
        response.bodyBytes = 0
        keepsAlive = false
        line.removeAll(keepingCapacity: true)
        forgetHead()
    }

    /// Whether the whole head has been read, so that ``status`` and the fields stand.
    package var hasHead: Bool {
        switch state {
        case .statusLine, .fields: false
        default: true
        }
    }

    private var isComplete: Bool {
        if case .complete = state { true } else { false }
    }

    /// Takes the next bytes; `body` is given every piece of the body, without its framing.
    package mutating func feed(
        _ bytes: UnsafeRawBufferPointer, body: (UnsafeRawBufferPointer) -> Void
    ) throws(WireError) -> Progress {
        var offset = 0
        while offset < bytes.count, !isComplete {
            let rest = UnsafeRawBufferPointer(rebasing: bytes[offset...])
            let taken: Int =
                switch state {
                case .statusLine, .fields: try feedHead(rest)
                case .fixedBody(let remaining): try feedFixed(rest, remaining: remaining, body: body)
                case .bodyToClose: try deliver(rest, body: body)
                case .chunkData(let remaining): try feedChunkData(rest, remaining: remaining, body: body)
                case .chunkLine, .chunkEnd, .trailers: try feedFraming(rest)
                case .complete: 0
                }
            offset += taken
        }
        return isComplete ? .complete(consumed: offset) : .incomplete
    }

    /// Takes bytes up to the end of the final head at most, so that its fields can be read before the body comes;
    /// returns how many it took.
    package mutating func feedHead(upTo bytes: UnsafeRawBufferPointer) throws(WireError) -> Int {
        var offset = 0
        while offset < bytes.count, !hasHead {
            offset += try feedHead(UnsafeRawBufferPointer(rebasing: bytes[offset...]))
        }
        return offset
    }

    /// Takes the peer's end of the stream: the regular end of a body without length, an error anywhere else.
    package mutating func finish() throws(WireError) {
        switch state {
        case .complete: return
        case .bodyToClose: state = .complete
        case .statusLine where position == 0: throw WireError(.closedBeforeResponse, at: 0)
        case .statusLine, .fields: throw WireError(.closedInHead, at: position)
        default: throw WireError(.closedInBody, at: position)
        }
    }

    mutating func forgetHead() {
        response.forget()
        lineStart = 0
        contentLength = nil
        isChunked = false
        connectionClose = false
        connectionKeepAlive = false
    }
}
