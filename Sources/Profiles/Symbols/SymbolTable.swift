/// The functions of one ELF file by address.
struct SymbolTable {
    struct Symbol {
        let range: Range<UInt64>
        /// Where the name begins in the table's strings.
        fileprivate let name: UInt32
    }

    /// No executable has as many; a table that claims more is cut.
    private static let maximumSymbols = 1 << 22
    private static let maximumStrings = 1 << 30
    /// Names beyond this are cut, so that a table whose strings never end costs no more than it is worth.
    private static let maximumName = 1 << 14
    /// So many bytes tell which of two names of one address comes first.
    private static let maximumComparison = 64

    /// Sorted by where they begin, one for each beginning.
    private var symbols: [Symbol] = []
    private var strings: [UInt8] = []
    /// Whether functions that are not exported have names too.
    private(set) var isComplete = false

    /// Nil for a file without any table.
    ///
    /// The one for debugging is taken where there is one, for it has every function; else the one for linking, which
    /// has those that are exported.
    init?(_ file: ELFFile) {
        for type in [ELFFile.Section.symbols, ELFFile.Section.dynamicSymbols] {
            guard let section = file.sections.first(where: { $0.type == type }), section.link < file.sections.count,
                let bytes = file.bytes(of: section, limit: Self.maximumSymbols * 24),
                let strings = file.bytes(of: file.sections[section.link], limit: Self.maximumStrings)
            else { continue }
            self.strings = strings
            symbols = Self.sorted(bytes, strings: strings, file.sections)
            isComplete = type == ELFFile.Section.symbols
            if !symbols.isEmpty { return }
        }
        return nil
    }

    var count: Int { symbols.count }

    /// The function an address lies in, the smallest where they are nested.
    func symbol(at address: UInt64) -> Symbol? {
        var low = 0
        var high = symbols.count
        while low < high {
            let middle = (low + high) / 2
            if symbols[middle].range.lowerBound <= address { low = middle + 1 } else { high = middle }
        }
        // A function may contain another one, as assembly does with its entry points: then it began a little earlier.
        for index in stride(from: low - 1, through: max(low - 16, 0), by: -1)
        where symbols[index].range.upperBound > address {
            return symbols[index]
        }
        return nil
    }

    func name(_ symbol: Symbol) -> String {
        String(decoding: Self.name(strings, symbol.name), as: UTF8.self)
    }

    /// The functions of given names.
    func find(_ names: Set<String>) -> [String: Symbol] {
        guard !names.isEmpty else { return [:] }
        let lengths = Set(names.map(\.utf8.count))
        var result: [String: Symbol] = [:]
        // Names that share their bytes could make the walk longer than the table by far.
        var budget = 4 * strings.count + 1 << 20
        for symbol in symbols where budget > 0 {
            let bytes = Self.name(strings, symbol.name)
            budget -= bytes.count
            guard lengths.contains(bytes.count) else { continue }
            let name = String(decoding: bytes, as: UTF8.self)
            if names.contains(name) { result[name] = symbol }
        }
        return result
    }

    // MARK: Reading

    private struct Entry {
        let start: UInt64
        /// 0 = not said.
        let size: UInt64
        let name: UInt32
        /// Smaller is better among names of one address.
        let rank: UInt8
    }

    private static func sorted(_ bytes: [UInt8], strings: [UInt8], _ sections: [ELFFile.Section]) -> [Symbol] {
        var entries = bytes.withUnsafeBytes { Self.entries($0, strings: strings, sections) }
        entries.sort { left, right in
            if left.start != right.start { return left.start < right.start }
            if left.rank != right.rank { return left.rank < right.rank }
            let (first, second) = (strings[Int(left.name)...], strings[Int(right.name)...])
            let length = maximumComparison
            return first.prefix(length).prefix { $0 != 0 }
                .lexicographicallyPrecedes(second.prefix(length).prefix { $0 != 0 })
        }
        var best: [Entry] = []
        best.reserveCapacity(entries.count)
        for entry in entries where best.last?.start != entry.start { best.append(entry) }
        return best.indices.compactMap { index -> Symbol? in
            let entry = best[index]
            var end = entry.start &+ entry.size
            // Assembly often says no size; then a function ends where the next one begins.
            if entry.size == 0 { end = index + 1 < best.count ? best[index + 1].start : entry.start &+ 1 }
            return end > entry.start ? Symbol(range: entry.start..<end, name: entry.name) : nil
        }
    }

    private static func entries(
        _ bytes: UnsafeRawBufferPointer,
        strings: [UInt8],
        _ sections: [ELFFile.Section]
    ) -> [Entry] {
        let executable = sections.map { $0.flags & ELFFile.Section.executable != 0 }
        var result: [Entry] = []
        result.reserveCapacity(bytes.count / 24)
        for start in stride(from: 0, to: bytes.count - bytes.count % 24, by: 24) {
            let name = UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: start, as: UInt32.self))
            let info = bytes[start + 4]
            let section = Int(UInt16(littleEndian: bytes.loadUnaligned(fromByteOffset: start + 6, as: UInt16.self)))
            let value = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: start + 8, as: UInt64.self))
            let size = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: start + 16, as: UInt64.self))
            // Functions, indirect functions, and what assembly left without a type.
            let type = info & 15
            guard type == 2 || type == 10 || type == 0, section > 0, section < sections.count, executable[section],
                name > 0, name < strings.count, strings[Int(name)] != 0
            else { continue }
            let binding: UInt8 = info >> 4 == 1 ? 0 : info >> 4 == 2 ? 4 : 8
            // What a library calls its function inside begins with underscores: `__libc_malloc` is `malloc`.
            let underscores = UInt8(strings[Int(name)...].prefix(3).prefix { $0 == 0x5F }.count)
            let rank = (type == 0 ? 32 : 0) + (size == 0 ? 16 : 0) + binding + underscores
            result.append(Entry(start: value, size: size, name: name, rank: rank))
        }
        return result
    }

    private static func name(_ strings: [UInt8], _ start: UInt32) -> ArraySlice<UInt8> {
        strings[Int(start)...].prefix(maximumName).prefix { $0 != 0 }
    }
}
