/// What one function costs.
package struct FunctionCost: Sendable, Hashable, Codable {
    package let function: String
    package let file: String
    /// The line with most of the flat cost; without flat cost, the line where the function begins; 0 = unknown.
    package let line: Int
    /// The cost of the function's own code.
    package let flat: Int64
    /// The cost of the function and everything it called.
    package let cumulative: Int64

    package init(function: String, file: String, line: Int, flat: Int64, cumulative: Int64) {
        self.function = function
        self.file = file
        self.line = line
        self.flat = flat
        self.cumulative = cumulative
    }
}

/// The functions of a profile by cost, in one column.
package struct FunctionRanking: Sendable {
    package enum Order: Sendable { case flat, cumulative }

    /// Every function with a cost, by magnitude of flat, then of cumulative, then by name and file.
    package let functions: [FunctionCost]
    /// The sum of the column over all samples.
    package let total: Int64

    package init(_ profile: Profile, column: Int) {
        var table = FunctionTable(.wholePath)
        let map = table.add(profile)
        let sums = FunctionSums(profile, column: column, map: map, functions: table.count)
        let hottest = FunctionSums.hottestLines(sums.lineSums(), functions: table.count) { sums.flat[$0].signum() }
        total = profile.total(column)
        functions = table.shown.indices
            .compactMap { index in
                guard sums.flat[index] != 0 || sums.cumulative[index] != 0 else { return nil }
                let shown = table.shown[index]
                return FunctionCost(
                    function: shown.function,
                    file: shown.file,
                    line: hottest[index] ?? shown.startLine,
                    flat: sums.flat[index],
                    cumulative: sums.cumulative[index]
                )
            }
            .sorted { Self.precedes($0, $1, .flat) }
    }

    /// The first `count` functions of an order.
    package func top(_ count: Int, by order: Order) -> [FunctionCost] {
        let sorted = order == .flat ? functions : functions.sorted { Self.precedes($0, $1, .cumulative) }
        return Array(sorted.prefix(max(count, 0)))
    }

    private static func precedes(_ left: FunctionCost, _ right: FunctionCost, _ order: Order) -> Bool {
        let (first, second) = (left.flat.magnitude, right.flat.magnitude)
        let (third, fourth) = (left.cumulative.magnitude, right.cumulative.magnitude)
        if order == .flat, first != second { return first > second }
        if third != fourth { return third > fourth }
        if first != second { return first > second }
        return (left.function, left.file) < (right.function, right.file)
    }
}
