/// Where in the sources functions begin.
///
/// The compiler says it in one of two ways: with a row of no length at the first address, or with the first line of
/// the function's file behind a prologue that has none. Where the prologue is laid to the compiler's own account, its
/// end says nothing: in a specialised function, what was inlined there comes from a caller's file.
struct LineBeginnings {
    /// Rows that may say where one function begins.
    struct Candidates {
        let function: UInt64
        let first: LineRow
        var atStart: LineRow?
        var ofSameFile: LineRow?

        /// The file and line the rows agree on, given the names of files.
        func beginning(_ path: (UInt64) -> String) -> LineTable.Row? {
            for row in [atStart, ofSameFile] {
                guard let row else { continue }
                let file = path(row.file)
                if !file.isEmpty { return LineTable.Row(file: file, line: row.line) }
            }
            let file = path(first.file)
            return file.isEmpty ? nil : LineTable.Row(file: file, line: 0)
        }

        fileprivate mutating func add(_ row: LineRow) {
            guard row.line > 0 else { return }
            if row.address == function, atStart == nil { atStart = row }
            if row.file == first.file, ofSameFile == nil { ofSameFile = row }
        }
    }

    private let functions: [Range<UInt64>]
    private var isFound: [Bool]
    private var found: [Candidates] = []
    /// The first function that does not begin below the sequence so far.
    private var next = 0
    private var current: (candidates: Candidates, end: UInt64)?
    private var budget: Int

    /// Functions by their code; of two that begin at one address, one is enough.
    init(_ functions: [Range<UInt64>]) {
        self.functions = Set(functions).sorted { ($0.lowerBound, $0.upperBound) < ($1.lowerBound, $1.upperBound) }
        isFound = [Bool](repeating: false, count: self.functions.count)
        budget = functions.count * 64 + 4096
    }

    var isExhausted: Bool { budget <= 0 }

    mutating func takeFound() -> [Candidates] {
        defer { found = [] }
        return found
    }

    mutating func beginSequence(_ row: LineRow) {
        var low = 0
        var high = functions.count
        while low < high {
            let middle = (low + high) / 2
            if functions[middle].lowerBound < row.address { low = middle + 1 } else { high = middle }
        }
        next = low
        add(row)
    }

    @inline(__always)
    mutating func add(_ row: LineRow) {
        if next < functions.count, functions[next].lowerBound <= row.address { enter(row) }
        guard let end = current?.end else { return }
        if row.address >= end { close() } else { current?.candidates.add(row) }
    }

    mutating func endSequence() {
        close()
    }

    /// Goes to the function that begins at a row; those before it have no row of their own.
    private mutating func enter(_ row: LineRow) {
        while next < functions.count, functions[next].lowerBound <= row.address, budget > 0 {
            close()
            let function = functions[next]
            if !isFound[next], function.lowerBound == row.address {
                isFound[next] = true
                current = (Candidates(function: function.lowerBound, first: row), function.upperBound)
            }
            next += 1
            budget -= 1
        }
    }

    private mutating func close() {
        if let done = current { found.append(done.candidates) }
        current = nil
    }
}
