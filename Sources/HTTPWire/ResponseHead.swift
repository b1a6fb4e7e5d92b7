/// The head of a response and how much of its body came, whichever version of HTTP brought it.
///
/// Its buffers grow once and are kept for the next response.
package struct ResponseHead: Sendable {
    struct Field: Sendable {
        private let nameStart: UInt32
        private let nameCount: UInt32
        private let valueStart: UInt32
        private let valueCount: UInt32
        /// What the field means in HTTP/2; fields of HTTP/1.1 are all plain.
        let kind: FieldKind

        @inline(__always)
        init(name: Range<Int>, value: Range<Int>, kind: FieldKind = .plain) {
            nameStart = UInt32(name.lowerBound)
            nameCount = UInt32(name.count)
            valueStart = UInt32(value.lowerBound)
            valueCount = UInt32(value.count)
            self.kind = kind
        }

        /// Where the name lies in ``ResponseHead/bytes``.
        @inline(__always) var name: Range<Int> { Int(nameStart)..<Int(nameStart) + Int(nameCount) }
        @inline(__always) var value: Range<Int> { Int(valueStart)..<Int(valueStart) + Int(valueCount) }
    }

    /// The bytes the fields lie in, of the current interim or final response; nothing of the body.
    var bytes: [UInt8] = []
    var fields: [Field] = []
    /// How many fields stand before the response's own: the pseudo-header field of HTTP/2.
    var hiddenFields = 0

    /// The status of the response, 0 before it is read.
    package internal(set) var status = 0
    /// Bytes of the body so far, without their framing.
    package internal(set) var bodyBytes: UInt64 = 0

    /// Whether there is a `Set-Cookie` field.
    package private(set) var setsCookies = false
    /// Whether there is a `Content-Encoding` field.
    package private(set) var hasContentEncoding = false

    package init() {
        bytes.reserveCapacity(1024)
        fields.reserveCapacity(32)
    }

    /// Forgets the head, not the count of the body's bytes.
    @inline(__always)
    mutating func forget() {
        bytes.removeAll(keepingCapacity: true)
        fields.removeAll(keepingCapacity: true)
        hiddenFields = 0
        status = 0
        setsCookies = false
        hasContentEncoding = false
    }

    /// Adds a field, which lies in ``bytes`` or will.
    @inline(__always)
    mutating func append(_ field: Field, name: UnsafeRawBufferPointer) {
        fields.append(field)
        // Names of other lengths can be neither.
        if name.count == 10 || name.count == 16 { note(name) }
    }

    /// Adds a field, which lies in ``bytes``.
    mutating func append(_ field: Field) {
        fields.append(field)
        guard field.name.count == 10 || field.name.count == 16 else { return }
        let (cookie, encoding) = bytes.withUnsafeBytes { bytes in
            let name = UnsafeRawBufferPointer(rebasing: bytes[field.name])
            return (
                Octets.equals(name, ignoringCase: "set-cookie"), Octets.equals(name, ignoringCase: "content-encoding")
            )
        }
        if cookie { setsCookies = true }
        if encoding { hasContentEncoding = true }
    }

    private mutating func note(_ name: UnsafeRawBufferPointer) {
        if Octets.equals(name, ignoringCase: "set-cookie") { setsCookies = true }
        if Octets.equals(name, ignoringCase: "content-encoding") { hasContentEncoding = true }
    }

    /// Bytes of the head; of HTTP/2, of what it is decoded to.
    package var size: Int { bytes.count }

    /// How many header fields the response has.
    package var fieldCount: Int { fields.count - hiddenFields }

    /// Calls `body` with name and value of every header field, in order, without copying them.
    package func forEachField(_ body: (_ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) -> Void) {
        bytes.withUnsafeBytes { bytes in
            for field in fields[hiddenFields...] {
                body(
                    UnsafeRawBufferPointer(rebasing: bytes[field.name]),
                    UnsafeRawBufferPointer(rebasing: bytes[field.value])
                )
            }
        }
    }

    /// Calls `body` with the values of all fields of that name until it returns something.
    ///
    /// `name` is given in small ASCII letters.
    package func firstValue<Result>(
        named name: [UInt8], _ body: (UnsafeRawBufferPointer) -> Result?
    ) -> Result? {
        bytes.withUnsafeBytes { bytes in
            for field in fields[hiddenFields...] where field.name.count == name.count {
                let start = field.name.lowerBound
                var same = true
                for offset in 0..<name.count where Octets.lowercased(bytes[start + offset]) != name[offset] {
                    same = false
                    break
                }
                guard same else { continue }
                if let result = body(UnsafeRawBufferPointer(rebasing: bytes[field.value])) { return result }
            }
            return nil
        }
    }

    /// The first field of that name as a text, for callers off the hot path; bytes that are not UTF-8 are replaced.
    package func value(named name: String) -> String? {
        firstValue(named: name.utf8.map(Octets.lowercased)) { String(decoding: $0, as: UTF8.self) }
    }

    /// A length in decimal digits that fits 63 bits.
    static func decimal(_ bytes: UnsafeRawBufferPointer) -> UInt64? {
        guard !bytes.isEmpty, bytes.count <= 19 else { return nil }
        var value: UInt64 = 0
        for byte in bytes {
            guard Octets.isDigit(byte) else { return nil }
            value = value * 10 + UInt64(byte - 0x30)
        }
        return value <= UInt64(Int64.max) ? value : nil
    }
}
