import Profiles
import Testing

/// Lines of addresses, from line programs assembled by hand; those of a real program are in `SymbolizerTests`.
@Suite struct LineTests {
    private static let start: UInt64 = 0x5500_0000_1000
    private static let module = AddressProfile.Module(
        path: "/srv/app", buildID: "", addresses: start..<(start + SmallImage.codeSize),
        fileOffset: SmallImage.codeOffset)

    /// What two functions, at 0x401010 and 0x401100, are said to be at some of their addresses.
    private func lines(_ units: [UInt8], texts: [UInt8] = [], flags: UInt64 = 0, _ offsets: UInt64...) -> [String] {
        var image = SmallImage()
        image.symbols = [
            .init(name: "f", value: 0x40_1010, size: 0x40), .init(name: "g", value: 0x40_1100, size: 0x40),
        ]
        image.debug = [(".debug_line", units, flags), (".debug_line_str", texts, 0)]
        let symbols = symbols(image, offsets)
        return offsets.map { offset in
            guard let place = symbols.places[Self.start + offset] else { return "-" }
            return "\(place.function.name) \(place.function.file):\(place.function.line) at \(place.line)"
        } + symbols.problems.map(\.reason)
    }

    private func symbols(_ image: SmallImage, _ offsets: [UInt64]) -> Symbols {
        let bytes = image.bytes
        return Symbolizer { _ in SymbolizerTests.reader(bytes) }
            .symbols(for: Set(offsets.map { Self.start + $0 }), in: [Self.module])
    }

    private func program(_ version: UInt64, isWide: Bool = false) -> SmallLines {
        var lines = SmallLines(version: version, isWide: isWide)
        lines.directories = ["/src", "/src/lib"]
        // Files count from 1 before DWARF 5, and directories too.
        let first: UInt64 = version == 5 ? 0 : 1
        lines.files = [
            ("a.swift", first), ("b.swift", first + 1), ("/abs.swift", first), ("<compiler-generated>", first),
        ]
        lines.sequences = [
            (
                [
                    .init(address: 0x40_1010, file: first, line: 7), .init(address: 0x40_1018, file: first, line: 9),
                    .init(address: 0x40_1020, file: first + 1, line: 2),
                    .init(address: 0x40_1028, file: first, line: 1000),
                    .init(address: 0x40_1040, file: first, line: 0),
                ], 0x40_1050
            ),
            ([.init(address: 0x40_1100, file: first + 2, line: 3)], 0x40_1120),
        ]
        return lines
    }

    private static let expected = [
        "f /src/a.swift:7 at 7", "f /src/a.swift:7 at 7", "f /src/a.swift:7 at 9", "f /src/a.swift:7 at 0",
        "f /src/a.swift:7 at 1000", "f /src/a.swift:7 at 0", "g /abs.swift:3 at 3", "g /abs.swift:3 at 0",
    ]

