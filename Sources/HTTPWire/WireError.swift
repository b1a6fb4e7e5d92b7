/// Why bytes are not an acceptable HTTP/1.1 response, and where.
package struct WireError: Error, Sendable, Equatable {
    package var code: Code
    /// Bytes from the start of the response (its first interim head included) to the place of the error.
    package var position: UInt64

    package init(_ code: Code, at position: UInt64) {
        self.code = code
        self.position = position
    }

    package enum Code: Sendable, Equatable {
        case malformedStatusLine
        /// Neither HTTP/1.0 nor HTTP/1.1.
        case unsupportedVersion
        case headTooLarge(limit: Int)
        case tooManyFields(limit: Int)
        case malformedFieldName
        case malformedFieldValue
        /// A field continued on the next line, which intermediaries read differently.
        case foldedField
        /// A line that ends with LF alone, which intermediaries read differently.
        case bareLineFeed
        case malformedLength
        case conflictingLengths
        case bothLengthAndCoding
        /// A transfer coding other than exactly one `chunked`, or any in HTTP/1.0.
        case unsupportedTransferCoding
        case malformedChunkSize
        case chunkSizeTooLong(limit: Int)
        case chunkLineTooLong(limit: Int)
        case malformedChunkEnd
        case trailersTooLarge(limit: Int)
        /// `Content-Length` or `Transfer-Encoding` after the body whose end they would decide.
        case framingInTrailers
        case bodyTooLarge(limit: UInt64)
        case tooManyInterimResponses(limit: Int)
        /// Status 101 although no upgrade was asked for.
        case switchedProtocols
        case surplusBytes(Int)
        case closedBeforeResponse
        case closedInHead
        case closedInBody
    }
}

extension WireError: CustomStringConvertible {
    /// The error in one sentence without its final stop.
    package var description: String {
        switch code {
        case .surplusBytes, .closedBeforeResponse, .bodyTooLarge: sentence
        default: "\(sentence) (at byte \(position))"
        }
    }

    private var sentence: String {
        switch code {
        case .malformedStatusLine: "the response does not begin with an HTTP status line"
        case .unsupportedVersion: "the response is neither HTTP/1.0 nor HTTP/1.1"
        case .headTooLarge(let limit): "the response head is larger than \(limit) bytes"
        case .tooManyFields(let limit): "the response has more than \(limit) header fields"
        case .malformedFieldName: "a header field's name is malformed"
        case .malformedFieldValue: "a header field's value has a forbidden control character"
        case .foldedField: "a header field is continued on the next line, which is obsolete and ambiguous"
        case .bareLineFeed: "a line ends with LF alone instead of CR LF"
        case .malformedLength: "Content-Length is not a number"
        case .conflictingLengths: "the response has two different Content-Length fields"
        case .bothLengthAndCoding: "the response has both Content-Length and Transfer-Encoding"
        case .unsupportedTransferCoding: "Transfer-Encoding is not exactly \"chunked\""
        case .malformedChunkSize: "a chunk's size is not a hexadecimal number"
        case .chunkSizeTooLong(let limit): "a chunk's size has more than \(limit) digits"
        case .chunkLineTooLong(let limit): "a chunk's size line is longer than \(limit) bytes"
        case .malformedChunkEnd: "a chunk does not end with CR LF"
        case .trailersTooLarge(let limit): "the trailers are larger than \(limit) bytes"
        case .framingInTrailers: "a trailer is Content-Length or Transfer-Encoding, which must stand before the body"
        case .bodyTooLarge(let limit): "the body is larger than \(limit) bytes"
        case .tooManyInterimResponses(let limit): "more than \(limit) interim responses came before the response"
        case .switchedProtocols: "the service switched protocols, which was not asked for"
        case .surplusBytes(let count): "\(count) byte\(count == 1 ? "" : "s") came after the end of the response"
        case .closedBeforeResponse: "connection closed before a response"
        case .closedInHead: "connection closed in the response head"
        case .closedInBody: "connection closed in the response body"
        }
    }
}
