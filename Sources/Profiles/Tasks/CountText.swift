/// A goroutine profile as text: `goroutine?debug=1`.
///
///     goroutine profile: total 12
///     7 @ 0x43e5 0x4406
///     # labels: {"path":"/orders"}
///     #	0x7a31	main.handle+0x51	/src/main.go:40
///
/// Groups end with a blank line. The runtime's own frames are hidden, so most wait states are unknown. Whoever wrote
/// the columns padded them with tabs, so empty cells mean nothing.
enum CountText {
    static func read(_ lines: TextLines, _ limits: ProfileLimits) -> TaskDump? {
        guard let header = (0..<min(lines.count, 64)).first(where: { total(lines[$0]) != nil }),
            let (name, total) = total(lines[header])
        else { return nil }
        var reader = Reader(isLeak: name == "goroutineleak", depth: limits.stackDepth)
        for index in (header + 1)..<max(lines.count, header + 1) { reader.read(lines[index]) }
        reader.endGroup()
        return TaskDump(
            reader.groups,
            unparsed: reader.unparsed,
            truncated: reader.groups.total < total && reader.unparsed == 0
        )
    }

    /// The name and the number of `goroutine profile: total 12`.
    private static func total(_ line: ArraySlice<UInt8>) -> (name: String, total: Int)? {
        guard line.starts(with: "goroutine"), let marker = line.firstRange(of: " profile: total ") else { return nil }
        var rest = line[marker.upperBound...]
        guard let total = rest.takeNumber() else { return nil }
        return (line[..<marker.lowerBound].text, total)
    }

    private struct Reader {
        let isLeak: Bool
        let depth: Int
        var groups = TaskGroups()
        var unparsed = 0
        private var count: Int?
        private var frames: [Frame] = []

        init(isLeak: Bool, depth: Int) {
            self.isLeak = isLeak
            self.depth = depth
        }

        mutating func read(_ line: ArraySlice<UInt8>) {
            if line.trimmed().isEmpty { return endGroup() }
            if line.first == UInt8(ascii: "#") {
                if count != nil, !line.starts(with: "# labels:"), frames.count < depth, let frame = frame(line) {
                    frames.append(frame)
                }
                return
            }
            endGroup()
            var rest = line
            if let number = rest.takeNumber(), rest.starts(with: " @") {
                count = number
            } else {
                unparsed += 1
            }
        }

        mutating func endGroup() {
            if let count {
                let state = WaitState.inferred(from: frames, complete: false)
                groups.add(count, state, frames, leaked: isLeak)
            }
            count = nil
            frames = []
        }

        /// `#`, address, `function+0xoffset` and `file:line`; the last two are absent without symbols.
        private func frame(_ line: ArraySlice<UInt8>) -> Frame? {
            let cells = line.dropFirst().split(separator: UInt8(ascii: "\t")).map { $0.trimmed() }
            guard let address = cells.first, address.starts(with: "0x") else { return nil }
            guard cells.count >= 3 else { return Frame(function: address.text, file: "", line: 0) }
            let function = cells[1].lastRange(of: "+0x").map { cells[1][..<$0.lowerBound] } ?? cells[1]
            let (file, number) = TraceText.fileAndLine(cells[2])
            return Frame(function: function.text, file: file, line: number)
        }
    }
}
