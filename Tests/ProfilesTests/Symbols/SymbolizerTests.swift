import Measures
import Profiles
import TestSupport
import Testing

#if canImport(Glibc)
    import Glibc
#endif

/// Names of addresses, from files made by hand and from the process that runs the tests.
@Suite struct SymbolizerTests {
    private static let start: UInt64 = 0x5500_0000_1000

    private func module(_ path: String = "/srv/app", buildID: String = "") -> AddressProfile.Module {
        AddressProfile.Module(
            path: path, buildID: buildID, addresses: Self.start..<(Self.start + SmallImage.codeSize),
            fileOffset: SmallImage.codeOffset)
    }

    private func symbols(
        _ image: SmallImage, _ places: [UInt64], in module: AddressProfile.Module? = nil
    ) -> Symbols {
        symbols(image.bytes, places, in: module)
    }

    private func symbols(_ bytes: [UInt8], _ places: [UInt64], in module: AddressProfile.Module? = nil) -> Symbols {
        let addresses = Set(places.map { Self.start + ($0 - SmallImage.code) })
        return Symbolizer { _ in SymbolizerTests.reader(bytes) }.symbols(for: addresses, in: [module ?? self.module()])
    }

    static func reader(_ bytes: [UInt8]) -> ELFFile.Reader {
        { offset, count in
            guard offset <= bytes.count, count <= bytes.count - Int(offset) else { return nil }
            return Array(bytes[Int(offset)...].prefix(count))
        }
    }

    private func names(_ image: SmallImage, _ places: [UInt64]) -> [String] {
        let symbols = symbols(image, places)
        return places.map { symbols.places[Self.start + ($0 - SmallImage.code)]?.function.name ?? "-" }
    }

    // MARK: Symbols

