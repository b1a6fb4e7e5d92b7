/// Bytes waiting to be sent, in memory that grows and is then kept.
struct WireBuffer: ~Copyable {
    private var base: UnsafeMutableRawPointer
    private var capacity: Int
    private var start = 0
    /// One beyond the last byte written.
    private var end = 0

    init(capacity: Int) {
        self.capacity = capacity
        base = .allocate(byteCount: capacity, alignment: 16)
    }

    deinit { base.deallocate() }

    @inline(__always) var count: Int { end - start }

    /// What waits; valid until the next write.
    @inline(__always) var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: base + start, count: count) }

    /// Forgets the first bytes.
    mutating func dropFirst(_ count: Int) {
        precondition(count >= 0 && count <= self.count)
        start += count
        if start == end {
            start = 0
            end = 0
        }
    }

    /// Makes sure that so many bytes can be written where this returns; ``advance(_:)`` tells how many were.
    @inline(__always)
    mutating func reserve(_ extra: Int) -> UnsafeMutableRawPointer {
        if capacity - end < extra { grow(extra) }
        return base + end
    }

    @inline(__always)
    mutating func advance(_ count: Int) { end += count }

    @inline(__always)
    mutating func append(_ byte: UInt8) {
        reserve(1).storeBytes(of: byte, as: UInt8.self)
        end += 1
    }

    @inline(__always)
    mutating func append(_ bytes: UnsafeRawBufferPointer) {
        guard let source = bytes.baseAddress else { return }
        reserve(bytes.count).copyMemory(from: source, byteCount: bytes.count)
        end += bytes.count
    }

    @inline(__always)
    mutating func append(bigEndian value: UInt32) {
        reserve(4).storeBytes(of: value.bigEndian, as: UInt32.self)
        end += 4
    }

    @inline(__always)
    mutating func append(bigEndian value: UInt16) {
        reserve(2).storeBytes(of: value.bigEndian, as: UInt16.self)
        end += 2
    }

    /// Overwrites a byte, counted from the first that waits.
    @inline(__always)
    mutating func set(_ byte: UInt8, at place: Int) {
        precondition(place >= 0 && place < count)
        base.storeBytes(of: byte, toByteOffset: start + place, as: UInt8.self)
    }

    /// Moves everything from a place on by some bytes, which are then to be set.
    mutating func openGap(of size: Int, at place: Int) {
        _ = reserve(size)
        let from = base + start + place
        (from + size).copyMemory(from: from, byteCount: count - place)
        end += size
    }

    private mutating func grow(_ extra: Int) {
        let used = count
        if capacity - used >= extra, start >= used {
            // At least as many free bytes before as there are to move.
            base.copyMemory(from: base + start, byteCount: used)
        } else {
            capacity = max(capacity * 2, used + extra)
            let larger = UnsafeMutableRawPointer.allocate(byteCount: capacity, alignment: 16)
            larger.copyMemory(from: base + start, byteCount: used)
            base.deallocate()
            base = larger
        }
        start = 0
        end = used
    }
}
