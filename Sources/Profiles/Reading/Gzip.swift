internal import CZlib

/// Decompression of what a stranger sent.
package enum Gzip {
    /// A profiling endpoint compresses once; a proxy before it may do so again.
    static let layers = 2

    /// Whether bytes begin like a gzip file.
    package static func isGzip(_ bytes: [UInt8]) -> Bool {
        bytes.count >= 2 && bytes[0] == 0x1f && bytes[1] == 0x8b
    }

    /// The content of gzip bytes, of one layer or two, each of one member or several.
    ///
    /// The output never exceeds the limits, not even for a moment. The ratio is taken against the bytes given here,
    /// over both layers, so that nesting gains a bomb nothing.
    package static func inflate(
        _ bytes: [UInt8],
        limits: ProfileLimits = .standard
    ) throws(ProfileError) -> [UInt8] {
        guard isGzip(bytes) else { throw bytes.isEmpty ? .empty : .notGzip }
        guard bytes.count <= limits.compressedBytes else {
            throw .limit(.compressedBytes, allowed: limits.compressedBytes)
        }
        let byRatio = bytes.count.multipliedReportingOverflow(by: limits.expansionRatio)
        let ratioCap = max(limits.ratioFreeBytes, byRatio.overflow ? .max : byRatio.partialValue)
        let overflow: ProfileError =
            ratioCap < limits.rawBytes
            ? .limit(.expansionRatio, allowed: limits.expansionRatio) : .limit(.rawBytes, allowed: limits.rawBytes)
        var content = bytes
        for _ in 0..<layers {
            content = try inflateLayer(content, cap: min(ratioCap, limits.rawBytes), overflow: overflow)
            if !isGzip(content) { return content }
        }
        throw .gzipLayers(allowed: layers)
    }

    /// The content of gzip bytes, and any other bytes as they are.
    package static func inflateIfNeeded(
        _ bytes: [UInt8],
        limits: ProfileLimits = .standard
    ) throws(ProfileError) -> [UInt8] {
        if isGzip(bytes) { return try inflate(bytes, limits: limits) }
        guard bytes.count <= limits.rawBytes else { throw .limit(.rawBytes, allowed: limits.rawBytes) }
        return bytes
    }

    private static func inflateLayer(
        _ input: [UInt8],
        cap: Int,
        overflow: ProfileError
    ) throws(ProfileError) -> [UInt8] {
        let inflater = Inflater()
        // The last four bytes say how much the last member holds. They are only a hint, so a lie costs at most the
        // largest expansion that deflate can have.
        let hint = input.suffix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
        let plausible = min(hint, input.count.multipliedReportingOverflow(by: 1040).partialValue)
        // One byte more than the cap, so that output of exactly the cap still ends.
        var capacity = min(max(plausible + 1, 4096), cap + 1)
        var output: [UInt8] = []
        while true {
            let previous = output
            let step: Inflater.Step
            (output, step) = inflater.fill(from: input, extending: previous, to: capacity)
            if output.count > cap { throw overflow }
            switch step {
            case .full:
                capacity = min(capacity.multipliedReportingOverflow(by: 2).partialValue, cap + 1)
            case .end:
                return output
            case .truncated:
                throw .gzipTruncated(offset: inflater.consumed)
            case .corrupt:
                throw .gzipCorrupt(offset: inflater.consumed)
            case .trailing:
                throw .gzipTrailingBytes(offset: inflater.consumed)
            }
        }
    }
}

/// One run of zlib over one array of bytes.
private final class Inflater {
    enum Step { case full, end, truncated, corrupt, trailing }

    /// At one address for life, because zlib keeps a pointer back to it.
    private let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    private let ready: Bool
    private(set) var consumed = 0

    init() {
        stream.initialize(to: z_stream())
        // 16 asks for the gzip format, 15 for the largest window.
        ready = inflateInit2_(stream, 16 + 15, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK
    }

    deinit {
        if ready { inflateEnd(stream) }
        stream.deallocate()
    }

    /// The earlier output and, after it, as much more as fits into `capacity`.
    func fill(from input: [UInt8], extending earlier: [UInt8], to capacity: Int) -> ([UInt8], Step) {
        var step = Step.corrupt
        let output = [UInt8](unsafeUninitializedCapacity: capacity) { buffer, count in
            count = earlier.count
            guard let target = buffer.baseAddress else { return }
            earlier.withUnsafeBufferPointer { source in
                if let start = source.baseAddress { target.update(from: start, count: source.count) }
            }
            guard ready else { return }
            step = input.withUnsafeBufferPointer { source in
                run(source, into: target, count: &count, capacity: capacity)
            }
        }
        return (output, step)
    }

    private func run(
        _ source: UnsafeBufferPointer<UInt8>,
        into target: UnsafeMutablePointer<UInt8>,
        count: inout Int,
        capacity: Int
    ) -> Step {
        guard let start = source.baseAddress else { return .truncated }
        while true {
            if count == capacity { return .full }
            // zlib counts in 32 bits.
            let given = min(source.count - consumed, 1 << 30)
            let room = min(capacity - count, 1 << 30)
            stream.pointee.next_in = UnsafeMutablePointer(mutating: start + consumed)
            stream.pointee.avail_in = UInt32(given)
            stream.pointee.next_out = target + count
            stream.pointee.avail_out = UInt32(room)
            let status = CZlib.inflate(stream, Z_NO_FLUSH)
            let taken = given - Int(stream.pointee.avail_in)
            let made = room - Int(stream.pointee.avail_out)
            consumed += taken
            count += made
            switch status {
            case Z_STREAM_END:
                if consumed == source.count { return .end }
                guard source.count - consumed >= 2, start[consumed] == 0x1f, start[consumed + 1] == 0x8b,
                    inflateReset(stream) == Z_OK
                else { return .trailing }
            case Z_OK:
                if taken == 0 && made == 0 { return .truncated }
            case Z_BUF_ERROR:
                if consumed == source.count { return .truncated }
                if made == 0 && taken == 0 && count < capacity { return .corrupt }
            default:
                return .corrupt
            }
        }
    }
}
