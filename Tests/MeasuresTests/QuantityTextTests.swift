import Measures
import Testing

@Suite struct QuantityTextTests {
    @Test(
        arguments: [
            (.time, 0, "0 ns"), (.time, 7, "7 ns"), (.time, 999, "999 ns"), (.time, 1000, "1 µs"),
            (.time, 1234, "1.23 µs"), (.time, 123_456, "123 µs"), (.time, 1_500_000, "1.50 ms"),
            (.time, 12_345_678, "12.3 ms"), (.time, 2e9, "2 s"), (.time, 61.5e9, "61.5 s"),
            (.time, -1_500_000, "−1.50 ms"),
            (.count, 0, "0"), (.count, 3, "3"), (.count, 0.5, "0.50"), (.count, 12.34, "12.3"),
            (.count, 1234.5, "1235"),
            (.count, 1_000_000, "1000000"), (.count, 0.0123, "0.0123"), (.count, -2, "−2"),
            (.bytes, 1023, "1023 B"), (.bytes, 1024, "1 KiB"), (.bytes, 1536, "1.50 KiB"),
            (.bytes, 2_097_152, "2 MiB"), (.bytes, 1.5 * 1_073_741_824, "1.50 GiB"),
            (.share, 0, "0 %"), (.share, 0.001, "0.10 %"), (.share, 0.125, "12.5 %"), (.share, 1, "100 %"),
            (.rate, 500, "500/s"), (.rate, 0.5, "0.50/s"),
            (.time, .nan, "–"), (.count, .infinity, "–"),
        ] as [(Measures.Unit, Double, String)])
    func writesThreeDigitsAndAUnit(unit: Measures.Unit, value: Double, text: String) {
        #expect(unit.text(value) == text)
    }

    @Test func writesChangesWithTheirSign() {
        #expect(Unit.time.change(2e6) == "+2 ms")
        #expect(Unit.bytes.change(-1536) == "−1.50 KiB")
        #expect(Unit.count.change(0) == "±0")
    }

    @Test(arguments: [
        (0.123, "+12.3 %"), (-0.05, "−5.00 %"), (0, "±0.00 %"), (1.5, "+150 %"), (0.0999, "+9.99 %"),
        (0.09996, "+10.0 %"), (0.9996, "+100 %"), (.infinity, "–"),
    ])
    func writesRelativeChanges(fraction: Double, text: String) {
        #expect(percentageText(fraction) == text)
    }

    @Test func roundsHalfAwayFromZero() {
        #expect(Unit.fixed(0.125, 2) == "0.13")
        #expect(Unit.fixed(2.5, 0) == "3")
        #expect(Unit.fixed(0.05, 1) == "0.1")
        #expect(Unit.fixed(0, 3) == "0.000")
        #expect(Unit.fixed(9.999, 2) == "10.00")
        #expect(Unit.fixed(1e17, 2) == "1e+17")
    }

    @Test(arguments: Measures.Unit.allCases)
    func growsWithTheValue(unit: Measures.Unit) {
        var value = 0.001
        while value < 1e17 {
            let text = unit.text(value)
            #expect(text.first?.isNumber == true && !text.contains("e"), "\(value): \(text)")
            value *= 3.7
        }
    }
}