    @Test func addressesLieInFunctions() {
        var image = SmallImage()
        image.symbols = [
            .init(name: "second", value: 0x40_1020, size: 8), .init(name: "first", value: 0x40_1010, size: 0x10),
        ]
        #expect(
            names(image, [0x40_1010, 0x40_101F, 0x40_1020, 0x40_1027, 0x40_1028, 0x40_100F])
                == ["first", "first", "second", "second", "app+0x401028", "app+0x40100f"])
    }

    @Test func theNameOfTheLibrarysUserIsTaken() {
        var image = SmallImage()
        image.symbols = [
            .init(name: "__libc_malloc", value: 0x40_1010), .init(name: "malloc", value: 0x40_1010),
            .init(name: "local", value: 0x40_1020, info: 0x02), .init(name: "weak", value: 0x40_1020, info: 0x22),
            .init(name: "label", value: 0x40_1030, info: 0x10), .init(name: "function", value: 0x40_1030),
            .init(name: "b", value: 0x40_1040), .init(name: "a", value: 0x40_1040),
        ]
        #expect(
            names(image, [0x40_1010, 0x40_1020, 0x40_1030, 0x40_1040]) == ["malloc", "weak", "function", "a"])
    }

    @Test func whatIsNoFunctionNamesNothing() {
        var image = SmallImage()
        image.symbols = [
            .init(name: "data", value: 0x40_1010, info: 0x11), .init(name: "elsewhere", value: 0x40_1020, section: 2),
            .init(name: "undefined", value: 0x40_1030, section: 0), .init(name: "", value: 0x40_1040),
            .init(name: "f", value: 0x40_1100),
        ]
        #expect(
            names(image, [0x40_1010, 0x40_1020, 0x40_1030, 0x40_1040])
                == ["app+0x401010", "app+0x401020", "app+0x401030", "app+0x401040"])
    }

    @Test func assemblyWithoutSizesEndsAtTheNextFunction() {
        var image = SmallImage()
        image.symbols = [
            .init(name: "bare", value: 0x40_1010, size: 0, info: 0x10), .init(name: "next", value: 0x40_1018, size: 4),
            .init(name: "last", value: 0x40_1020, size: 0),
        ]
        #expect(
            names(image, [0x40_1017, 0x40_1018, 0x40_101C, 0x40_1020, 0x40_1021])
                == ["bare", "next", "app+0x40101c", "last", "app+0x401021"])
    }

    @Test func theInnerOfTwoFunctionsIsTaken() {
        var image = SmallImage()
        image.symbols = [
            .init(name: "outer", value: 0x40_1010, size: 0x40), .init(name: "inner", value: 0x40_1020, size: 8),
        ]
        #expect(
            names(image, [0x40_1018, 0x40_1020, 0x40_1030, 0x40_1050]) == ["outer", "inner", "outer", "app+0x401050"])
    }

    @Test func exportedSymbolsAreTheSecondChoice() {
        var image = SmallImage()
        image.exported = [.init(name: "exported", value: 0x40_1010)]
        #expect(names(image, [0x40_1010]) == ["exported"])
        #expect(symbols(image, [0x40_1010]).problems.isEmpty)
        #expect(
            symbols(image, [0x40_1010, 0x40_1100]).problems
                == [.init(module: "/srv/app", reason: "it was stripped: only the functions it exports have names")])
        image.symbols = [.init(name: "every", value: 0x40_1010)]
        #expect(names(image, [0x40_1010]) == ["every"])
        #expect(symbols(image, [0x40_1010, 0x40_1100]).problems.isEmpty)
    }

    @Test func linkersNamesAreKept() throws {
        var image = SmallImage()
        image.symbols = [.init(name: "$s3App4workyyYaFTQ1_", value: 0x40_1010)]
        let place = try #require(symbols(image, [0x40_1010]).places[Self.start + 0x10])
        #expect(place == Symbols.Place(function: .init(name: "App.work()", linkerName: "$s3App4workyyYaFTQ1_")))
    }

    // MARK: Modules

    @Test func everyFileIsOpenedOnce() {
        var image = SmallImage()
        image.symbols = [.init(name: "f", value: 0x40_1010, size: 0x20)]
        let bytes = image.bytes
        var opened: [String] = []
        let symbolizer = Symbolizer { module in
            opened.append(module.path)
            return SymbolizerTests.reader(bytes)
        }
        let other = AddressProfile.Module(
            path: "/lib/b.so", buildID: "", addresses: 0x10_0000..<0x10_1000, fileOffset: 0x1000)
        for address in [Self.start + 0x10, Self.start + 0x11] {
            let symbols = symbolizer.symbols(for: [address, 0x10_0010, 0x20_0000], in: [module(), other])
            #expect(symbols.places.mapValues(\.function.name) == [address: "f", 0x10_0010: "f"])
        }
        #expect(opened == ["/srv/app", "/lib/b.so"])
    }

    @Test func aModuleNobodyAsksAboutIsNotOpened() {
        let symbolizer = Symbolizer { _ in
            Issue.record("opened")
            return nil
        }
        #expect(symbolizer.symbols(for: [1], in: [module()]) == Symbols())
    }

    @Test func reasonsWhyNothingIsNamed() {
        func reason(_ bytes: [UInt8]?, buildID: String = "") -> [String] {
            let symbols = Symbolizer { _ in bytes.map { SymbolizerTests.reader($0) } }
                .symbols(for: [Self.start + 0x10], in: [module(buildID: buildID)])
            #expect(symbols.places.isEmpty)
            #expect(symbols.problems.allSatisfy { $0.module == "/srv/app" })
            return symbols.problems.map(\.reason)
        }
        var image = SmallImage()
        #expect(reason(nil) == ["the file cannot be read"])
        #expect(reason([]) == ["the file is no ELF file, or a damaged one"])
        #expect(reason(image.bytes) == ["the file has no symbol table: it was stripped"])
        image.symbols = [.init(name: "f", value: 0x40_1010)]
        image.isBig = true
        #expect(reason(image.bytes) == ["the file is no ELF file, or a damaged one"])
        image.isBig = false
        #expect(
            reason(image.bytes, buildID: "ab") == ["the file is not the one that was mapped: its build id is now none"])
        image.buildID = [0x0A, 0xBC]
        #expect(
            reason(image.bytes, buildID: "ab") == ["the file is not the one that was mapped: its build id is now 0abc"])
        #expect(symbols(image, [0x40_1010], in: module(buildID: "0abc")).places.count == 1)
    }

    @Test(arguments: [(false, false), (true, true), (false, true)])
    func otherMachinesAreRefused(isWide: Bool, isBig: Bool) {
        let file = SmallExecutable(isWide: isWide, isBig: isBig, sections: [(".comment", [0])])
        #expect(
            symbols(file.bytes, [0x40_1010]).problems.map(\.reason)
                == ["the file is not for a 64-bit little-endian machine"])
    }

    // MARK: This process

    /// Returns its own address, which the optimiser cannot move elsewhere.
    @Test func thisProcess() throws {
        let here: @convention(c) (Int32) -> Int32 = { $0 + 1 }
        let line = #line - 1
        let own = UInt64(UInt(bitPattern: unsafeBitCast(here, to: UnsafeRawPointer.self)))
        let allocate = try #require(dlsym(nil, "swift_allocObject"))
        let addresses = [own, UInt64(UInt(bitPattern: allocate))]
        let symbols = Symbolizer(open: Self.file).symbols(for: Set(addresses), in: try Self.modules())
        let place = try #require(symbols.places[own])
        #expect(place.function.name == "closure #1 in ProfilesTests.SymbolizerTests.thisProcess()")
        #expect(place.function.file.hasSuffix("/Tests/ProfilesTests/Symbols/SymbolizerTests.swift"))
        #expect(place.function.line == line)
        #expect(symbols.places[addresses[1]]?.function.name == "swift_allocObject")
    }

    /// The executable mappings of this process.
    static func modules() throws -> [AddressProfile.Module] {
        let text = try #require(Repository.contents("/proc/self/maps"))
        return text.split(separator: "\n").compactMap { line in
            let words = line.split(separator: " ", maxSplits: 5, omittingEmptySubsequences: true)
            guard words.count == 6, words[1].contains("x"), words[5].contains("/") else { return nil }
            let bounds = words[0].split(separator: "-").compactMap { UInt64($0, radix: 16) }
            guard bounds.count == 2, let offset = UInt64(words[2], radix: 16) else { return nil }
            let path = String(words[5].drop { $0 == " " })
            return AddressProfile.Module(
                path: path, buildID: "", addresses: bounds[0]..<bounds[1], fileOffset: offset)
        }
    }

    static func file(_ module: AddressProfile.Module) -> ELFFile.Reader? {
        Repository.bytes(module.path).map { reader($0) }
    }
}
