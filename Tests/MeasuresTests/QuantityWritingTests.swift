import Measures
import Testing

/// Values written as people write them, and read back.
@Suite struct QuantityWritingTests {
    @Test(arguments: [
        (200e3, Unit.time, "200us"), (1e6, .time, "1ms"), (1.5e6, .time, "1500us"), (2e9, .time, "2s"),
        (0, .time, "0ns"), (1234.5, .time, "1234.5ns"), (0.5, .count, "0.5"), (3, .count, "3"), (0, .count, "0"),
        (256, .bytes, "256B"),
        (2_097_152, .bytes, "2MiB"), (1536, .bytes, "1536B"), (0.001, .share, "0.1%"), (0.07, .share, "7%"),
        (0.29, .share, "29%"), (0, .share, "0%"), (10, .share, "1000%"), (0.015, .share, "1.5%"), (500, .rate, "500/s"),
        (0.000_012_3, .count, "0.0000123"),
    ])
    func written(value: Double, unit: Unit, text: String) throws {
        #expect(Quantity.written(value, as: unit) == text)
        #expect(try Quantity.parse(text, as: unit) == value)
    }

    @Test func whatNoShortTextGivesBackIsWrittenToTwelveDigits() throws {
        let value = 1.0 / 3
        #expect(Quantity.written(value, as: .count) == "0.333333333333")
        #expect(Quantity.written(value, as: .share) == "33.333333333333%")
    }

    /// Every percentage a limit may be rounded to, and every half of one.
    @Test func everyHalfPercentIsReadBack() throws {
        for thousandths in stride(from: 0, through: 10_000, by: 5) {
            let value = Double(thousandths) / 1000
            #expect(try Quantity.parse(Quantity.written(value, as: .share), as: .share) == value)
        }
    }
}
