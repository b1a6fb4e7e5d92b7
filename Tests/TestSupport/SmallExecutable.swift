/// An ELF file with sections and nothing to run.
package struct SmallExecutable {
    package var isWide: Bool
    package var isBig: Bool
    /// Names with what the sections hold.
    package var sections: [(name: String, bytes: [UInt8])]
    /// Where a section's header is to be otherwise, as its type and flags.
    package var type: UInt64
    package var flags: UInt64

    package init(
        isWide: Bool = true, isBig: Bool = false, sections: [(name: String, bytes: [UInt8])] = [], type: UInt64 = 1,
        flags: UInt64 = 0
    ) {
        self.isWide = isWide
        self.isBig = isBig
        self.sections = sections
        self.type = type
        self.flags = flags
    }

    /// Head, sections, their names, then the table.
    package var bytes: [UInt8] {
        let headSize = isWide ? 64 : 52
        var body: [UInt8] = []
        var names: [UInt8] = [0]
        var table = header(name: 0, type: 0, flags: 0, offset: 0, size: 0)
        for section in sections {
            table += header(
                name: names.count, type: type, flags: flags, offset: headSize + body.count, size: section.bytes.count)
            names += Array(section.name.utf8) + [0]
            body += section.bytes
        }
        let ofNames = names.count
        names += Array(".shstrtab".utf8) + [0]
        table += header(name: ofNames, type: 3, flags: 0, offset: headSize + body.count, size: names.count)
        body += names
        var head: [UInt8] =
            [0x7F, 0x45, 0x4C, 0x46, isWide ? 2 : 1, isBig ? 2 : 1, 1] + [UInt8](repeating: 0, count: 9)
        head += number(2, 2) + number(0, 2) + number(1, 4)
        head += word(0) + word(0) + word(UInt64(headSize + body.count)) + number(0, 4)
        head += number(UInt64(headSize), 2) + number(0, 2) + number(0, 2)
        head += number(isWide ? 64 : 40, 2) + number(UInt64(sections.count + 2), 2)
        head += number(UInt64(sections.count + 1), 2)
        return head + body + table
    }

    private func header(name: Int, type: UInt64, flags: UInt64, offset: Int, size: Int) -> [UInt8] {
        let start = number(UInt64(name), 4) + number(type, 4) + word(flags)
        return start + word(0) + word(UInt64(offset)) + word(UInt64(size)) + number(0, 8) + word(1) + word(0)
    }

    private func word(_ value: UInt64) -> [UInt8] { number(value, isWide ? 8 : 4) }

    private func number(_ value: UInt64, _ count: Int) -> [UInt8] {
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * UInt64($0))) }
        return isBig ? bytes.reversed() : bytes
    }

    /// What Go's linker writes, with the build settings as lines.
    package static func go(_ settings: [String], version: String = "go1.27.3") -> [UInt8] {
        let module = (["path\texample.org/api", "mod\texample.org/api\t(devel)\t"] + settings.map { "build\t\($0)" })
            .map { $0 + "\n" }.joined()
        let mark = [UInt8](repeating: 0xF9, count: 16)
        let head = [0xFF] + Array(" Go buildinf:".utf8) + [8, 2]
        return head + [UInt8](repeating: 0, count: 32 - head.count) + string(Array(version.utf8))
            + string(mark + Array(module.utf8) + mark)
    }

    private static func string(_ bytes: [UInt8]) -> [UInt8] {
        var length: [UInt8] = []
        var rest = bytes.count
        while rest >= 0x80 {
            length.append(UInt8(rest & 0x7F) | 0x80)
            rest >>= 7
        }
        return length + [UInt8(rest)] + bytes
    }
}
