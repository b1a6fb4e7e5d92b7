/// Brackets in the text of a demangled name.
enum Brackets {
    /// The place behind the bracket that closes the one at `start`; nil where none does.
    ///
    /// Only brackets of one kind are counted. An arrow is no bracket, nor is the name of an operator, which follows
    /// a dot.
    static func end(_ bytes: [UInt8], at start: Int) -> Int? {
        let open = bytes[start]
        let close = open == UInt8(ascii: "(") ? UInt8(ascii: ")") : UInt8(ascii: ">")
        var depth = 0
        for index in start..<bytes.count {
            if bytes[index] == open, open == UInt8(ascii: "(") || !isOperator(bytes, at: index) {
                depth += 1
            } else if bytes[index] == close, close == UInt8(ascii: ")") || !isOperator(bytes, at: index) {
                depth -= 1
                if depth == 0 { return index + 1 }
            }
        }
        return nil
    }

    /// Whether an angle belongs to an arrow or to the name of an operator.
    static func isOperator(_ bytes: [UInt8], at index: Int) -> Bool {
        guard index > 0 else { return false }
        let before = bytes[index - 1]
        if before == UInt8(ascii: "-") { return true }
        var start = index
        while start > 0, isOperatorByte(bytes[start - 1]) { start -= 1 }
        return start > 0 && bytes[start - 1] == UInt8(ascii: ".")
    }

    private static func isOperatorByte(_ byte: UInt8) -> Bool {
        "<>=-+*/%&|^~!?".utf8.contains(byte)
    }
}
