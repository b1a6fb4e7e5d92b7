/// What came of the bytes of a connection; a slot is the caller's number for one request.
package enum HTTP2Event {
    /// The peer has said what it allows; there may be more ``HTTP2Session/room`` than before.
    case settings
    /// The final head of a response is complete and can be read with ``HTTP2Session/subscript(_:)``.
    case head(slot: Int)
    /// A piece of a body, without its framing; it lies in the bytes that were fed.
    case body(slot: Int, UnsafeRawBufferPointer)
    /// A response has ended as it should; the slot is free, and the response stands until the slot is used again.
    case end(slot: Int)
    /// A request has failed alone; the slot is free.
    case failed(slot: Int, HTTP2Error)
    /// The peer takes no more requests and will not look at streams after the one named.
    case goAway(lastStream: UInt32, HTTP2Reason)
}

/// What became of a request.
package enum HTTP2Admission: Sendable, Equatable {
    /// It is on its way, on this stream.
    case opened(stream: UInt32)
    /// As many requests are open as the peer allows; ask again once one has ended or the peer's settings change.
    case full
    /// The connection takes no more: the peer said so, it failed, or its stream identifiers are used up.
    case closing
    /// The bytes are not a request: no request line, or a head without an end.
    case malformed
}
