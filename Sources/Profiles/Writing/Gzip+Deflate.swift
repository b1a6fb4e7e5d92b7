internal import CZlib

extension Gzip {
    /// What is written around deflated bytes: one gzip member (RFC 1952), or the two bytes and the checksum of RFC 1950.
    package enum Wrapper {
        case gzip
        case zlib
    }

    /// Bytes as one gzip member, or as a zlib stream.
    ///
    /// Equal bytes give equal bytes: zlib writes neither a time nor a name unless it is asked to.
    package static func deflate(_ content: [UInt8], in wrapper: Wrapper = .gzip) -> [UInt8] {
        // At one address for life, because zlib keeps a pointer back to it.
        let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
        stream.initialize(to: z_stream())
        defer { stream.deallocate() }
        // 16 asks for the gzip format, 15 for the largest window, 8 for the usual memory.
        let window: Int32 = wrapper == .gzip ? 16 + 15 : 15
        let status = deflateInit2_(
            stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, window, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
            Int32(MemoryLayout<z_stream>.size))
        // It fails only where memory is gone, and there nothing in this language goes on.
        precondition(status == Z_OK, "zlib gave \(status)")
        defer { deflateEnd(stream) }
        let room = Int(deflateBound(stream, UInt(content.count))) + 64
        return [UInt8](unsafeUninitializedCapacity: room) { buffer, count in
            content.withUnsafeBufferPointer { source in
                guard let target = buffer.baseAddress else { return }
                count = run(stream, source, into: target, room: room)
            }
        }
    }

    private static func run(
        _ stream: UnsafeMutablePointer<z_stream>,
        _ source: UnsafeBufferPointer<UInt8>,
        into target: UnsafeMutablePointer<UInt8>,
        room: Int
    ) -> Int {
        var taken = 0
        var made = 0
        while true {
            // zlib counts in 32 bits.
            let given = min(source.count - taken, 1 << 30)
            let space = min(room - made, 1 << 30)
            stream.pointee.next_in = UnsafeMutablePointer(mutating: source.baseAddress.map { $0 + taken })
            stream.pointee.avail_in = UInt32(given)
            stream.pointee.next_out = target + made
            stream.pointee.avail_out = UInt32(space)
            let status = CZlib.deflate(stream, taken + given == source.count ? Z_FINISH : Z_NO_FLUSH)
            taken += given - Int(stream.pointee.avail_in)
            made += space - Int(stream.pointee.avail_out)
            if status == Z_STREAM_END { return made }
            precondition(status == Z_OK, "zlib gave \(status)")
        }
    }
}
