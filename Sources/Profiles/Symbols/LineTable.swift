/// Where in the sources the addresses of one ELF file come from.
///
/// The line programs are run whole, since nothing else says reliably which addresses each one covers, but only rows
/// that hold an address somebody asked for are kept.
struct LineTable {
    struct Row: Equatable {
        /// Empty = made by the compiler.
        let file: String
        /// 0 = made by the compiler.
        let line: Int
    }

    enum Outcome: Equatable {
        case rows([UInt64: Row])
        /// The file was built without them.
        case none
        /// They cannot be read as they are.
        case compressed
        /// They contradict themselves so much that following them costs more than they are worth.
        case damaged
    }

    /// No executable has more of them.
    private static let maximumBytes = 1 << 30

    /// The rows of addresses in the file; those without a row are missing.
    static func rows(of addresses: [UInt64], in file: ELFFile) -> Outcome {
        guard let section = file.section(named: ".debug_line") else { return .none }
        if section.flags & ELFFile.Section.compressed != 0 { return .compressed }
        guard let bytes = file.bytes(of: section, limit: maximumBytes) else { return .damaged }
        let strings = LineStrings(file)
        let text = file.segments().filter(\.isExecutable).map { segment in
            let (end, overflows) = segment.address.addingReportingOverflow(segment.fileSize)
            return segment.address..<(overflows ? .max : end)
        }
        return rows(of: addresses, in: bytes, strings, text: text)
    }

    private static func rows(
        of addresses: [UInt64],
        in bytes: [UInt8],
        _ strings: LineStrings,
        text: [Range<UInt64>]
    ) -> Outcome {
        var search = LineSearch(addresses, text: text)
        var result: [UInt64: Row] = [:]
        bytes.withUnsafeBytes { buffer in
            var cursor = DWARFCursor(buffer)
            while !search.isExhausted, let unit = LineUnit(&cursor) {
                unit.run(&search)
                let found = search.takeFound()
                guard !found.isEmpty else { continue }
                // Only now, because most units hold nothing of interest.
                let files = unit.files(strings)
                var paths: [UInt64: String] = [:]
                for match in found {
                    let path = paths[match.file] ?? files?.path(match.file) ?? ""
                    paths[match.file] = path
                    result[match.address] = Row(file: path, line: match.line)
                }
            }
        }
        return search.isExhausted ? .damaged : .rows(result)
    }
}

/// Addresses that are looked for in rows as the rows come.
struct LineSearch {
    struct Match {
        let address: UInt64
        let file: UInt64
        let line: Int
    }

    private let wanted: [UInt64]
    private let text: [Range<UInt64>]
    private var isFound: [Bool]
    private var found: [Match] = []
    /// The first wanted address that is not below the sequence so far.
    private var next = 0
    private var row: (address: UInt64, file: UInt64, line: UInt64)?
    private var isDead = false
    /// Each address is passed about once; a table that passes them again and again is hostile.
    private var budget: Int

    init(_ addresses: [UInt64], text: [Range<UInt64>]) {
        wanted = Set(addresses).sorted()
        self.text = text
        isFound = [Bool](repeating: false, count: wanted.count)
        budget = wanted.count * 64 + 4096
    }

    var isExhausted: Bool { budget <= 0 }

    mutating func takeFound() -> [Match] {
        defer { found = [] }
        return found
    }

    /// A row: it speaks for the addresses from its own to that of the row after it.
    @inline(__always)
    mutating func add(address: UInt64, file: UInt64, line: UInt64) {
        if isDead { return }
        guard let previous = row else { return begin(address: address, file: file, line: line) }
        // In one sequence addresses only grow.
        guard address >= previous.address else { return isDead = true }
        if next < wanted.count, wanted[next] < address { pass(to: address, previous) }
        row = (address, file, line)
    }

    mutating func endSequence(address: UInt64) {
        if let previous = row, !isDead, address >= previous.address, next < wanted.count, wanted[next] < address {
            pass(to: address, previous)
        }
        row = nil
        isDead = false
    }

    /// Code that the linker dropped still has rows, at addresses where no code is.
    private mutating func begin(address: UInt64, file: UInt64, line: UInt64) {
        guard text.contains(where: { $0.contains(address) }) else { return isDead = true }
        var low = 0
        var high = wanted.count
        while low < high {
            let middle = (low + high) / 2
            if wanted[middle] < address { low = middle + 1 } else { high = middle }
        }
        next = low
        row = (address, file, line)
    }

    private mutating func pass(to address: UInt64, _ row: (address: UInt64, file: UInt64, line: UInt64)) {
        while next < wanted.count, wanted[next] < address, budget > 0 {
            if !isFound[next] {
                isFound[next] = true
                // A line that a negative step made huge is none.
                let line = Int(Int32(exactly: row.line) ?? 0)
                found.append(Match(address: wanted[next], file: row.file, line: line))
            }
            next += 1
            budget -= 1
        }
    }
}
