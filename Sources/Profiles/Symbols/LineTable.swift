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

    struct Found: Equatable {
        /// Rows by address; addresses without one are missing.
        var rows: [UInt64: Row] = [:]
        /// Where the functions begin, by their first address.
        var beginnings: [UInt64: Row] = [:]
    }

    enum Outcome: Equatable {
        case found(Found)
        /// The file was built without them.
        case none
        /// They cannot be read as they are.
        case compressed
        /// They contradict themselves so much that following them costs more than they are worth.
        case damaged
    }

    /// No executable has more of them.
    private static let maximumBytes = 1 << 30

    /// What the file says of addresses, and of where functions begin.
    static func find(_ addresses: [UInt64], functions: [Range<UInt64>], in file: ELFFile) -> Outcome {
        guard let section = file.section(named: ".debug_line") else { return .none }
        if section.flags & ELFFile.Section.compressed != 0 { return .compressed }
        guard let bytes = file.bytes(of: section, limit: maximumBytes) else { return .damaged }
        let text = file.segments().filter(\.isExecutable).map { segment in
            let (end, overflows) = segment.address.addingReportingOverflow(segment.fileSize)
            return segment.address..<(overflows ? .max : end)
        }
        return run(bytes, LineStrings(file), LineSearch(addresses, functions: functions, text: text))
    }

    private static func run(_ bytes: [UInt8], _ strings: LineStrings, _ start: LineSearch) -> Outcome {
        var search = start
        var result = Found()
        bytes.withUnsafeBytes { buffer in
            var cursor = DWARFCursor(buffer)
            while !search.isExhausted, let unit = LineUnit(&cursor) {
                unit.run(&search)
                let (rows, beginnings) = search.takeFound()
                guard !rows.isEmpty || !beginnings.isEmpty else { continue }
                // Only now, because most units hold nothing of interest.
                let files = unit.files(strings)
                var paths: [UInt64: String] = [:]
                func path(_ number: UInt64) -> String {
                    if let known = paths[number] { return known }
                    let path = files?.path(number) ?? ""
                    paths[number] = path
                    return path
                }
                for match in rows {
                    result.rows[match.address] = Row(file: path(match.row.file), line: match.row.line)
                }
                for candidates in beginnings {
                    result.beginnings[candidates.function] = candidates.beginning(path)
                }
            }
        }
        return search.isExhausted ? .damaged : .found(result)
    }
}
