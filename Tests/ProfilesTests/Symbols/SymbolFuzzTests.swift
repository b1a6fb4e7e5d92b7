import Measures
import Profiles
import TestSupport
import Testing

/// A damaged file ends in names, in addresses or in a reason, never in a trap and never in an endless walk.
@Suite struct SymbolFuzzTests {
    private static let start: UInt64 = 0x5500_0000_1000
    private static let modules = [
        AddressProfile.Module(path: "/srv/app", buildID: "", addresses: start..<(start + 0x1000), fileOffset: 0x1000),
        AddressProfile.Module(path: "/srv/odd", buildID: "", addresses: 0..<UInt64.max, fileOffset: .max - 0x100),
    ]

    /// Returns how many addresses have a name.
    @discardableResult
    private func exercise(_ bytes: [UInt8]) -> Int {
        let addresses = Set((0..<64).map { Self.start + $0 * 0x10 } + [0, .max, 0x80, 0x100])
        let symbols = Symbolizer { _ in SymbolizerTests.reader(bytes) }.symbols(for: addresses, in: Self.modules)
        for place in symbols.places.values {
            _ = NativeFunction.isRuntime(place.function.name, path: place.function.file)
        }
        return symbols.places.count
    }

    private static let seed: [UInt8] = {
        var image = SmallImage()
        image.buildID = [1, 2, 3]
        image.symbols = (0..<24).map { index in
            let names = ["$s3App4workyyYaF", "$s3App4workyyYaFTQ0_", "_ZN5swift9AsyncTaskE", "main", "f@@V1"]
            return .init(
                name: names[index % names.count], value: 0x40_1000 + UInt64(index) * 0x20,
                size: UInt64(index % 3) * 0x10,
                info: [0x12, 0x02, 0x10][index % 3])
        }
        image.exported = Array(image.symbols.prefix(3))
        var units: [UInt8] = []
        var texts: [UInt8] = []
        for version in 2...5 as ClosedRange<UInt64> {
            var lines = SmallLines(version: version)
            lines.files = [("a.swift", 0), ("b.swift", 1)]
            lines.sequences = [
                (
                    (0..<12).map {
                        .init(address: 0x40_1000 + version * 0x100 + $0 * 0x10, file: $0 % 2, line: $0 * $0 * 40)
                    }, 0x40_1000 + version * 0x100 + 0xF0
                )
            ]
            units += lines.unit()
            texts += lines.texts
        }
        image.debug = [(".debug_line", units, 0), (".debug_line_str", texts, 0)]
        return image.bytes
    }()

    @Test func theWholeFileIsRead() {
        #expect(exercise(Self.seed) == 64)
    }

    @Test func everyTruncation() {
        // The table of sections stands at the end, so that a cut file has none.
        for length in 0..<Self.seed.count { #expect(exercise(Array(Self.seed[..<length])) == 0) }
    }

    @Test(arguments: 1...8)
    func mutations(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let numbers: [[UInt8]] = [
            [0xFF], [0], [0x7F], [0x80], [0xFF, 0xFF, 0xFF, 0xFF], [0, 0, 0, 0, 0, 0, 0, 0x80], [1],
            [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F], [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF],
        ]
        for _ in 0..<150 {
            var bytes = Self.seed
            for _ in 0...random.below(4) {
                let place = random.below(bytes.count)
                switch random.below(4) {
                case 0: bytes[place] ^= 1 << UInt8(random.below(8))
                case 1: bytes[place] = UInt8(random.below(256))
                default:
                    for (offset, byte) in numbers[random.below(numbers.count)].enumerated()
                    where place + offset < bytes.count {
                        bytes[place + offset] = byte
                    }
                }
            }
            exercise(bytes)
        }
    }

    /// Line programs of random bytes behind a head that is right.
    @Test func randomPrograms() {
        var random = SeededGenerator(seed: 5)
        for version in [4, 5] as [UInt64] {
            for _ in 0..<300 {
                var lines = SmallLines(version: version)
                lines.sequences = [([.init(address: 0x40_1000, line: 1)], 0x40_1400)]
                var unit = lines.unit()
                let noise = (0..<random.below(200)).map { _ in
                    UInt8(random.below(random.below(2) == 0 ? 256 : 13))
                }
                let length = SmallImage.number(UInt64(unit.count - 4 + noise.count), 4)
                unit.replaceSubrange(0..<4, with: length)
                var image = SmallImage()
                image.symbols = [.init(name: "f", value: 0x40_1000, size: 0x400)]
                image.debug = [(".debug_line", unit + noise, 0), (".debug_line_str", lines.texts, 0)]
                #expect(exercise(image.bytes) == 64)
            }
        }
    }

    /// The names of real programs, with letters exchanged.
    @Test func mutatedNames() {
        var random = SeededGenerator(seed: 17)
        let names = (FunctionNameTests.functions + FunctionNameTests.closures + FunctionNameTests.made)
            .map { Array($0.linkerName.utf8) }
        let letters = Array("aAbcFCTYQ_0159ySgxzGIVOLZWwKJ.@$ ()<>".utf8)
        for _ in 0..<4000 {
            var name = names[random.below(names.count)]
            guard name.count > 8 else { continue }
            for _ in 0...random.below(4) { name[random.below(name.count)] = letters[random.below(letters.count)] }
            let readable = FunctionName.readable(String(decoding: name, as: UTF8.self))
            #expect(!readable.isEmpty)
            #expect(readable.utf8.count <= 4096)
            _ = NativeFunction.isRuntime(readable, path: "")
        }
    }
}
