/// Why a stream or a whole connection of HTTP/2 failed, and where.
package struct HTTP2Error: Error, Sendable, Equatable {
    package var code: Code
    /// The stream it happened on, 0 for the connection itself.
    package var stream: UInt32
    /// Bytes the peer had sent before the frame at fault.
    package var position: UInt64

    package init(_ code: Code, stream: UInt32 = 0, at position: UInt64) {
        self.code = code
        self.stream = stream
        self.position = position
    }

    package enum Code: Sendable, Equatable {
        // The connection.

        /// The peer answers in HTTP/1.
        case speaksHTTP1
        case settingsNotFirst(HTTP2FrameKind)
        case frameTooLarge(Int, limit: Int)
        /// A frame of a length its type cannot have.
        case malformedFrame(HTTP2FrameKind)
        /// A frame of the connection on a stream, or the other way around.
        case misplacedFrame(HTTP2FrameKind)
        /// A frame on a stream that nobody opened.
        case idleStream(HTTP2FrameKind)
        /// A frame after the end of its stream.
        case endedStream(HTTP2FrameKind)
        case paddingTooLong(HTTP2FrameKind)
        /// A frame between the pieces of a header block.
        case interruptedHeaders(HTTP2FrameKind)
        case strayContinuation
        case promisedPush
        case forbiddenSetting(id: UInt16, value: UInt32)
        case compression(HPACKError)
        case headerBlockTooLarge(limit: Int)
        case tooManyContinuations(limit: Int)
        /// So many frames that brought nothing forward; the last one's type.
        case idleFrames(HTTP2FrameKind, limit: Int)
        case raisedGoAway
        case closedInFrame
        case closedBeforeEnd

        // The connection or a stream.

        /// More data than the window allowed.
        case windowExceeded
        case windowOverflow
        case windowUpdateOfZero

        // A stream.

        case reset(HTTP2Reason)
        /// The peer ended the connection and will not look at the request.
        case unprocessed(HTTP2Reason)
        case headTooLarge(limit: Int)
        case tooManyFields(limit: Int)
        case malformedFieldName
        case upperCaseFieldName
        case malformedFieldValue
        case connectionField
        case unknownPseudoField
        case repeatedStatus
        case missingStatus
        case malformedStatus
        case switchedProtocols
        /// An interim response that ends its stream.
        case interimEnd
        case tooManyInterimResponses(limit: Int)
        case unfinishedTrailers
        case pseudoFieldInTrailers
        case malformedLength
        case conflictingLengths
        /// A body of another length than its head says.
        case wrongLength(UInt64, announced: UInt64)
        case bodyBeforeHead
        /// A body where the method or the status forbids one.
        case forbiddenBody
    }

    /// Whether the peer promises not to have looked at the request, so that it may be sent again on another
    /// connection, whatever its method (RFC 9113, section 8.7).
    package var isUnprocessed: Bool {
        switch code {
        case .unprocessed, .reset(.refusedStream): true
        default: false
        }
    }

    /// What the peer is told.
    package var reason: HTTP2Reason {
        switch code {
        case .frameTooLarge, .malformedFrame: .frameSizeError
        case .endedStream: .streamClosed
        case .forbiddenSetting(HTTP2Frame.Setting.initialWindowSize, _), .windowExceeded, .windowOverflow:
            .flowControlError
        case .compression: .compressionError
        case .headerBlockTooLarge, .tooManyContinuations, .idleFrames, .headTooLarge, .tooManyFields,
            .tooManyInterimResponses:
            .enhanceYourCalm
        case .reset(let reason), .unprocessed(let reason): reason
        default: .protocolError
        }
    }
}

extension HTTP2Error: CustomStringConvertible {
    /// The error in one sentence without its final stop, and without its place and stream: they are others every time,
    /// and what fails in the same way is counted together.
    package var description: String {
        switch code {
        case .speaksHTTP1: "the service answers in HTTP/1, not HTTP/2"
        case .settingsNotFirst(let kind): "the connection begins with a frame \(kind) instead of SETTINGS"
        case .frameTooLarge(let size, let limit): "a frame of \(size) bytes is larger than \(limit) bytes"
        case .malformedFrame(let kind): "a frame \(kind) has a length it cannot have"
        case .misplacedFrame(let kind): "a frame \(kind) is on a stream where it cannot be"
        case .idleStream(let kind): "a frame \(kind) is on a stream that was never opened"
        case .endedStream(let kind): "a frame \(kind) came after the end of its stream"
        case .paddingTooLong(let kind): "the padding of a frame \(kind) is longer than the frame"
        case .interruptedHeaders(let kind): "a frame \(kind) came between the pieces of a head"
        case .strayContinuation: "a frame CONTINUATION continues nothing"
        case .promisedPush: "the service pushes although that was switched off"
        case .forbiddenSetting(let id, let value): "setting \(id) cannot be \(value)"
        case .compression(let error): "the header fields cannot be decoded: \(error)"
        case .headerBlockTooLarge(let limit): "the header fields are larger than \(limit) bytes"
        case .tooManyContinuations(let limit): "a head has more than \(limit) frames CONTINUATION"
        case .idleFrames(let kind, let limit):
            "more than \(limit) frames in a row brought nothing forward, the last of them \(kind)"
        case .raisedGoAway: "a second GOAWAY names a later stream than the first"
        case .closedInFrame: "connection closed in a frame"
        case .closedBeforeEnd: "connection closed before the end of a response"
        case .windowExceeded: "the service sent more data than the window allows"
        case .windowOverflow: "a window is made larger than 2147483647 bytes"
        case .windowUpdateOfZero: "a window is made larger by nothing"
        case .reset(let reason): "the service reset the stream (\(reason))"
        case .unprocessed(let reason): "the service ended the connection before it saw the request (\(reason))"
        case .headTooLarge(let limit): "the response head is larger than \(limit) bytes"
        case .tooManyFields(let limit): "the response has more than \(limit) header fields"
        case .malformedFieldName: "a header field's name is malformed"
        case .upperCaseFieldName: "a header field's name has capitals"
        case .malformedFieldValue: "a header field's value has a forbidden control character or a blank at its ends"
        case .connectionField: "the response has a header field that HTTP/2 forbids"
        case .unknownPseudoField: "the response has a pseudo-header field other than :status, or has it too late"
        case .repeatedStatus: "the response has more than one :status"
        case .missingStatus: "the response has no :status"
        case .malformedStatus: "the response's :status is not a number from 100 to 999"
        case .switchedProtocols: "the service switched protocols, which was not asked for"
        case .interimEnd: "the response ends with an interim head"
        case .tooManyInterimResponses(let limit): "more than \(limit) interim responses came before the response"
        case .unfinishedTrailers: "trailers do not end the response"
        case .pseudoFieldInTrailers: "the trailers have a pseudo-header field"
        case .malformedLength: "Content-Length is not a number"
        case .conflictingLengths: "the response has two different Content-Length fields"
        case .wrongLength(let length, let announced):
            "the body has \(length) bytes or more, Content-Length says \(announced)"
        case .bodyBeforeHead: "a body came before its head"
        case .forbiddenBody: "a response that cannot have a body has one"
        }
    }
}
