/// Why a text is not a pattern, and where.
package struct PatternProblem: Error, Sendable, Equatable {
    package var code: Code
    /// Character of the pattern, from 1.
    package var position: Int

    init(_ code: Code, at position: Int) {
        self.code = code
        self.position = position
    }

    package enum Code: Sendable, Equatable {
        case openGroup
        case strayParenthesis
        case openClass
        case emptyClass
        /// A class has a character that is more than one byte.
        case wideClass
        case emptyRange(String)
        case rangeOfClasses
        case nothingToRepeat(String)
        case repeatedRepetition
        case strayBrace
        case repetitionOrder(Int, Int)
        case repetitionTooLarge(limit: Int)
        case backreference
        case lookaround
        case groupFlag
        case groupName
        case unknownEscape(String)
        case openEscape
        case tooDeep(limit: Int)
        case tooLong
        case tooLarge(limit: Int)
    }

    /// One sentence without its final stop, with the place.
    package var message: String { "\(sentence) (at character \(position))" }

    private var sentence: String {
        switch code {
        case .openGroup: "\"(\" has no \")\" after it"
        case .strayParenthesis: "\")\" has no \"(\" before it"
        case .openClass: "\"[\" has no \"]\" after it"
        case .emptyClass: "the class is empty"
        case .wideClass: "a class can only have ASCII characters"
        case .emptyRange(let range): "the range \(range) runs backwards"
        case .rangeOfClasses: "a range cannot begin or end with a class"
        case .nothingToRepeat(let sign): "\"\(sign)\" has nothing to repeat"
        case .repeatedRepetition: "a repetition is repeated"
        case .strayBrace: "\"{\" does not begin a repetition like {2,5}"
        case .repetitionOrder(let least, let most): "\(least) is more than \(most)"
        case .repetitionTooLarge(let limit): "more than \(limit) repetitions"
        case .backreference: "backreferences are not taken: they cannot be matched in linear time"
        case .lookaround: "lookaround is not taken: it cannot be matched in linear time"
        case .groupFlag: "only \"(\" and \"(?:\" begin a group"
        case .groupName: "groups have no names"
        case .unknownEscape(let escape): "\"\(escape)\" has no meaning"
        case .openEscape: "nothing follows the last \"\\\""
        case .tooDeep(let limit): "groups are nested deeper than \(limit)"
        case .tooLong: "the pattern is longer than \(Pattern.maximumLength) characters"
        case .tooLarge(let limit): "the pattern needs more than \(limit) states"
        }
    }

    /// What to write instead.
    package var hint: String? {
        switch code {
        case .openGroup: "a parenthesis itself is written \\("
        case .strayParenthesis: "a parenthesis itself is written \\)"
        case .openClass: "a bracket itself is written \\["
        case .emptyClass: "a bracket in a class is written \\]"
        case .wideClass: "write the characters as alternatives: (?:ä|ö)"
        case .strayBrace: "a brace itself is written \\{; a pattern has no variables"
        case .groupFlag, .groupName: "write (?: ) for a group that is not captured"
        case .repetitionTooLarge, .tooLarge: "repeat less"
        default: nil
        }
    }
}
