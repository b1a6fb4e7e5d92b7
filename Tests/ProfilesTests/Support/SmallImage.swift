/// A 64-bit ELF file with symbols, line numbers and one mapped part, and nothing to run.
///
/// Code is at 0x401000 and, in the file, at 0x1000.
struct SmallImage {
    struct Symbol {
        var name: String
        var value: UInt64
        var size: UInt64 = 0x10
        /// Binding and type; 0x12 = a global function.
        var info: UInt8 = 0x12
        /// The section; 1 is `.text`.
        var section: UInt16 = 1
    }

    static let code: UInt64 = 0x40_1000
    static let codeOffset: UInt64 = 0x1000
    static let codeSize: UInt64 = 0x1000

    var symbols: [Symbol] = []
    /// Symbols for linking.
    var exported: [Symbol] = []
    var buildID: [UInt8] = []
    /// Debug sections, with their flags.
    var debug: [(name: String, bytes: [UInt8], flags: UInt64)] = []
    var isWide = true
    var isBig = false

    var bytes: [UInt8] {
        var sections: [(name: String, type: UInt64, flags: UInt64, link: UInt64, bytes: [UInt8])] = [
            ("", 0, 0, 0, []), (".text", 1, 6, 0, []),
        ]
        for (name, type, symbols) in [(".symtab", UInt64(2), symbols), (".dynsym", 11, exported)] where !symbols.isEmpty
        {
            var strings: [UInt8] = [0]
            var table = [UInt8](repeating: 0, count: 24)
            for symbol in symbols {
                table +=
                    Self.number(UInt64(strings.count), 4) + [symbol.info, 0] + Self.number(UInt64(symbol.section), 2)
                table += Self.number(symbol.value, 8) + Self.number(symbol.size, 8)
                strings += Array(symbol.name.utf8) + [0]
            }
            sections.append((name, type, 0, UInt64(sections.count + 1), table))
            sections.append((name == ".symtab" ? ".strtab" : ".dynstr", 3, 0, 0, strings))
        }
        if !buildID.isEmpty {
            let note = Self.number(4, 4) + Self.number(UInt64(buildID.count), 4) + Self.number(3, 4)
            sections.append((".note.gnu.build-id", 7, 2, 0, note + Array("GNU\0".utf8) + buildID))
        }
        for section in debug { sections.append((section.name, 1, section.flags, 0, section.bytes)) }
        sections.append((".shstrtab", 3, 0, 0, []))
        return laidOut(sections)
    }

    /// Head, the mapped part's entry, sections, the table of sections.
    private func laidOut(
        _ given: [(name: String, type: UInt64, flags: UInt64, link: UInt64, bytes: [UInt8])]
    ) -> [UInt8] {
        var sections = given
        var names: [UInt8] = []
        let places = sections.map { section in
            defer { names += Array(section.name.utf8) + [0] }
            return UInt64(names.count)
        }
        sections[sections.count - 1].bytes = names
        var body: [UInt8] = []
        var table: [UInt8] = []
        for (section, name) in zip(sections, places) {
            table += Self.number(name, 4) + Self.number(section.type, 4) + Self.number(section.flags, 8)
            table += Self.number(0, 8) + Self.number(UInt64(120 + body.count), 8)
            table += Self.number(UInt64(section.bytes.count), 8) + Self.number(section.link, 4)
            table += Self.number(0, 4) + Self.number(1, 8) + Self.number(0, 8)
            body += section.bytes
        }
        var head: [UInt8] = [0x7F, 0x45, 0x4C, 0x46, isWide ? 2 : 1, isBig ? 2 : 1, 1]
        head += [UInt8](repeating: 0, count: 9) + Self.number(3, 2) + Self.number(62, 2) + Self.number(1, 4)
        head += Self.number(0, 8) + Self.number(64, 8) + Self.number(UInt64(120 + body.count), 8) + Self.number(0, 4)
        head += Self.number(64, 2) + Self.number(56, 2) + Self.number(1, 2) + Self.number(64, 2)
        head += Self.number(UInt64(sections.count), 2) + Self.number(UInt64(sections.count - 1), 2)
        let mapped =
            Self.number(1, 4) + Self.number(5, 4) + Self.number(Self.codeOffset, 8) + Self.number(Self.code, 8)
            + Self.number(Self.code, 8) + Self.number(Self.codeSize, 8) + Self.number(Self.codeSize, 8)
            + Self.number(0x1000, 8)
        return head + mapped + body + table
    }

    static func number(_ value: UInt64, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * UInt64($0))) }
    }
}
