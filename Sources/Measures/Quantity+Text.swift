extension Unit {
    /// The value, given in the base unit, with three significant digits and a unit people read.
    package func text(_ value: Double) -> String {
        guard value.isFinite else { return "–" }
        let magnitude = abs(value)
        switch self {
        case .time:
            // What three digits would round up to a thousand is one of the next unit.
            if magnitude < 999.5 { return Self.digits(value) + " ns" }
            if magnitude < 999.5e3 { return Self.digits(value / 1e3) + " µs" }
            if magnitude < 999.5e6 { return Self.digits(value / 1e6) + " ms" }
            return Self.digits(value / 1e9) + " s"
        case .count: return Self.digits(value)
        case .bytes:
            if magnitude < 1023.5 { return Self.digits(value) + " B" }
            if magnitude < 1023.5 * 1024 { return Self.digits(value / 1024) + " KiB" }
            if magnitude < 1023.5 * 1_048_576 { return Self.digits(value / 1_048_576) + " MiB" }
            return Self.digits(value / 1_073_741_824) + " GiB"
        case .share: return Self.digits(value * 100) + " %"
        case .rate: return Self.digits(value) + "/s"
        }
    }

    /// A signed text of a change in this unit: `+2.00 ms`.
    package func change(_ value: Double) -> String {
        (value > 0 ? "+" : value < 0 ? "−" : "±") + text(abs(value))
    }

    /// Three significant digits without an exponent; whole numbers stay whole.
    package static func digits(_ value: Double) -> String {
        guard value.isFinite else { return "–" }
        let sign = value < 0 ? "−" : ""
        let magnitude = abs(value)
        // What differs from a whole number by rounding only is that number.
        if abs(magnitude - magnitude.rounded()) <= magnitude * 1e-12, magnitude < 1e15 {
            return sign + String(UInt64(magnitude.rounded()))
        }
        if magnitude >= 99.95 { return sign + fixed(magnitude, 0) }
        if magnitude >= 9.995 { return sign + fixed(magnitude, 1) }
        if magnitude >= 0.0995 { return sign + fixed(magnitude, 2) }
        if magnitude >= 0.00095 { return sign + fixed(magnitude, 4) }
        return sign + "<0.001"
    }

    /// A non-negative number with a fixed count of decimals, rounded half away from zero.
    package static func fixed(_ value: Double, _ decimals: Int) -> String {
        var scale = 1.0
        for _ in 0..<decimals { scale *= 10 }
        let scaled = (value * scale).rounded()
        guard scaled < 9e18 else { return "\(value)" }
        let whole = UInt64(scaled)
        guard decimals > 0 else { return String(whole) }
        let divisor = UInt64(scale)
        let fraction = String(whole % divisor)
        return String(whole / divisor) + "." + String(repeating: "0", count: decimals - fraction.count) + fraction
    }
}

/// A relative change as a signed percentage: 0.123 is `+12.3 %`.
package func percentageText(_ fraction: Double) -> String {
    guard fraction.isFinite else { return "–" }
    let magnitude = abs(fraction) * 100
    let decimals = magnitude >= 99.95 ? 0 : magnitude >= 9.995 ? 1 : 2
    return (fraction > 0 ? "+" : fraction < 0 ? "−" : "±") + Unit.fixed(magnitude, decimals) + " %"
}
