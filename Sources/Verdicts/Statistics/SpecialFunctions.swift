#if canImport(Glibc)
    import Glibc
#endif

/// The few special functions the tests need.
package enum SpecialFunctions {
    /// The regularised incomplete beta function I_x(a, b) for a, b > 0 and 0 ≤ x ≤ 1.
    ///
    /// Continued fraction 8.17.22 of the NIST Digital Library of Mathematical Functions, evaluated by the modified Lentz
    /// method; the reflection 8.17.4 keeps it where it converges fast. The relative error is about 1e-14 for parameters
    /// up to a hundred, and grows with them, as logarithms of gamma functions cancel, to 1e-9 at half a million.
    package static func regularizedBeta(_ x: Double, _ a: Double, _ b: Double) -> Double {
        if x <= 0 { return 0 }
        if x >= 1 { return 1 }
        if x > (a + 1) / (a + b + 2) { return 1 - regularizedBeta(1 - x, b, a) }
        let front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x)) / a
        return front * betaFraction(x, a, b)
    }

    /// The z with P(Z > z) = `tail` of the standard normal distribution, for a tail in (0, 0.5).
    package static func normalUpperQuantile(tail: Double) -> Double {
        upperQuantile(
            tail: tail, of: { erfc($0 / 2.0.squareRoot()) / 2 }, density: { exp(-$0 * $0 / 2) / (2 * .pi).squareRoot() }
        )
    }

    /// The t > 0 at which the upper tail of a distribution symmetric about zero is `tail`, to the last bits.
    ///
    /// Doubling finds a bracket wherever the quantile lies, Newton steps on the logarithm of the tail shrink it, and a
    /// step that would leave the bracket, or is not half as long as the last, halves it instead: about ten evaluations,
    /// and no start value to get wrong.
    static func upperQuantile(
        tail: Double, of upperTail: (Double) -> Double, density: (Double) -> Double
    ) -> Double {
        var low = 0.0
        var high = 1.0
        var reached = upperTail(high)
        while high < 1e300, reached > tail {
            (low, high) = (high, 2 * high)
            reached = upperTail(high)
        }
        var t = high
        var lastStep = Double.infinity
        while true {
            if reached == tail { return t }
            if reached > tail { low = t } else { high = t }
            let middle = low + (high - low) / 2
            if middle <= low || middle >= high { return middle }
            let next = t + log(reached / tail) * reached / density(t)
            // Quadratic convergence: what is left after so small a step is below the last bit.
            if abs(next - t) <= 1e-9 * t { return next }
            let isFast = next > low && next < high && abs(next - t) < lastStep / 2
            lastStep = isFast ? abs(next - t) : high - low
            t = isFast ? next : middle
            reached = upperTail(t)
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

    /// The t > 0 with P(T > t) = `tail`, for a tail in (0, 0.5).
    ///
    /// Of a tail and not of its complement: 1 − 1e-12 has lost the last digits of 1e-12.
    package func upperQuantile(tail: Double) -> Double {
        let peak = exp(lgamma((degrees + 1) / 2) - lgamma(degrees / 2)) / (degrees * .pi).squareRoot()
        return SpecialFunctions.upperQuantile(
            tail: tail, of: upperTail,
            density: { peak * exp(-(degrees + 1) / 2 * log1p($0 * $0 / degrees)) })
    }
}
