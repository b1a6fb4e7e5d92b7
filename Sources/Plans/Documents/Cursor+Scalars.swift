internal import Measures

extension Cursor {
    /// A text; a number or a truth value is not one.
    func text(_ what: String = "text") -> String? {
        guard let scalar, scalar.kind == .text else {
            let hint = scalar.flatMap { $0.kind == .null ? nil : "write it in quotes: \(quoted($0.text))" }
            expected(what, hint: hint)
            return nil
        }
        return scalar.text
    }

    /// A text that is not empty, within bounds and on one line.
    func line(_ what: String = "text", limit: Int = 4096) -> String? {
        guard let text = text(what) else { return nil }
        return isLine(text, what, limit: limit) ? text : nil
    }

    /// The text of any scalar but null, as it was written: `GOMAXPROCS: 2` is the text `2`.
    func scalarText(_ what: String = "text") -> String? {
        guard let scalar, scalar.kind != .null else {
            expected(what, hint: isNull ? "an empty text is written \"\"" : nil)
            return nil
        }
        return scalar.text
    }

    /// Reports a text that is empty, too long or not a single line.
    func isLine(_ text: String, _ what: String, limit: Int) -> Bool {
        if text.isEmpty {
            report("expected \(what), found an empty text")
        } else if text.unicodeScalars.count > limit {
            report("the text has \(text.unicodeScalars.count) characters; at most \(limit) are taken")
        } else if text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) {
            report("\(quoted(text)) contains a control character")
        } else {
            return true
        }
        return false
    }

    /// A decimal whole number within a range.
    func wholeNumber(_ range: ClosedRange<Int>) -> Int? {
        guard let scalar, scalar.kind == .number else {
            let bare = scalar.flatMap { Int($0.text.replacing("_", with: "")) }
            expected("a whole number", hint: bare.map { "write \($0)" })
            return nil
        }
        let digits = scalar.text.hasPrefix("-") ? scalar.text.dropFirst() : Substring(scalar.text)
        guard digits.allSatisfy({ ("0"..."9").contains($0) }) else {
            report("expected a whole number, found \(shortened(scalar.text))", hint: "write it in decimal digits")
            return nil
        }
        if digits.count > 1, digits.first == "0" {
            let plain = digits.drop { $0 == "0" }
            report(
                "\(shortened(scalar.text)) begins with 0, which some readers take for octal",
                hint: "write \(plain.isEmpty ? "0" : shortened(String(plain)))")
            return nil
        }
        guard let number = Int(scalar.text), range.contains(number) else {
            report("expected \(range.lowerBound) to \(range.upperBound), found \(shortened(scalar.text))")
            return nil
        }
        return number
    }

    /// The value of a decimal number, finite and exact to the nearest `Double`.
    func number() -> Double? {
        guard let scalar, scalar.kind == .number else {
            let bare = scalar.flatMap { $0.isPlain || Double($0.text) == nil ? nil : $0.text }
            expected("a plain number", hint: bare.map { "write \(shortened($0)) without quotes" })
            return nil
        }
        guard let value = Double(scalar.text), Self.isInRange(value, text: scalar.text) else {
            report("\(shortened(scalar.text)) is out of range")
            return nil
        }
        return value
    }

    /// What a number's magnitude must stay below.
    static let numberBound = 1e18

    /// Whether the value is neither too large nor a non-zero number that became zero.
    private static func isInRange(_ value: Double, text: String) -> Bool {
        let mantissa = text.prefix { $0 != "e" && $0 != "E" }
        let isZero = !mantissa.contains { ("1"..."9").contains($0) }
        return value.isFinite && abs(value) < numberBound && (value != 0 || isZero)
    }

    /// A number with its unit, in the base unit.
    func quantity(_ unit: Unit) -> Double? {
        guard let scalar, scalar.kind == .text || scalar.kind == .number else {
            expected("a \(unit.rawValue) like \(unit.examples)")
            return nil
        }
        if unit == .count { return number() }
        do {
            return try Quantity.parse(scalar.text, as: unit)
        } catch {
            report(Self.message(error))
            return nil
        }
    }

    /// The problem in words, with the offending text bounded.
    private static func message(_ problem: Quantity.Problem) -> String {
        switch problem {
        case .notANumber(let text): Quantity.Problem.notANumber(shortened(text)).message
        case .missingUnit(let text, let unit): Quantity.Problem.missingUnit(shortened(text), expected: unit).message
        case .wrongUnit(let text, let unit): Quantity.Problem.wrongUnit(shortened(text), expected: unit).message
        case .notFinite(let text): Quantity.Problem.notFinite(shortened(text)).message
        }
    }

    /// `true` or `false`.
    func truth() -> Bool? {
        if case .bool(let value)? = scalar?.kind { return value }
        expected("true or false")
        return nil
    }

    /// A size in whole bytes.
    func byteCount() -> UInt64? {
        guard let bytes = quantity(.bytes) else { return nil }
        guard bytes.sign == .plus, bytes == bytes.rounded() else {
            report("\(quoted(scalar?.text ?? "")) is not a whole number of bytes")
            return nil
        }
        return UInt64(bytes)
    }

    /// A length of time up to a day.
    func duration(zero: Bool = false) -> Duration? {
        guard let scalar, scalar.kind == .number || scalar.kind == .text else {
            expected("a length of time", hint: "for example 500ms, 2s or 1m")
            return nil
        }
        if scalar.kind == .number {
            report(
                "\(shortened(scalar.text)) has no unit",
                hint: "write \(shortened(scalar.text))s or \(shortened(scalar.text))ms")
            return nil
        }
        guard let nanoseconds = quantity(.time) else { return nil }
        guard nanoseconds.sign == .plus, nanoseconds >= (zero ? 0 : 1), nanoseconds <= 86_400e9 else {
            report("expected \(zero ? "0s" : "more than 0s") to 24 hours, found \(quoted(scalar.text))")
            return nil
        }
        return .nanoseconds(Int64(nanoseconds.rounded()))
    }

    /// A fraction written as a percentage, from 0 % to a bound.
    func percentage(upTo bound: Double) -> Double? {
        guard let scalar, scalar.kind == .text else {
            expected("a percentage like \"8%\"")
            return nil
        }
        let value: Double
        do {
            value = try Quantity.percentage(scalar.text)
        } catch {
            report("\(quoted(scalar.text)) is not a percentage like \"8%\"")
            return nil
        }
        guard value.sign == .plus, value <= bound else {
            report("expected 0% to \(Int(bound * 100))%, found \(quoted(scalar.text))")
            return nil
        }
        return value
    }

    /// One of the words of an enumeration.
    func word<Word: RawRepresentable & CaseIterable>(_ type: Word.Type) -> Word? where Word.RawValue == String {
        let words = Word.allCases.map { quoted($0.rawValue) }
        let choice = words.dropLast().joined(separator: ", ") + " or " + (words.last ?? "")
        guard let scalar, scalar.kind == .text else {
            expected(choice)
            return nil
        }
        if let word = Word(rawValue: scalar.text) { return word }
        report("unknown word \(quoted(scalar.text))", hint: "write \(choice)")
        return nil
    }
}
