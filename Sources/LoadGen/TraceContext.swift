/// The ids of one exchange as W3C `traceparent` carries them, made from the seed and the exchange's number.
struct TraceContext: Sendable, Equatable {
    let high: UInt64
    let low: UInt64
    let span: UInt64

    /// The ids for the exchange; every redirect it follows has the same trace and another span.
    init(seed: UInt64, exchange: UInt64, hop: Int) {
        high = mixed(seed ^ 0x7065_7266_6761_7465)
        // Only an all-zero id is invalid, and the odd numbers keep clear of it.
        low = mixed(exchange &+ seed) | 1
        span = mixed(exchange << 8 &+ UInt64(truncatingIfNeeded: hop)) | 1
    }

    /// What follows `00-` in the header: `<trace id>-<span id>-01`.
    func write(to buffer: RenderBuffer) {
        buffer.append(hexadecimal: high)
        buffer.append(hexadecimal: low)
        buffer.append(0x2D)
        buffer.append(hexadecimal: span)
        buffer.append(0x2D)
        buffer.append(0x30)
        buffer.append(0x31)
    }

    /// The 32 digits of the trace id.
    var traceID: String {
        let buffer = RenderBuffer()
        buffer.append(hexadecimal: high)
        buffer.append(hexadecimal: low)
        return String(decoding: buffer.bytes, as: UTF8.self)
    }
}
