import Measures
import Testing

@Suite struct QuantityTests {
    @Test(
        arguments: [
            ("200us", .time, 200_000), ("200µs", .time, 200_000), ("200μs", .time, 200_000), ("1ms", .time, 1e6),
            ("1.5s", .time, 1.5e9), ("2m", .time, 120e9), ("2min", .time, 120e9), ("7ns", .time, 7),
            ("5 ms", .time, 5e6),
            ("+5ms", .time, 5e6), ("-5ms", .time, -5e6), (".5s", .time, 0.5e9),
            ("512B", .bytes, 512), ("1kB", .bytes, 1000), ("1KB", .bytes, 1000), ("10MB", .bytes, 10e6),
            ("2GB", .bytes, 2e9), ("64KiB", .bytes, 65_536), ("2MiB", .bytes, 2_097_152),
            ("1GiB", .bytes, 1_073_741_824),
            ("8%", .share, 0.08), ("0.1%", .share, 0.001), ("100 %", .share, 1),
            ("500/s", .rate, 500), ("30/min", .rate, 0.5), ("0.5", .count, 0.5), ("-3", .count, -3),
        ] as [(String, Measures.Unit, Double)])
    func reads(text: String, unit: Measures.Unit, value: Double) throws {
        #expect(try Quantity.parse(text, as: unit) == value)
    }

    @Test(
        arguments: [
            ("", .time, .notANumber("")), ("ms", .time, .notANumber("ms")), ("1.2.3ms", .time, .notANumber("1.2.3ms")),
            ("--1ms", .time, .notANumber("--1ms")), ("nan", .count, .notANumber("nan")),
            ("inf", .count, .notANumber("inf")), ("1-2", .count, .notANumber("1-2")),
            ("5", .time, .missingUnit("5", expected: .time)), ("5", .rate, .missingUnit("5", expected: .rate)),
            ("5%", .time, .wrongUnit("5%", expected: .time)), ("5 m s", .time, .wrongUnit("5 m s", expected: .time)),
            ("5ms ", .time, .wrongUnit("5ms ", expected: .time)), ("5MS", .time, .wrongUnit("5MS", expected: .time)),
            ("1e3ms", .time, .wrongUnit("1e3ms", expected: .time)),
            ("0x10", .count, .wrongUnit("0x10", expected: .count)),
            ("5ms", .count, .wrongUnit("5ms", expected: .count)), ("1M", .bytes, .wrongUnit("1M", expected: .bytes)),
            ("999999999999s", .time, .notFinite("999999999999s")),
            ("1000000000000000000", .count, .notFinite("1000000000000000000")),
        ] as [(String, Measures.Unit, Quantity.Problem)])
    func refuses(text: String, unit: Measures.Unit, problem: Quantity.Problem) {
        #expect(throws: problem) { try Quantity.parse(text, as: unit) }
    }

    @Test func refusesNumbersBeyondADouble() {
        let text = String(repeating: "9", count: 400)
        #expect(throws: Quantity.Problem.notFinite(text)) { try Quantity.parse(text, as: .count) }
    }

    @Test func percentagesAreFractions() throws {
        #expect(try Quantity.percentage("12%") == 0.12)
        #expect(throws: Quantity.Problem.missingUnit("12", expected: .share)) { try Quantity.percentage("12") }
    }

    @Test func wordsItsProblems() {
        #expect(Quantity.Problem.notANumber("x").message == "\"x\" is not a number with a unit")
        #expect(
            Quantity.Problem.missingUnit("5", expected: .time).message
                == "\"5\" has no unit; write \"200us\", \"1ms\" or \"2s\"")
        #expect(
            Quantity.Problem.wrongUnit("5ms", expected: .bytes).message
                == "\"5ms\" has the wrong unit; write \"512B\", \"64KiB\" or \"10MB\"")
        #expect(
            Quantity.Problem.wrongUnit("5ms", expected: .count).message
                == "\"5ms\" has the wrong unit; write a plain number")
        #expect(
            Quantity.Problem.missingUnit("5", expected: .share).message == "\"5\" has no unit; write \"0.1%\"")
        #expect(Quantity.Problem.missingUnit("5", expected: .rate).message == "\"5\" has no unit; write \"500/s\"")
        #expect(Quantity.Problem.notFinite("9s").message == "\"9s\" is out of range")
    }

    /// Every example a message gives can be written.
    @Test(arguments: Measures.Unit.allCases)
    func examplesAreRead(unit: Measures.Unit) throws {
        let parts = unit.examples.split(separator: "\"").filter { $0 != ", " && $0 != " or " }.map { String($0) }
        for example in unit == .count ? ["0.5"] : parts {
            #expect(try Quantity.parse(example, as: unit) > 0)
        }
    }
}
