/// What each function of a profile cost, in one column.
///
/// Sums need no overflow check: see ``Profile/init(pprof:limits:)``.
struct FunctionSums {
    /// Samples whose leaf is the function: the innermost inlined call of the leaf location.
    private(set) var flat: [Int64]
    /// Samples with the function anywhere on the stack, each counted once however often it recurs.
    private(set) var cumulative: [Int64]
    /// Flat by entry of the map.
    private var flatOfEntry: [Int64]
    private let map: FunctionTable.Map

    /// A sum and the last sample that was added to it, side by side so that both come with one memory access.
    private struct Cell: BitwiseCopyable {
        var sum: Int64
        var sample: Int
    }

    init(_ profile: Profile, column: Int, map: FunctionTable.Map, functions: Int) {
        precondition(column >= 0 && column < profile.sampleTypes.count)
        self.map = map
        flat = [Int64](repeating: 0, count: functions)
        flatOfEntry = [Int64](repeating: 0, count: map.functions.count)
        cumulative = [Int64](repeating: 0, count: functions)
        // The function of a location with one entry; for any other the location itself, with the top bit set. Both fit
        // into 31 bits, because a location takes at least four of at most 2³² bytes.
        let many: UInt32 = 1 << 31
        let codes = (0..<profile.locations.count).map { (location: Int) -> UInt32 in
            let first = map.starts[location]
            let isSingle = map.starts[location + 1] - first == 1
            return isSingle ? map.functions[Int(first)] : many | UInt32(location)
        }
        var cells = [Cell](repeating: Cell(sum: 0, sample: -1), count: functions)
        let samples = profile.samples
        cells.withUnsafeMutableBufferPointer { cells in
            codes.withUnsafeBufferPointer { codes in
                for sample in 0..<samples.count {
                    let value = samples.values.base[sample &* samples.columns &+ column]
                    if value == 0 { continue }
                    let range = samples.locationRange(sample)
                    guard let leaf = range.first else { continue }
                    flatOfEntry[Int(map.starts[Int(samples.locations.base[leaf])])] &+= value
                    for reference in range {
                        let code = codes[Int(samples.locations.base[reference])]
                        if code < many {
                            Self.add(value, of: sample, to: &cells[Int(code)])
                            continue
                        }
                        let location = Int(code & ~many)
                        for entry in Int(map.starts[location])..<Int(map.starts[location + 1]) {
                            Self.add(value, of: sample, to: &cells[Int(map.functions[entry])])
                        }
                    }
                }
            }
        }
        for function in 0..<functions { cumulative[function] = cells[function].sum }
        for entry in 0..<flatOfEntry.count { flat[Int(map.functions[entry])] &+= flatOfEntry[entry] }
    }

    @inline(__always)
    private static func add(_ value: Int64, of sample: Int, to cell: inout Cell) {
        if cell.sample != sample {
            cell.sample = sample
            cell.sum &+= value
        }
    }

    /// One line of one function, with the flat cost of the code on it.
    struct LineSum {
        let function: UInt32
        let line: Int64
        var flat: Int64
    }

    /// Every line that has a flat cost, possibly more than once.
    func lineSums(negated: Bool = false) -> [LineSum] {
        flatOfEntry.indices.compactMap { entry in
            let sum = flatOfEntry[entry]
            guard sum != 0 else { return nil }
            return LineSum(function: map.functions[entry], line: map.lines[entry], flat: negated ? -sum : sum)
        }
    }

    /// The sums of each line, ordered by function and line, each pair once.
    static func merged(_ sums: [LineSum]) -> [LineSum] {
        var result: [LineSum] = []
        for sum in sums.sorted(by: { ($0.function, $0.line) < ($1.function, $1.line) }) {
            if let last = result.last, last.function == sum.function, last.line == sum.line {
                result[result.count - 1].flat &+= sum.flat
            } else {
                result.append(sum)
            }
        }
        return result
    }

    /// For each function the line whose cost has the largest magnitude, of those with the sign that is asked for.
    ///
    /// Ties go to the lower line. Nil for a function without such a line.
    static func hottestLines(_ sums: [LineSum], functions: Int, sign: (Int) -> Int64) -> [Int?] {
        var best = [(line: Int, flat: Int64)?](repeating: nil, count: functions)
        for sum in merged(sums) {
            let function = Int(sum.function)
            guard sum.line > 0, sum.flat.signum() == sign(function) else { continue }
            if let known = best[function], known.flat.magnitude >= sum.flat.magnitude { continue }
            best[function] = (Int(sum.line), sum.flat)
        }
        return best.map { $0?.line }
    }
}
