/// Texts that line programs keep in sections of their own, read when the first of them is asked for.
final class LineStrings {
    private static let maximumBytes = 1 << 30

    private let file: ELFFile
    private var sections: [String: [UInt8]] = [:]

    init(_ file: ELFFile) {
        self.file = file
    }

    func text(in section: String, at offset: UInt64, limit: Int) -> String? {
        if sections[section] == nil {
            sections[section] = file.bytes(of: section, limit: Self.maximumBytes) ?? []
        }
        guard let bytes = sections[section], offset < bytes.count else { return nil }
        return bytes.withUnsafeBytes { buffer in
            var cursor = DWARFCursor(buffer, position: Int(offset))
            return cursor.text(limit: limit)
        }
    }
}

/// The directories and files of one line program.
struct LineFiles {
    private static let maximumPath = 1024
    /// What no unit has more of; entries may share one long name, so that their number bounds the memory.
    private static let maximumCount: UInt64 = 1 << 16
    private static let madeByCompiler = "<compiler-generated>"

    private var directories: [String] = []
    private var files: [(name: String, directory: UInt64)] = []
    private let version: UInt64

    init?(_ start: DWARFCursor, version: UInt64, isWide: Bool, _ strings: LineStrings) {
        self.version = version
        var cursor = start
        guard version == 5 ? read(&cursor, isWide: isWide, strings) : readOld(&cursor) else { return nil }
    }

    /// The path of a file as the compiler recorded it; empty for what the compiler made itself.
    ///
    /// A directory that is not absolute lies below the one the compiler ran in, which is not said here.
    func path(_ number: UInt64) -> String {
        // The numbers begin with 1 before DWARF 5; there, 0 is the directory the compiler ran in.
        guard version == 5 || number > 0 else { return "" }
        let index = version == 5 ? number : number - 1
        guard index < files.count else { return "" }
        let file = files[Int(index)]
        if file.name == Self.madeByCompiler { return "" }
        if file.name.hasPrefix("/") { return file.name }
        let directory = version == 5 ? Int64(clamping: file.directory) : Int64(clamping: file.directory) - 1
        guard directory >= 0, directory < directories.count, !directories[Int(directory)].isEmpty else {
            return file.name
        }
        return directories[Int(directory)] + "/" + file.name
    }

    // MARK: DWARF 2 to 4

    private mutating func readOld(_ cursor: inout DWARFCursor) -> Bool {
        while let name = cursor.text(limit: Self.maximumPath) {
            if name.isEmpty { break }
            directories.append(name)
        }
        while let name = cursor.text(limit: Self.maximumPath) {
            if name.isEmpty { return true }
            guard let directory = cursor.unsigned(), cursor.unsigned() != nil, cursor.unsigned() != nil else {
                return false
            }
            files.append((name, directory))
        }
        return false
    }

    // MARK: DWARF 5

    private mutating func read(_ cursor: inout DWARFCursor, isWide: Bool, _ strings: LineStrings) -> Bool {
        guard let directories = Self.entries(&cursor, isWide: isWide, strings),
            let files = Self.entries(&cursor, isWide: isWide, strings)
        else { return false }
        self.directories = directories.map(\.name)
        self.files = files
        return true
    }

    private static func entries(
        _ cursor: inout DWARFCursor,
        isWide: Bool,
        _ strings: LineStrings
    ) -> [(name: String, directory: UInt64)]? {
        guard let formats = cursor.byte() else { return nil }
        var format: [(content: UInt64, form: UInt64)] = []
        for _ in 0..<formats {
            guard let content = cursor.unsigned(), let form = cursor.unsigned() else { return nil }
            format.append((content, form))
        }
        // Every entry takes a byte at least, since no form that is known takes none.
        guard let count = cursor.unsigned(), count <= min(UInt64(cursor.end - cursor.position), maximumCount),
            count == 0 || !format.isEmpty
        else { return nil }
        var result: [(name: String, directory: UInt64)] = []
        for _ in 0..<count {
            var entry: (name: String, directory: UInt64) = ("", 0)
            for (content, form) in format {
                switch (content, value(form, &cursor, isWide: isWide, strings)) {
                case (_, nil): return nil
                case (1, .text(let name)): entry.name = name
                case (2, .number(let directory)): entry.directory = directory
                default: break
                }
            }
            result.append(entry)
        }
        return result
    }

    private enum Value {
        case text(String)
        case number(UInt64)
        case other
    }

    private static func value(
        _ form: UInt64,
        _ cursor: inout DWARFCursor,
        isWide: Bool,
        _ strings: LineStrings
    ) -> Value? {
        func text(in section: String) -> Value? {
            guard let offset = cursor.offset(isWide: isWide) else { return nil }
            return .text(strings.text(in: section, at: offset, limit: maximumPath) ?? "")
        }
        switch form {
        case 0x08: return cursor.text(limit: maximumPath).map { .text($0) }
        case 0x0E: return text(in: ".debug_str")
        case 0x1F: return text(in: ".debug_line_str")
        case 0x0B: return cursor.number(1).map { .number($0) }
        case 0x05: return cursor.number(2).map { .number($0) }
        case 0x06: return cursor.number(4).map { .number($0) }
        case 0x07: return cursor.number(8).map { .number($0) }
        case 0x0F: return cursor.unsigned().map { .number($0) }
        case 0x1E: return cursor.skip(16) ? .other : nil
        case 0x09: return cursor.unsigned().flatMap { cursor.skip($0) ? .other : nil }
        default: return nil
        }
    }
}
