#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Finds bytes in bytes.
enum ByteSearch {
    /// Whether the needle stands somewhere in the haystack; an empty one always does.
    static func contains(_ haystack: UnsafeRawBufferPointer, _ needle: UnsafeRawBufferPointer) -> Bool {
        guard let first = needle.first, let needleStart = needle.baseAddress else { return true }
        guard var start = haystack.baseAddress, haystack.count >= needle.count else { return false }
        let last = start + (haystack.count - needle.count)
        while start <= last, let hit = memchr(start, Int32(first), last - start + 1) {
            if memcmp(hit, needleStart, needle.count) == 0 { return true }
            start = UnsafeRawPointer(hit) + 1
        }
        return false
    }
}