    @Test(arguments: [2, 3, 4, 5] as [UInt64], [false, true])
    func everyVersion(version: UInt64, isWide: Bool) {
        var program = program(version, isWide: isWide)
        let unit = program.unit()
        // 0x20 was inlined from another file; 0x120 lies behind the second sequence.
        #expect(
            lines(unit, texts: program.texts, 0x10, 0x17, 0x18, 0x20, 0x28, 0x40, 0x11F, 0x120) == Self.expected)
    }

    @Test func fileOfAnotherDirectory() {
        var program = program(4)
        program.sequences = [([.init(address: 0x40_1010, file: 2, line: 4)], 0x40_1020)]
        #expect(lines(program.unit(), 0x10) == ["f /src/lib/b.swift:4 at 4"])
        program.files[1].directory = 0
        #expect(lines(program.unit(), 0x10) == ["f b.swift:4 at 4"])
        program.files[1].directory = 9
        #expect(lines(program.unit(), 0x10) == ["f b.swift:4 at 4"])
    }

    /// A file that is not there, or that the compiler made up.
    @Test(arguments: [0, 4, 5, 1_000_000] as [UInt64])
    func noSourceFile(file: UInt64) {
        var program = program(4)
        program.sequences = [([.init(address: 0x40_1010, file: file, line: 4)], 0x40_1020)]
        #expect(lines(program.unit(), 0x10) == ["f :0 at 0"])
    }

    @Test func severalUnits() {
        var first = program(4)
        first.sequences.removeLast()
        var second = program(4)
        second.sequences.removeFirst()
        var unknown = first.unit()
        unknown[4] = 9
        #expect(
            lines(unknown + first.unit() + second.unit(), 0x10, 0x100) == [
                "f /src/a.swift:7 at 7", "g /abs.swift:3 at 3",
            ])
    }

    /// The linker leaves rows of code that it dropped, at addresses where no code is.
    @Test func droppedCode() {
        var program = program(4)
        program.sequences.insert(([.init(address: 0, file: 2, line: 77)], 0x50_0000), at: 0)
        #expect(lines(program.unit(), 0x10) == ["f /src/a.swift:7 at 7"])
    }

    /// The ways in which the compiler says where a function begins.
    @Test func beginnings() {
        func beginning(_ rows: SmallLines.Row...) -> [String] {
            var program = program(4)
            program.sequences = [(rows, 0x40_1080)]
            return lines(program.unit(), 0x30)
        }
        // At the first address, before a row of the compiler's that stands there too.
        #expect(
            beginning(
                .init(address: 0x40_1010, line: 7), .init(address: 0x40_1010, file: 4, line: 0),
                .init(address: 0x40_1020, line: 12)) == ["f /src/a.swift:7 at 12"])
        // Behind a prologue without a line, in the same file; what lies between was inlined.
        #expect(
            beginning(
                .init(address: 0x40_1010, line: 0), .init(address: 0x40_1018, file: 2, line: 99),
                .init(address: 0x40_1020, line: 12)) == ["f /src/a.swift:12 at 12"])
        // Not where the prologue ends, when it is the compiler's: that may come from anywhere.
        #expect(
            beginning(
                .init(address: 0x40_1010, file: 4, line: 0), .init(address: 0x40_1018, line: 5),
                .init(address: 0x40_1020, line: 9, endsPrologue: true)) == ["f :0 at 0"])
        // In the file of the first row, without a line.
        #expect(
            beginning(.init(address: 0x40_1010, line: 0), .init(address: 0x40_1020, file: 2, line: 3))
                == ["f /src/a.swift:0 at 0"])
        // Nowhere: all of it is the compiler's, or was inlined.
        #expect(
            beginning(.init(address: 0x40_1010, file: 4, line: 0), .init(address: 0x40_1020, file: 2, line: 3))
                == ["f :0 at 0"])
        // Not in the function behind it.
        #expect(
            beginning(
                .init(address: 0x40_1010, file: 4, line: 0), .init(address: 0x40_1050, line: 3, endsPrologue: true))
                == ["f :0 at 0"])
        // Nor in the one before it.
        #expect(beginning(.init(address: 0x40_1000, line: 3)) == ["f :0 at 0"])
    }

    /// Parts name the line where the whole begins, not where they do.
    @Test func partsBeginWhereTheWholeDoes() {
        var image = SmallImage()
        let whole = "$s3App4workyyYaF"
        image.symbols = [
            .init(name: whole, value: 0x40_1010), .init(name: whole + "TQ0_", value: 0x40_1020),
            .init(name: whole + "TY1_", value: 0x40_1028, size: 4),
        ]
        var program = program(4)
        image.debug = [(".debug_line", program.unit(), 0)]
        let symbols = symbols(image, [0x10, 0x20, 0x28])
        let functions = Set(symbols.places.values.map { "\($0.function.name) \($0.function.file):\($0.function.line)" })
        #expect(functions == ["App.work() /src/a.swift:7"])
        #expect([0x10, 0x20, 0x28].map { symbols.places[Self.start + $0]?.line } == [7, 0, 1000])
        // The same when the parts are asked about first, and alone.
        #expect(
            self.symbols(image, [0x28]).places.values.map { "\($0.function.file):\($0.function.line)" }
                == ["/src/a.swift:7"])
    }

    /// A second question goes on where the first one ended.
    @Test func laterQuestions() {
        var image = SmallImage()
        image.symbols = [.init(name: "f", value: 0x40_1010, size: 0x40)]
        var program = program(4)
        image.debug = [(".debug_line", program.unit(), 0)]
        let bytes = image.bytes
        let symbolizer = Symbolizer { _ in SymbolizerTests.reader(bytes) }
        for (offset, line) in [(0x10, 7), (0x18, 9), (0x28, 1000), (0x10, 7)] as [(UInt64, Int)] {
            let place = symbolizer.symbols(for: [Self.start + offset], in: [Self.module]).places[Self.start + offset]
            #expect(place?.line == line)
            #expect(place?.function.file == "/src/a.swift")
        }
    }

    // MARK: What cannot be read

    @Test func withoutLinesThereIsNothingToSay() {
        var image = SmallImage()
        image.symbols = [.init(name: "f", value: 0x40_1010)]
        #expect(symbols(image, [0x10]).problems.isEmpty)
        #expect(lines([], 0x10) == ["f :0 at 0"])
    }

    @Test func compressedLinesAreAReason() {
        var program = program(4)
        #expect(
            lines(program.unit(), flags: 0x800, 0x10)
                == ["f :0 at 0", "its line numbers are compressed, which is not read"])
    }

    /// Rows that pass the same addresses over and over again, to keep the reader busy.
    @Test func endlessRepetitionIsGivenUp() {
        var program = program(4)
        program.sequences = Array(repeating: ([.init(address: 0x40_1000, line: 5)], 0x40_2000), count: 5000)
        let addresses = (0..<0x40).map { 0x10 + $0 } as [UInt64]
        var image = SmallImage()
        image.symbols = [.init(name: "f", value: 0x40_1010, size: 0x40)]
        image.debug = [(".debug_line", program.unit(), 0)]
        let symbols = symbols(image, addresses)
        #expect(symbols.problems == [.init(module: "/srv/app", reason: "its line numbers are damaged")])
        #expect(symbols.places.count == 0x40)
    }

    /// Entries without any field could be as many as a number can say.
    @Test func tablesOfNothing() {
        var program = program(5)
        program.directories = []
        program.files = []
        var unit = program.unit()
        // The number of formats of the directories, and behind it their count.
        let formats = 4 + 2 + 2 + 4 + 6 + 12
        #expect(unit[formats] == 1)
        unit.replaceSubrange(formats..<(formats + 4), with: [0, 0xFF, 0xFF, 0x7F])
        #expect(lines(unit, 0x10) == ["f :0 at 0"])
    }
}
