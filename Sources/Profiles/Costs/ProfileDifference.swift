/// What one function cost before and after.
package struct FunctionDifference: Sendable, Hashable, Codable {
    package let function: String
    /// Of the profile after, where the function is in it.
    package let file: String
    /// The line whose flat cost moved most in the direction of the whole function; else where the function begins;
    /// 0 = unknown.
    package let line: Int
    package let flatBefore: Int64
    package let flatAfter: Int64
    package let cumulativeBefore: Int64
    package let cumulativeAfter: Int64

    package init(
        function: String,
        file: String,
        line: Int,
        flatBefore: Int64,
        flatAfter: Int64,
        cumulativeBefore: Int64,
        cumulativeAfter: Int64
    ) {
        self.function = function
        self.file = file
        self.line = line
        self.flatBefore = flatBefore
        self.flatAfter = flatAfter
        self.cumulativeBefore = cumulativeBefore
        self.cumulativeAfter = cumulativeAfter
    }

    package var flatChange: Int64 { flatAfter &- flatBefore }
    package var cumulativeChange: Int64 { cumulativeAfter &- cumulativeBefore }
}

/// One profile compared with another, function by function, in one column.
///
/// The profiles are never merged: both are summed into one numbering of functions, where a function is its name and
/// the last component of its file, because two builds rarely share addresses and often not even directories.
package struct ProfileDifference: Sendable {
    /// The column compared.
    package let sampleType: Profile.SampleType
    /// Every function with a cost on either side, by magnitude of the flat change, then of the cumulative change, then
    /// by name and file.
    package let rows: [FunctionDifference]
    package let totalBefore: Int64
    package let totalAfter: Int64

    package var totalChange: Int64 { totalAfter &- totalBefore }

    /// Compares two profiles; without a profile before, everything is new.
    ///
    /// Without a `sampleType` the default column of the profile after is compared. Columns belong together when their
    /// names are equal; then their units must be equal too.
    package init(from before: Profile?, to after: Profile, sampleType name: String? = nil) throws(ProfileError) {
        guard !after.sampleTypes.isEmpty else { throw .noValues }
        guard let column = name.map({ after.sampleTypeIndex(named: $0) }) ?? after.defaultSampleType else {
            throw .noSuchSampleType(name ?? "", available: after.sampleTypes.map(\.type))
        }
        let type = after.sampleTypes[column]
        var columnBefore = 0
        if let before {
            guard let index = before.sampleTypeIndex(named: type.type) else {
                throw .sampleTypeMissingBefore(type.type, available: before.sampleTypes.map(\.type))
            }
            let unit = before.sampleTypes[index].unit
            guard unit == type.unit else {
                throw .unitsDiffer(sampleType: type.type, before: unit, after: type.unit)
            }
            columnBefore = index
        }
        sampleType = type
        totalBefore = before?.total(columnBefore) ?? 0
        totalAfter = after.total(column)

        var table = FunctionTable()
        let mapBefore = before.map { table.add($0) }
        let mapAfter = table.add(after)
        let count = table.count
        var old: FunctionSums?
        if let before, let mapBefore {
            old = FunctionSums(before, column: columnBefore, map: mapBefore, functions: count)
        }
        let new = FunctionSums(after, column: column, map: mapAfter, functions: count)
        rows = Self.rows(table, old, new)
    }

    private static func rows(_ table: FunctionTable, _ old: FunctionSums?, _ new: FunctionSums) -> [FunctionDifference]
    {
        let moved = FunctionSums.hottestLines(
            (old?.lineSums(negated: true) ?? []) + new.lineSums(),
            functions: table.count
        ) { function in
            (new.flat[function] &- (old?.flat[function] ?? 0)).signum()
        }
        return table.shown.indices
            .compactMap { index in
                let shown = table.shown[index]
                let row = FunctionDifference(
                    function: shown.function,
                    file: shown.file,
                    line: moved[index] ?? shown.startLine,
                    flatBefore: old?.flat[index] ?? 0,
                    flatAfter: new.flat[index],
                    cumulativeBefore: old?.cumulative[index] ?? 0,
                    cumulativeAfter: new.cumulative[index]
                )
                let costs = [row.flatBefore, row.flatAfter, row.cumulativeBefore, row.cumulativeAfter]
                return costs.allSatisfy { $0 == 0 } ? nil : row
            }
            .sorted(by: precedes)
    }

    private static func precedes(_ left: FunctionDifference, _ right: FunctionDifference) -> Bool {
        let (first, second) = (left.flatChange.magnitude, right.flatChange.magnitude)
        if first != second { return first > second }
        let (third, fourth) = (left.cumulativeChange.magnitude, right.cumulativeChange.magnitude)
        if third != fourth { return third > fourth }
        return (left.function, left.file) < (right.function, right.file)
    }
}
