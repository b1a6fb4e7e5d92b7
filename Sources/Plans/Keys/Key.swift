/// A key of a document: its name, what it means and what its value looks like.
///
/// The readers take the keys they know from here, and the schemas and the tables of the documentation are made from
/// it, so a key is added here and read where its object is read.
struct Key: Sendable {
    let name: String
    /// One sentence without its final stop, beginning in lower case.
    let meaning: String
    let shape: Shape
    let need: Need
    /// Whether it may be written; a reader knows the others only to say better why they do not belong.
    let isTaken: Bool

    enum Need: Sendable, Equatable {
        case required
        case optional
        /// What it is when left out, as it would be written.
        case otherwise(String)
    }

    init(_ name: String, _ meaning: String, _ shape: Shape, _ need: Need = .optional, isTaken: Bool = true) {
        self.name = name
        self.meaning = meaning
        self.shape = shape
        self.need = need
        self.isTaken = isTaken
    }
}

/// The keys of one object.
struct KeyList: Sendable {
    /// What the object is called where it is referred to.
    let title: String
    let keys: [Key]
    let rules: [Rule]
    /// Whether it is short enough to be told in the table of the object it belongs to.
    let isInline: Bool

    init(_ title: String, _ keys: [Key], rules: [Rule] = [], isInline: Bool = false) {
        self.title = title
        self.keys = keys
        self.rules = rules
        self.isInline = isInline
    }

    var names: [String] { keys.map(\.name) }

    /// What the keys of an object have to do with one another.
    enum Rule: Sendable {
        case notEmpty
        case exactlyOne([String])
        case atMostOne([String])
        case oneOrMore([String])
        /// With the key there must be one of the others.
        case needs(String, oneOf: [String])
        /// With the key there may be none of the others.
        case excludes(String, [String])
        /// What one word as the value of a key asks for and forbids; of `oneOf` there must be exactly one.
        case when(String, is: String, needs: [String], excludes: [String], oneOf: [String] = [])
        /// With one word as the value of a key, the text of another has a narrower form.
        case whenText(String, is: String, other: String, form: TextForm)
        /// With one word as the value of a key, the number of another is within a narrower range.
        case whenNumber(String, is: String, other: String, range: ClosedRange<Int>)
        /// With the key, the value of another is one of fewer words.
        case narrows(String, other: String, to: [String])
    }
}
