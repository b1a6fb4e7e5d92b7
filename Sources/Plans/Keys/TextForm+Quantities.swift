internal import Measures

extension TextForm {
    /// A number of `unit`, 0 or more.
    static func quantity(_ unit: Unit) -> Self {
        Self(name: unit.rawValue, words: "\(words(unit)) like \(unit.examples)", pattern: pattern(unit))
    }

    /// A length of time.
    static let duration = duration("duration", least: "(?=[^1-9]*[1-9])")
    /// A length of time that may be none.
    static let pause = duration("pause", least: "")

    private static func duration(_ name: String, least: String) -> Self {
        Self(name: name, words: "length of time", pattern: "^\(least)\(number) *\(suffixes(.time))$")
    }

    /// Flows per second, more than none.
    static let rate = Self(
        words: "more than 0/s up to \(Int(Load.maximumRate))/s",
        pattern: "^(?=[^1-9]*[1-9])\(number) *\(suffixes(.rate))$")
    /// Flows per second that may be none.
    static let anyRate = Self(
        words: "0/s to \(Int(Load.maximumRate))/s", pattern: "^\(number) *\(suffixes(.rate))$")

    /// The percentage of a relative limit.
    static let change = Self(
        name: "percentage", words: "`\"0%\"` to `\"\(percent(LimitRange.maximumChange))%\"`",
        pattern: percentage(upTo: percent(LimitRange.maximumChange)))

    /// The percentage by which something may fall: less than all of it.
    static let decrease = Self(
        name: "decrease", words: "`\"0%\"` to less than `\"100%\"`",
        pattern: #"^\+?0*([0-9]{1,2}(\.[0-9]*)?|\.[0-9]+) *%$"#)

    private static func pattern(_ unit: Unit) -> String {
        unit == .share ? percentage(upTo: percent(1)) : "^\(number) *\(suffixes(unit))$"
    }

    private static let number = #"\+?([0-9]+\.?[0-9]*|\.[0-9]+)"#

    private static func suffixes(_ unit: Unit) -> String { "(\(unit.suffixes.joined(separator: "|")))" }

    private static func percent(_ fraction: Double) -> Int { Int(fraction * 100) }

    /// Percentages from 0 to a bound that is a power of ten.
    private static func percentage(upTo bound: Int) -> String {
        let digits = String(bound).utf8.count - 1
        return #"^\+?0*(\#(bound)(\.0*)?|[0-9]{1,\#(digits)}(\.[0-9]*)?|\.[0-9]+) *%$"#
    }

    private static func words(_ unit: Unit) -> String {
        switch unit {
        case .time: "time"
        case .count: "number"
        case .bytes: "size"
        case .share: "share"
        case .rate: "rate"
        }
    }
}

extension Duration {
    /// Whole seconds as a plan writes them: `2s`.
    var inSeconds: String { "\(components.seconds)s" }
}
