import CZlib

/// Decodes the compressed bodies of one user's responses, one after another, in memory that is made once.
final class BodyDecoder {
    enum Coding {
        /// RFC 1952, of one member or several.
        case gzip
        /// RFC 1950; without its frame it is refused, as RFC 9110 has it.
        case deflate

        /// What zlib calls the format together with the largest window.
        fileprivate var windowBits: Int32 { self == .gzip ? 16 + 15 : 15 }
        fileprivate var name: String { self == .gzip ? "gzip" : "deflate" }
    }

    private static let pieceBytes = 16 * 1024

    /// At one address for life, because zlib keeps a pointer back to it.
    private let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    private let piece = UnsafeMutablePointer<UInt8>.allocate(capacity: pieceBytes)
    private var isReady = false
    private var coding = Coding.gzip
    private var limit: UInt64 = 0
    private var hasBegun = false
    /// Whether a member has ended and none has begun since.
    private var isBetween = false
    private var reason: String?
    /// Bytes of the body so far, decoded.
    private(set) var count: UInt64 = 0

    init() { stream.initialize(to: z_stream()) }

    deinit {
        if isReady { inflateEnd(stream) }
        stream.deallocate()
        piece.deallocate()
    }

    /// Makes the decoder ready for another body; of one that has more than `limit` bytes the rest is not decoded.
    func begin(_ coding: Coding, limit: UInt64) {
        self.coding = coding
        self.limit = limit
        hasBegun = false
        isBetween = false
        reason = nil
        count = 0
        let status =
            isReady
            ? inflateReset2(stream, coding.windowBits)
            : inflateInit2_(stream, coding.windowBits, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        isReady = isReady || status == Z_OK
        if status != Z_OK { reason = "the \(coding.name) body cannot be decoded: no memory" }
    }

    /// Takes bytes as they came; `body` is given what they decode to, never more than the limit in all.
    func feed(_ bytes: UnsafeRawBufferPointer, _ body: (UnsafeRawBufferPointer) -> Void) {
        // zlib counts in 32 bits.
        var rest = bytes
        while !rest.isEmpty {
            let part = UnsafeRawBufferPointer(rebasing: rest.prefix(1 << 30))
            feed(part: part, body)
            rest = UnsafeRawBufferPointer(rebasing: rest[part.count...])
        }
    }

    private func feed(part: UnsafeRawBufferPointer, _ body: (UnsafeRawBufferPointer) -> Void) {
        guard let start = part.bindMemory(to: UInt8.self).baseAddress else { return }
        hasBegun = true
        stream.pointee.next_in = UnsafeMutablePointer(mutating: start)
        stream.pointee.avail_in = UInt32(part.count)
        while reason == nil {
            if isBetween {
                if stream.pointee.avail_in == 0 { return }
                guard coding == .gzip, stream.pointee.next_in.pointee == 0x1F, inflateReset(stream) == Z_OK else {
                    reason = "bytes follow the end of the \(coding.name) body"
                    return
                }
                isBetween = false
            }
            stream.pointee.next_out = piece
            stream.pointee.avail_out = UInt32(Self.pieceBytes)
            let status = CZlib.inflate(stream, Z_NO_FLUSH)
            let made = Self.pieceBytes - Int(stream.pointee.avail_out)
            count += UInt64(made)
            if count > limit {
                reason = "the decoded body is larger than \(limit) bytes"
                return
            }
            if made > 0 { body(UnsafeRawBufferPointer(start: piece, count: made)) }
            switch status {
            case Z_STREAM_END: isBetween = true
            case Z_OK: if stream.pointee.avail_in == 0, stream.pointee.avail_out > 0 { return }
            case Z_BUF_ERROR: return
            default:
                let words = stream.pointee.msg.map { String(cString: $0) } ?? "corrupt"
                reason = "the \(coding.name) body cannot be decoded: \(words)"
            }
        }
    }

    /// Why the body that has ended was not a whole and sound one; an empty one has nothing to decode.
    func failure() -> String? {
        if reason == nil, hasBegun, !isBetween { return "the \(coding.name) body is cut short" }
        return reason
    }
}
