#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Bytes being written, in memory that grows and is then kept.
final class RenderBuffer {
    private var base: UnsafeMutableRawPointer
    private var capacity: Int
    private(set) var count = 0

    init(capacity: Int = 4096) {
        self.capacity = max(64, capacity)
        base = UnsafeMutableRawPointer.allocate(byteCount: self.capacity, alignment: 16)
    }

    deinit { base.deallocate() }

    /// What has been written; valid until the next write.
    var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: base, count: count) }

    @inline(__always)
    func removeAll() { count = 0 }

    @inline(__always)
    func append(_ bytes: UnsafeRawBufferPointer) {
        guard let source = bytes.baseAddress else { return }
        reserve(bytes.count)
        memcpy(base + count, source, bytes.count)
        count += bytes.count
    }

    @inline(__always)
    func append(_ bytes: [UInt8]) { bytes.withUnsafeBytes { append($0) } }

    @inline(__always)
    func append(_ text: StaticString) {
        append(UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    @inline(__always)
    func append(_ byte: UInt8) {
        reserve(1)
        base.storeBytes(of: byte, toByteOffset: count, as: UInt8.self)
        count += 1
    }

    /// Writes a number in decimal digits.
    func append(decimal value: UInt64) {
        reserve(20)
        var digits = 1
        var left = value / 10
        while left > 0 {
            digits += 1
            left /= 10
        }
        var rest = value
        for offset in stride(from: count + digits - 1, through: count, by: -1) {
            base.storeBytes(of: UInt8(0x30 + rest % 10), toByteOffset: offset, as: UInt8.self)
            rest /= 10
        }
        count += digits
    }

    /// Writes bytes in base64 with padding (RFC 4648, section 4).
    func append(base64 bytes: UnsafeRawBufferPointer) {
        reserve((bytes.count + 2) / 3 * 4)
        var index = 0
        while index < bytes.count {
            let left = min(3, bytes.count - index)
            var group: UInt32 = 0
            for offset in 0..<3 { group = group << 8 | (offset < left ? UInt32(bytes[index + offset]) : 0) }
            for offset in 0..<4 {
                let isPadding = offset > left
                append(isPadding ? 0x3D : Self.base64Digit(UInt8(group >> UInt32(18 - 6 * offset) & 63)))
            }
            index += 3
        }
    }

    private static func base64Digit(_ value: UInt8) -> UInt8 {
        switch value {
        case 0..<26: value + 0x41
        case 26..<52: value - 26 + 0x61
        case 52..<62: value - 52 + 0x30
        case 62: 0x2B
        default: 0x2F
        }
    }

    /// Writes a number in 16 hexadecimal digits.
    func append(hexadecimal value: UInt64) {
        reserve(16)
        let high = Self.hexadecimal(UInt32(truncatingIfNeeded: value >> 32))
        let low = Self.hexadecimal(UInt32(truncatingIfNeeded: value))
        base.storeBytes(of: high.bigEndian, toByteOffset: count, as: UInt64.self)
        base.storeBytes(of: low.bigEndian, toByteOffset: count + 8, as: UInt64.self)
        count += 16
    }

    /// Eight digits at once: every nibble is spread into a byte of its own, then made a digit or a letter.
    @inline(__always)
    private static func hexadecimal(_ value: UInt32) -> UInt64 {
        var spread = UInt64(value)
        spread = (spread << 16 | spread) & 0x0000_FFFF_0000_FFFF
        spread = (spread << 8 | spread) & 0x00FF_00FF_00FF_00FF
        spread = (spread << 4 | spread) & 0x0F0F_0F0F_0F0F_0F0F
        let letters = (spread &+ 0x0606_0606_0606_0606) >> 4 & 0x0101_0101_0101_0101
        return spread &+ 0x3030_3030_3030_3030 &+ letters &* 0x27
    }

    @inline(__always)
    private func reserve(_ extra: Int) {
        if capacity - count < extra { grow(extra) }
    }

    private func grow(_ extra: Int) {
        capacity = max(capacity * 2, count + extra)
        let larger = UnsafeMutableRawPointer.allocate(byteCount: capacity, alignment: 16)
        larger.copyMemory(from: base, byteCount: count)
        base.deallocate()
        base = larger
    }
}
