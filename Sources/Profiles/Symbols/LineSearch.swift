/// A row of a line program, its file still as a number.
struct LineRow {
    let address: UInt64
    let file: UInt64
    /// 0 = made by the compiler.
    let line: Int
}

/// What rows are looked at for, as they come.
///
/// Every unit of a file goes through one search; after each, what was found is taken out while the unit's file names
/// are at hand.
struct LineSearch {
    struct Match {
        let address: UInt64
        let row: LineRow
    }

    private let wanted: [UInt64]
    private let text: [Range<UInt64>]
    private var isFound: [Bool]
    private var found: [Match] = []
    private var beginnings: LineBeginnings
    /// The first wanted address that is not below the sequence so far.
    private var next = 0
    private var row: LineRow?
    private var isDead = false
    /// Each address is passed about once; a table that passes them again and again is hostile.
    private var budget: Int

    /// Looks for the rows of addresses, and for where functions begin, in code that lies in `text`.
    init(_ addresses: [UInt64], functions: [Range<UInt64>], text: [Range<UInt64>]) {
        wanted = Set(addresses).sorted()
        self.text = text
        isFound = [Bool](repeating: false, count: wanted.count)
        beginnings = LineBeginnings(functions)
        budget = wanted.count * 64 + 4096
    }

    var isExhausted: Bool { budget <= 0 || beginnings.isExhausted }

    mutating func takeFound() -> (rows: [Match], beginnings: [LineBeginnings.Candidates]) {
        defer { found = [] }
        return (found, beginnings.takeFound())
    }

    /// A row: it speaks for the addresses from its own to that of the row after it.
    @inline(__always)
    mutating func add(_ new: LineRow) {
        if isDead { return }
        guard let previous = row else { return begin(new) }
        // In one sequence addresses only grow.
        guard new.address >= previous.address else { return isDead = true }
        if next < wanted.count, wanted[next] < new.address { pass(to: new.address, previous) }
        beginnings.add(new)
        row = new
    }

    mutating func endSequence(address: UInt64) {
        if let previous = row, !isDead, address >= previous.address, next < wanted.count, wanted[next] < address {
            pass(to: address, previous)
        }
        beginnings.endSequence()
        row = nil
        isDead = false
    }

    /// Code that the linker dropped still has rows, at addresses where no code is.
    private mutating func begin(_ new: LineRow) {
        guard text.contains(where: { $0.contains(new.address) }) else { return isDead = true }
        var low = 0
        var high = wanted.count
        while low < high {
            let middle = (low + high) / 2
            if wanted[middle] < new.address { low = middle + 1 } else { high = middle }
        }
        next = low
        row = new
        beginnings.beginSequence(new)
    }

    private mutating func pass(to address: UInt64, _ row: LineRow) {
        while next < wanted.count, wanted[next] < address, budget > 0 {
            if !isFound[next] {
                isFound[next] = true
                found.append(Match(address: wanted[next], row: row))
            }
            next += 1
            budget -= 1
        }
    }
}
