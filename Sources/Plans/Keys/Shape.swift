/// What a value looks like, as far as its form alone can tell.
indirect enum Shape: Sendable {
    case constant(Int)
    case wholeNumber(ClosedRange<Int>)
    /// A number from 0, without unit and quotes.
    case plainNumber
    /// `true` or `false`.
    case truth
    case text(TextForm)
    /// A text, or a number or truth value that stands for its own notation.
    case printed(isEmptyTaken: Bool)
    /// A text, a number, a truth value or null.
    case scalar
    case anything(words: String)
    /// One of these words, which are listed in tables unless the shape says otherwise.
    case words([String], inWords: String? = nil)
    case object(KeyList)
    /// An object with free keys.
    case map(NameForm, of: Shape, words: String, isEmptyTaken: Bool = true)
    case list(of: Shape, words: String, isEmptyTaken: Bool = false)
    case either([Shape])
    /// A shape that contains itself, by the name it is referred to by.
    case recursive(String, @Sendable () -> Shape)

    /// The shape in words, for a cell of a table.
    var inWords: String {
        switch self {
        case .constant(let number): "`\(number)`"
        case .wholeNumber(let range): "\(range.lowerBound) to \(range.upperBound)"
        case .plainNumber: "plain number"
        case .truth: "`true` or `false`"
        case .text(let form): form.words
        case .printed: "text"
        case .scalar: "text, number, `true`, `false` or `null`"
        case .anything(let words): words
        case .words(let words, let short): short ?? Self.choice(words.map { "`\($0)`" })
        case .object: "object"
        case .map(_, _, let words, _): words
        case .list(_, let words, _): words
        case .recursive(let name, _): name
        case .either(let shapes): Self.choice(shapes.map(\.inWords))
        }
    }

    private static func choice(_ items: [String]) -> String {
        let last = items.suffix(2).joined(separator: " or ")
        return (items.dropLast(2) + [last]).joined(separator: ", ")
    }
}

/// The form of a text.
struct TextForm: Sendable {
    /// What it is called where it is referred to; nil when it is used in one place only.
    var name: String?
    var words: String
    /// A regular expression that JavaScript and Python read alike.
    var pattern: String?
    var isEmptyTaken = false
    /// The most characters.
    var limit: Int?

    /// Any text.
    static let any = Self(words: "text", isEmptyTaken: true)

    /// A text within bounds on one line.
    static func line(_ words: String, limit: Int = 4096) -> Self { Self(words: words, limit: limit) }
}

/// The form of keys that are free.
struct NameForm: Sendable {
    var pattern: String?
    var reserved: [String] = []

    static let any = Self()
    /// The name of an environment variable.
    static let environment = Self(pattern: "^[A-Za-z_][A-Za-z0-9_]*$")
    /// A token of RFC 9110, as names of headers are.
    static let header = Self(pattern: headerPattern)
    /// What data and captured values can be called.
    static let variable = Self(pattern: "^[A-Za-z][A-Za-z0-9_-]{0,99}$", reserved: Variables.reserved.sorted())
    static let path = Self(pattern: pathPattern)

    static let headerPattern = "^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,256}$"
    static let pathPattern = #"^\$(\.[^.\[\]'" \t*]+|\['[^']*'\]|\["[^"]*"\]|\[[0-9]+\])*$"#
}
