import CZlib

enum GzipWriter {
    /// The bytes as one gzip member.
    static func compress(_ bytes: [UInt8]) -> [UInt8] {
        var stream = z_stream()
        deflateInit2_(&stream, 9, Z_DEFLATED, 16 + 15, 8, 0, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        var input = bytes
        let room = Int(deflateBound(&stream, UInt(bytes.count))) + 64
        deflateEnd(&stream)
        return [UInt8](unsafeUninitializedCapacity: room) { buffer, count in
            let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
            stream.initialize(to: z_stream())
            deflateInit2_(stream, 9, Z_DEFLATED, 16 + 15, 8, 0, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
            input.withUnsafeMutableBufferPointer {
                stream.pointee.next_in = $0.baseAddress
                stream.pointee.avail_in = UInt32($0.count)
                stream.pointee.next_out = buffer.baseAddress
                stream.pointee.avail_out = UInt32(room)
                deflate(stream, Z_FINISH)
            }
            count = room - Int(stream.pointee.avail_out)
            deflateEnd(stream)
            stream.deallocate()
        }
    }
}
