extension JSONDocument {
    /// Hands over the items of a document that is one list, one at a time, until one is refused.
    ///
    /// Other than with ``read(_:log:)`` no tree of the whole is made, so that files of many rows can be read.
    mutating func items(_ take: (DocumentNode) -> Bool) throws(Problem) {
        try refuseByteOrderMark()
        skipSpace()
        guard self.take("[") else {
            throw problem(
                "expected a list of objects",
                hint: peek == UInt8(ascii: "{") ? "a file with one object per line is named .jsonl" : nil)
        }
        skipSpace()
        if !self.take("]") {
            while true {
                let node = try value(depth: 1)
                guard take(node) else { throw problem("the item is refused") }
                skipSpace()
                if self.take("]") { break }
                guard self.take(",") else { throw problem("expected \",\" or \"]\"") }
                skipSpace()
            }
        }
        skipSpace()
        guard peek == nil else { throw problem("expected the end of the file") }
    }

    /// Whether nothing but spaces is left.
    var isBlank: Bool { bytes[index...].allSatisfy { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D } }
}
