extension ResponseParser {
    /// How many header fields the response has.
    package var fieldCount: Int { fields.count }

    /// Calls `body` with name and value of every header field, in order, without copying them.
    package func forEachField(_ body: (_ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) -> Void) {
        head.withUnsafeBytes { head in
            for field in fields {
                body(
                    UnsafeRawBufferPointer(rebasing: head[field.name]),
                    UnsafeRawBufferPointer(rebasing: head[field.value])
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
        head.withUnsafeBytes { head in
            for field in fields where field.name.count == name.count {
                var same = true
                for offset in 0..<name.count
                where Octets.lowercased(head[field.name.lowerBound + offset]) != name[offset] {
                    same = false
                    break
                }
                guard same else { continue }
                if let result = body(UnsafeRawBufferPointer(rebasing: head[field.value])) { return result }
            }
            return nil
        }
    }

    /// The first field of that name as a text, for callers off the hot path; bytes that are not UTF-8 are replaced.
    package func value(named name: String) -> String? {
        firstValue(named: name.utf8.map(Octets.lowercased)) { String(decoding: $0, as: UTF8.self) }
    }
}
