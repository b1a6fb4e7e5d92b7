/// The readers of dial values; each returns what it expected instead if the text is something else.
enum DialValue {
    static func whole<Number: FixedWidthInteger>(
        _ text: String,
        atMost most: Number,
        into number: inout Number
    ) -> String? {
        guard let value = unsigned(text), let value = Number(exactly: value), value <= most else {
            return "a whole number from 0 to \(most)"
        }
        number = value
        return nil
    }

    static func share(_ text: String, into share: inout Share) -> String? {
        guard let value = Double(text), let parsed = Share(value) else {
            return "a share from 0 to 1, such as 0.2"
        }
        share = parsed
        return nil
    }

    static func duration(_ text: String, into duration: inout Duration) -> String? {
        guard let value = microseconds(text), value <= 60_000_000 else {
            return "a duration from 0s to 60s, such as 20ms"
        }
        duration = .microseconds(value)
        return nil
    }

    /// Reads microseconds, with or without a unit, and turns them into rounds of work.
    static func work(_ text: String, into rounds: inout UInt64) -> String? {
        guard let value = unsigned(text) ?? microseconds(text), value <= 10_000_000 else {
            return "microseconds from 0 to 10000000, such as 50 or 50us"
        }
        rounds = value * Checksum.roundsPerMicrosecond
        return nil
    }

    private static func microseconds(_ text: String) -> UInt64? {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        let factors: [String: UInt64] = ["us": 1, "ms": 1_000, "s": 1_000_000]
        guard let value = unsigned(digits), let factor = factors[String(text[digits.endIndex...])] else { return nil }
        let (product, overflow) = value.multipliedReportingOverflow(by: factor)
        return overflow ? nil : product
    }

    private static func unsigned(_ text: some StringProtocol) -> UInt64? {
        text.utf8.first.map { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } == true ? UInt64(text) : nil
    }
}
