#if canImport(Glibc)
    import Glibc
#endif

/// The few special functions the tests need.
package enum SpecialFunctions {
    /// The regularised incomplete beta function I_x(a, b) for a, b > 0 and 0 ≤ x ≤ 1.
    ///
    /// Continued fraction 8.17.22 of the NIST Digital Library of Mathematical Functions, evaluated by the modified Lentz
    /// method; the reflection 8.17.4 keeps it where it converges fast. Relative error about 1e-14.
    package static func regularizedBeta(_ x: Double, _ a: Double, _ b: Double) -> Double {
        if x <= 0 { return 0 }
        if x >= 1 { return 1 }
        if x > (a + 1) / (a + b + 2) { return 1 - regularizedBeta(1 - x, b, a) }
        let front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x)) / a
        return front * betaFraction(x, a, b)
    }

    /// The z with P(Z > z) = `tail` of the standard normal distribution, for a tail in (0, 0.5).
    package static func normalUpperQuantile(tail: Double) -> Double {
        bisect { erfc($0 / 2.0.squareRoot()) / 2 > tail }
    }

    /// The largest value at which a condition that holds at zero and ends somewhere above still holds, to the last bit.
    static func bisect(_ holds: (Double) -> Bool) -> Double {
        var low = 0.0
        var high = 1.0
        while high < 1e300, holds(high) { high *= 2 }
        while true {
            let middle = low + (high - low) / 2
            if middle <= low || middle >= high { return middle }
            if holds(middle) { low = middle } else { high = middle }
        }
    }

    private static func betaFraction(_ x: Double, _ a: Double, _ b: Double) -> Double {
        let tiny = 1e-300
        func away(_ value: Double) -> Double { abs(value) < tiny ? tiny : value }
        var c = 1.0
        var d = 1 / away(1 - (a + b) * x / (a + 1))
        var result = d
        for step in 1...500 {
            let m = Double(step)
            let even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
            d = 1 / away(1 + even * d)
            c = away(1 + even / c)
            result *= d * c
            let odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
            d = 1 / away(1 + odd * d)
            c = away(1 + odd / c)
            let factor = d * c
            result *= factor
            if abs(factor - 1) < 1e-16 { break }
        }
        return result
    }
}

/// Student's t distribution with `degrees` > 0 degrees of freedom.
package struct StudentT: Sendable {
    package let degrees: Double

    package init(degrees: Double) {
        self.degrees = degrees
    }

    /// P(T > t).
    package func upperTail(_ t: Double) -> Double {
        if t.isNaN { return 1 }
        if t == .infinity { return 0 }
        if t == -.infinity { return 1 }
        let tail = SpecialFunctions.regularizedBeta(degrees / (degrees + t * t), degrees / 2, 0.5) / 2
        return t > 0 ? tail : 1 - tail
    }

    /// The t with P(T ≤ t) = `probability`, for a probability in (0, 1).
    package func quantile(_ probability: Double) -> Double {
        if probability == 0.5 { return 0 }
        // The tail is handed on as it is: 1 − 1e-12 has lost the last digits of 1e-12.
        return probability < 0.5 ? -upperQuantile(tail: probability) : upperQuantile(tail: 1 - probability)
    }

    /// The t > 0 with P(T > t) = `tail`, for a tail in (0, 0.5).
    ///
    /// Bisection on the monotone tail, to the last bit: some hundred evaluations, and no start value to get wrong.
    private func upperQuantile(tail: Double) -> Double {
        SpecialFunctions.bisect { upperTail($0) > tail }
    }
}
