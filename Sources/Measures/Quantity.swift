/// A number with its unit, as people write it: `200us`, `1ms`, `8%`, `64KiB`, `500/s`, `0.5`.
package enum Quantity {
    /// Why a text is not a quantity of the wanted unit.
    package enum Problem: Error, Equatable, Sendable {
        case notANumber(String)
        case missingUnit(String, expected: Unit)
        case wrongUnit(String, expected: Unit)
        case notFinite(String)

        /// The problem as a sentence without its final stop.
        package var message: String {
            switch self {
            case .notANumber(let text): "\"\(text)\" is not a number with a unit"
            case .missingUnit(let text, let unit): "\"\(text)\" has no unit; write \(unit.examples)"
            case .wrongUnit(let text, let unit): "\"\(text)\" has the wrong unit; write \(unit.examples)"
            case .notFinite(let text): "\"\(text)\" is out of range"
            }
        }
    }

    /// The value of `text` in the base unit of `unit`.
    package static func parse(_ text: String, as unit: Unit) throws(Problem) -> Double {
        let (number, suffix) = try split(text)
        guard let factor = unit.factors[suffix] else {
            throw suffix.isEmpty ? .missingUnit(text, expected: unit) : .wrongUnit(text, expected: unit)
        }
        // Dividing keeps 1.1 % exact where multiplying by a hundredth would not.
        let value = unit == .share ? number / 100 : number * factor
        guard value.isFinite, abs(value) < 1e18 else { throw .notFinite(text) }
        return value
    }

    /// The fraction a percentage stands for: `8%` is 0.08.
    package static func percentage(_ text: String) throws(Problem) -> Double {
        try parse(text, as: .share)
    }

    private static func split(_ text: String) throws(Problem) -> (number: Double, suffix: String) {
        let digits = text.prefix { ("0"..."9").contains($0) || $0 == "." || $0 == "-" || $0 == "+" }
        guard let number = Double(String(digits)) else { throw .notANumber(text) }
        let suffix = text.dropFirst(digits.count).drop { $0 == " " }
        return (number, String(suffix))
    }
}

extension Unit {
    /// What each accepted suffix multiplies the number by to give the base unit.
    var factors: [String: Double] {
        switch self {
        case .time:
            ["ns": 1, "us": 1e3, "µs": 1e3, "μs": 1e3, "ms": 1e6, "s": 1e9, "m": 60e9, "min": 60e9, "h": 3600e9]
        case .count: ["": 1]
        case .bytes:
            [
                "B": 1, "kB": 1e3, "KB": 1e3, "MB": 1e6, "GB": 1e9,
                "KiB": 1024, "MiB": 1_048_576, "GiB": 1_073_741_824,
            ]
        case .share: ["%": 1]
        case .rate: ["/s": 1, "/min": 1.0 / 60]
        }
    }

    /// The accepted suffixes, those of smaller values first; none for a plain number.
    package var suffixes: [String] {
        factors.sorted { ($0.value, $0.key) < ($1.value, $1.key) }.map(\.key).filter { !$0.isEmpty }
    }

    /// How to write a value of this unit, for messages.
    package var examples: String {
        switch self {
        case .time: "\"200us\", \"1ms\" or \"2s\""
        case .count: "a plain number"
        case .bytes: "\"512B\", \"64KiB\" or \"10MB\""
        case .share: "\"0.1%\""
        case .rate: "\"500/s\""
        }
    }
}
