/// A stack dump: `goroutine?debug=2`, or what a Go process prints when it crashes or receives SIGQUIT.
///
/// The text carries no promise of stability, and it is often found in a log: whatever a line is not known to be is
/// passed over, and only what looks like a goroutine and cannot be read is counted.
struct TraceText {
    private let depth: Int
    private var groups = TaskGroups()
    private var unparsed = 0
    private var found = false

    /// The goroutine being read.
    private var header: TraceHeader?
    private var frames: [Frame] = []
    private var createdBy: Frame?
    /// A function line, still without its file line.
    private var function: (name: String, isCreator: Bool)?
    /// What a log puts before each line, as a number of spaces; nil between goroutines of an unprefixed dump.
    private var prefixSpaces = 0
    /// Whether the creator has been read: ancestors may follow, whose frames are not this goroutine's.
    private var isComplete = false

    /// The endpoint stops its output here.
    private static let largestDump = 64 << 20

    static func read(_ lines: TextLines, _ limits: ProfileLimits) -> TaskDump? {
        var reader = TraceText(depth: limits.stackDepth)
        for index in 0..<lines.count { reader.read(lines[index]) }
        // A dump ends between lines of a goroutine only when it was cut.
        let isCut = reader.function != nil && reader.header != nil
        let isFull = lines.bytes.count >= largestDump && reader.header != nil && reader.createdBy == nil
        reader.endTask()
        guard reader.found else { return nil }
        return TaskDump(reader.groups, unparsed: reader.unparsed, truncated: isCut || isFull)
    }

    private init(depth: Int) {
        self.depth = depth
    }

    private mutating func read(_ whole: ArraySlice<UInt8>) {
        if let start = Self.headerStart(whole) {
            endTask()
            found = true
            prefixSpaces = whole[..<start].count { $0 == 0x20 }
            header = TraceHeader(whole[start...])
            if header == nil { unparsed += 1 }
            return
        }
        guard header != nil else { return }
        guard let line = withoutPrefix(whole), !line.trimmed().isEmpty else { return endTask() }
        if line.first == 0x09 || (function != nil && line.starts(with: "    ")) { return readFile(line.trimmed()) }
        readFunction(line)
    }

    /// Where a goroutine's header begins in a line.
    private static func headerStart(_ line: ArraySlice<UInt8>) -> Int? {
        if TraceHeader.isLikely(line, strict: false) { return line.startIndex }
        guard line.last == UInt8(ascii: ":"), let range = line.firstRange(of: "goroutine "),
            range.lowerBound > line.startIndex, [0x20, 0x09].contains(line[range.lowerBound - 1]),
            TraceHeader.isLikely(line[range.lowerBound...], strict: true)
        else { return nil }
        return range.lowerBound
    }

    /// The line as the process printed it; nil when nothing is left.
    private func withoutPrefix(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        var rest = line
        for _ in 0..<prefixSpaces {
            guard let space = rest.firstIndex(of: 0x20) else { return nil }
            rest = rest[(space + 1)...]
        }
        return rest
    }

    private mutating func readFunction(_ line: ArraySlice<UInt8>) {
        function = nil
        if line.starts(with: "[originating from ") {
            isComplete = true
            return
        }
        if isComplete { return }
        if line.starts(with: "created by ") {
            var name = line.dropFirst(11)
            if let goroutine = name.firstRange(of: " in goroutine ") { name = name[..<goroutine.lowerBound] }
            function = (name.text, true)
        } else if let open = line.lastIndex(of: UInt8(ascii: "(")), line.last == UInt8(ascii: ")"),
            open > line.startIndex
        {
            function = (line[..<Self.argumentsStart(line, open)].text, false)
        } else if line.starts(with: "non-Go function") {
            function = ("non-Go function", false)
        }
    }

    /// The parenthesis that opens the arguments: the last one at the outer level, for arguments may hold structures.
    private static func argumentsStart(_ line: ArraySlice<UInt8>, _ last: Int) -> Int {
        var depth = 0
        for index in line.indices.reversed() {
            if line[index] == UInt8(ascii: ")") { depth += 1 }
            if line[index] == UInt8(ascii: "(") {
                depth -= 1
                if depth == 0 { return index }
            }
        }
        return last
    }

    private mutating func readFile(_ line: ArraySlice<UInt8>) {
        guard let (name, isCreator) = function else { return }
        function = nil
        var place = line
        // After the place: ` +0x1f`, ` fp=0x… sp=0x… pc=0x…`.
        for mark in [place.firstRange(of: " +0x"), place.firstRange(of: " fp=0x")].compactMap({ $0 }) {
            if mark.lowerBound < place.endIndex { place = place[..<mark.lowerBound] }
        }
        let (file, number) = Self.fileAndLine(place)
        let frame = Frame(function: name, file: file, line: number)
        if isCreator {
            createdBy = frame
            isComplete = true
        } else if frames.count < depth {
            frames.append(frame)
        }
    }

    /// `/src/main.go:12` in its two parts; no file where there is no line number.
    static func fileAndLine(_ place: ArraySlice<UInt8>) -> (file: String, line: Int) {
        guard let colon = place.lastIndex(of: UInt8(ascii: ":")) else { return ("", 0) }
        var rest = place[(colon + 1)...]
        guard let line = rest.takeNumber(), rest.isEmpty else { return ("", 0) }
        return (place[..<colon].text, line)
    }

    private mutating func endTask() {
        // Goroutine 0 is a thread's own stack, printed for the thread that took the signal.
        if let header, header.number != 0 {
            groups.add(
                1,
                header.state,
                frames,
                createdBy: createdBy,
                minutes: header.minutes,
                leaked: header.leaked
            )
        }
        header = nil
        frames = []
        createdBy = nil
        function = nil
        isComplete = false
    }
}
