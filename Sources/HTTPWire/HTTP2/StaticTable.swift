/// The table of fields every HPACK endpoint knows (RFC 7541, appendix A), for both directions.
struct StaticTable: @unchecked Sendable {
    static let shared = StaticTable()
    static let count = 61

    struct Entry {
        /// Name, then value.
        let bytes: UnsafePointer<UInt8>
        let nameCount: Int
        let valueCount: Int
        let kind: FieldKind

        var name: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: bytes, count: nameCount) }
        var value: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: bytes + nameCount, count: valueCount) }
    }

    /// What becomes of a field of a request.
    enum Name: Equatable {
        /// The first entry of that name; 0 where there is none.
        case entry(Int)
        case host
        case te
        /// A field of the connection, which is not sent.
        case dropped
    }

    private static let fields: [(StaticString, StaticString)] = [
        (":authority", ""), (":method", "GET"), (":method", "POST"), (":path", "/"), (":path", "/index.html"),
        (":scheme", "http"), (":scheme", "https"), (":status", "200"), (":status", "204"), (":status", "206"),
        (":status", "304"), (":status", "400"), (":status", "404"), (":status", "500"), ("accept-charset", ""),
        ("accept-encoding", "gzip, deflate"), ("accept-language", ""), ("accept-ranges", ""), ("accept", ""),
        ("access-control-allow-origin", ""), ("age", ""), ("allow", ""), ("authorization", ""), ("cache-control", ""),
        ("content-disposition", ""), ("content-encoding", ""), ("content-language", ""), ("content-length", ""),
        ("content-location", ""), ("content-range", ""), ("content-type", ""), ("cookie", ""), ("date", ""),
        ("etag", ""), ("expect", ""), ("expires", ""), ("from", ""), ("host", ""), ("if-match", ""),
        ("if-modified-since", ""), ("if-none-match", ""), ("if-range", ""), ("if-unmodified-since", ""),
        ("last-modified", ""), ("link", ""), ("location", ""), ("max-forwards", ""), ("proxy-authenticate", ""),
        ("proxy-authorization", ""), ("range", ""), ("referer", ""), ("refresh", ""), ("retry-after", ""),
        ("server", ""), ("set-cookie", ""), ("strict-transport-security", ""), ("transfer-encoding", ""),
        ("user-agent", ""), ("vary", ""), ("via", ""), ("www-authenticate", ""),
    ]

    private static let droppedNames: [StaticString] = [
        "connection", "keep-alive", "proxy-connection", "upgrade", "http2-settings", "transfer-encoding",
    ]

    /// A name that a request may have, in small letters, and what it means.
    private struct Known {
        let text: StaticString
        let name: Name
    }

    private static let slots = 256
    private let entries: UnsafePointer<Entry>
    private let known: UnsafePointer<Known?>

    /// The tables live as long as the process.
    private init() {
        let entries = UnsafeMutablePointer<Entry>.allocate(capacity: Self.count + 1)
        let known = UnsafeMutablePointer<Known?>.allocate(capacity: Self.slots)
        known.initialize(repeating: nil, count: Self.slots)
        func learn(_ text: StaticString, _ name: Name) {
            let bytes = UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
            var slot = Self.slot(of: bytes)
            while let other = known[slot] {
                if Octets.equals(bytes, ignoringCase: other.text) { return }
                slot = (slot + 1) % Self.slots
            }
            known[slot] = Known(text: text, name: name)
        }
        learn("host", .host)
        learn("te", .te)
        for text in Self.droppedNames { learn(text, .dropped) }
        for (offset, (name, value)) in Self.fields.enumerated() {
            let nameCount = name.utf8CodeUnitCount
            let bytes = UnsafeMutablePointer<UInt8>.allocate(capacity: nameCount + value.utf8CodeUnitCount)
            bytes.initialize(from: name.utf8Start, count: nameCount)
            (bytes + nameCount).initialize(from: value.utf8Start, count: value.utf8CodeUnitCount)
            let kind = FieldKind(
                name: UnsafeRawBufferPointer(start: bytes, count: nameCount),
                value: UnsafeRawBufferPointer(start: bytes + nameCount, count: value.utf8CodeUnitCount)
            )
            (entries + offset + 1).initialize(
                to: Entry(bytes: bytes, nameCount: nameCount, valueCount: value.utf8CodeUnitCount, kind: kind)
            )
            learn(name, .entry(offset + 1))
        }
        self.entries = UnsafePointer(entries)
        self.known = UnsafePointer(known)
    }

    /// The entry of an index from 1 to ``count``.
    @inline(__always)
    subscript(index: Int) -> Entry { (entries + index).pointee }

    /// What becomes of a field of that name, given in any case.
    func name(_ name: UnsafeRawBufferPointer) -> Name {
        guard !name.isEmpty else { return .entry(0) }
        var slot = Self.slot(of: name)
        while let candidate = known[slot] {
            if Octets.equals(name, ignoringCase: candidate.text) { return candidate.name }
            slot = (slot + 1) % Self.slots
        }
        return .entry(0)
    }

    @inline(__always)
    private static func slot(of name: UnsafeRawBufferPointer) -> Int {
        let first = Int(Octets.lowercased(name[0]))
        let last = Int(Octets.lowercased(name[name.count - 1]))
        return (name.count &* 29 &+ first &* 5 &+ last &* 17) % slots
    }
}
