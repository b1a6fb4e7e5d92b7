extension Quantity {
    /// A finite value of the base unit of `unit` as people write it, in the largest unit that needs no fraction.
    ///
    /// ``parse(_:as:)`` gives the value back, to twelve digits where no shorter text gives it back exactly.
    package static func written(_ value: Double, as unit: Unit) -> String {
        let suffixes: [String] =
            switch unit {
            case .time: ["s", "ms", "us", "ns"]
            case .bytes: ["GiB", "MiB", "KiB", "B"]
            case .share: ["%"]
            case .rate: ["/s"]
            case .count: [""]
            }
        for suffix in suffixes {
            guard let factor = unit.factors[suffix] else { continue }
            let number = value / factor
            if number == number.rounded(), abs(number) < 1e15, value != 0 || suffix == suffixes.last {
                let text = String(Int64(number)) + suffix
                if unit != .share, (try? parse(text, as: unit)) == value { return text }
            }
        }
        let last = suffixes.last ?? ""
        let number = unit == .share ? value * 100 : value / (unit.factors[last] ?? 1)
        // The shortest text that is read back as the value itself; 0.07 times 100 is no whole number.
        for decimals in 0...12 {
            let text = (number < 0 ? "-" : "") + trimmed(Unit.fixed(abs(number), decimals)) + last
            if (try? parse(text, as: unit)) == value { return text }
        }
        return (number < 0 ? "-" : "") + trimmed(Unit.fixed(abs(number), number < 1e6 ? 12 : 3)) + last
    }

    private static func trimmed(_ text: String) -> String {
        guard text.contains(".") else { return text }
        var text = text
        while text.last == "0" { text.removeLast() }
        if text.last == "." { text.removeLast() }
        return text
    }
}
