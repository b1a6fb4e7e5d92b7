/// A line and a column, both from 1; columns count Unicode scalars.
struct Position: Sendable, Hashable {
    var line: Int
    var column = 1

    static let start = Self(line: 1)
}

/// A value of a JSON or YAML document that remembers where it was written.
///
/// Both notations become this one tree, so that everything after the syntax is read by the same code.
struct DocumentNode: Sendable, Equatable {
    var position: Position
    var value: Value

    enum Value: Sendable, Equatable {
        case scalar(Scalar)
        case list([DocumentNode])
        /// In the order written; a key may occur twice, which is for the reader to report.
        case object([Entry])
    }

    struct Entry: Sendable, Equatable {
        var key: String
        var keyPosition: Position
        var value: DocumentNode
    }

    /// A value without parts, kept as it was written.
    struct Scalar: Sendable, Equatable {
        enum Kind: Sendable, Equatable {
            case text
            /// A number in any notation; whether it is one this place can take is for the reader to say.
            case number
            case bool(Bool)
            case null
        }

        var kind: Kind
        /// The content of a text, or the notation of anything else.
        var text: String
        /// Whether it was written without quotes.
        var isPlain: Bool
    }

    /// The deepest nesting of lists and objects that is read.
    static let deepest = 64

    /// What the value is, for messages.
    var kindText: String {
        switch value {
        case .list: "a list"
        case .object: "an object"
        case .scalar(let scalar):
            switch scalar.kind {
            case .text: "the text \(quoted(scalar.text))"
            case .number: "the number \(shortened(scalar.text))"
            case .bool(let value): value ? "true" : "false"
            case .null: "nothing"
            }
        }
    }
}

extension DocumentNode {
    /// The value of a key, without any report.
    func member(_ key: String) -> DocumentNode? {
        guard case .object(let entries) = value else { return nil }
        return entries.first { $0.key == key }?.value
    }
}

/// A text as a message shows it: in quotes, bounded, without control characters.
func quoted(_ text: String) -> String {
    "\"\(shortened(text))\""
}

/// A text without control characters and line breaks, at most 60 characters long.
func shortened(_ text: String) -> String {
    var result = ""
    var count = 0
    for scalar in text.unicodeScalars {
        if count == 60 { return result + "…" }
        count += 1
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned:
            result += "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
        default: result.unicodeScalars.append(scalar)
        }
    }
    return result
}
