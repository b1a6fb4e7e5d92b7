/// A line program, assembled by hand.
struct SmallLines {
    struct Row {
        var address: UInt64
        var file: UInt64 = 1
        var line: UInt64
        var endsPrologue = false
    }

    var version: UInt64 = 4
    var isWide = false
    var directories = ["/src"]
    /// Names with the number of a directory.
    var files: [(name: String, directory: UInt64)] = [("a.swift", 1)]
    /// Each with where it ends.
    var sequences: [(rows: [Row], end: UInt64)] = []
    /// The texts of DWARF 5 that are kept apart; files refer to them in turn.
    private(set) var texts: [UInt8] = []

    /// The unit; texts of a fifth version go to `texts`.
    mutating func unit() -> [UInt8] {
        var body = head()
        let lengths: [UInt8] = [0, 1, 1, 1, 1, 0, 0, 0, 1, 0, 0, 1]
        var rest: [UInt8] = [1] + (version >= 4 ? [1] : []) + [1, UInt8(bitPattern: -5), 14, 13] + lengths
        rest += version == 5 ? newTables() : oldTables()
        body += SmallImage.number(UInt64(rest.count), isWide ? 8 : 4) + rest
        for sequence in sequences { body += program(sequence.rows, end: sequence.end) }
        let length = SmallImage.number(UInt64(body.count), isWide ? 8 : 4)
        return (isWide ? [0xFF, 0xFF, 0xFF, 0xFF] : []) + length + body
    }

    private func head() -> [UInt8] { SmallImage.number(version, 2) + (version == 5 ? [8, 0] : []) }

    private func oldTables() -> [UInt8] {
        var bytes: [UInt8] = []
        for directory in directories { bytes += Array(directory.utf8) + [0] }
        bytes.append(0)
        for file in files { bytes += Array(file.name.utf8) + [0] + ProtobufWriter.varint(file.directory) + [0, 0] }
        return bytes + [0]
    }

    /// Directories by their text, files by where their text is, with a checksum.
    private mutating func newTables() -> [UInt8] {
        var bytes: [UInt8] = [1, 1, 0x08] + ProtobufWriter.varint(UInt64(directories.count))
        for directory in directories { bytes += Array(directory.utf8) + [0] }
        bytes += [3, 1, 0x1F, 2, 0x0B, 5, 0x1E] + ProtobufWriter.varint(UInt64(files.count))
        for file in files {
            bytes += SmallImage.number(UInt64(texts.count), isWide ? 8 : 4) + [UInt8(file.directory)]
            bytes += [UInt8](repeating: 7, count: 16)
            texts += Array(file.name.utf8) + [0]
        }
        return bytes
    }

    /// The first row by address, each further one by the shortest step there is for it.
    private func program(_ rows: [Row], end: UInt64) -> [UInt8] {
        guard let first = rows.first else { return [] }
        var bytes: [UInt8] = [0, 9, 2] + SmallImage.number(first.address, 8)
        var (address, file, line) = (first.address, UInt64(1), UInt64(1))
        for row in rows {
            if row.endsPrologue { bytes.append(10) }
            if row.file != file { bytes += [4] + ProtobufWriter.varint(row.file) }
            let step = Int64(bitPattern: row.line &- line)
            let gap = row.address &- address
            if (-5..<9).contains(step), gap <= 16 {
                bytes.append(UInt8(13 + Int64(gap) * 14 + step + 5))
            } else {
                bytes += [2] + ProtobufWriter.varint(gap) + [3] + Self.signed(step) + [1]
            }
            (address, file, line) = (row.address, row.file, row.line)
        }
        return bytes + [2] + ProtobufWriter.varint(end &- address) + [0, 1, 1]
    }

    private static func signed(_ value: Int64) -> [UInt8] {
        var rest = value
        var bytes: [UInt8] = []
        while true {
            let byte = UInt8(truncatingIfNeeded: rest & 0x7F)
            rest >>= 7
            if rest == 0 && byte & 0x40 == 0 || rest == -1 && byte & 0x40 != 0 { return bytes + [byte] }
            bytes.append(byte | 0x80)
        }
    }
}
