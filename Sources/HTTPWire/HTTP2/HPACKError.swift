/// Why bytes are not a block of header fields (RFC 7541); the connection cannot go on after any of them.
package enum HPACKError: Error, Sendable, Equatable {
    case truncated
    case integerTooLarge
    /// An index of neither table.
    case unknownIndex(Int)
    case tableTooLarge(Int, limit: Int)
    /// A change of the table's size that is not at the beginning of the block.
    case misplacedTableSize
    /// More than seven bits after the last symbol, or bits that are not all ones.
    case malformedPadding
    /// The symbol that stands for the end, which may not be written out.
    case endOfString
}

extension HPACKError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .truncated: "a field ends early"
        case .integerTooLarge: "an integer is too large"
        case .unknownIndex(let index): "no table has an entry \(index)"
        case .tableTooLarge(let size, let limit): "a table of \(size) bytes where \(limit) are allowed"
        case .misplacedTableSize: "the table's size changes after a field"
        case .malformedPadding: "a Huffman code does not end in fewer than eight ones"
        case .endOfString: "a Huffman code has the end-of-string symbol"
        }
    }
}
