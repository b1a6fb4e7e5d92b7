/// A pprof profile, held in columns.
///
/// There is no object per sample, location or function: every relation is a run of 32-bit numbers, and strings stay
/// bytes until somebody asks for a frame. The regular expressions `drop_frames` and `keep_frames` that a profile may
/// carry are not run: they come from a stranger, and a backtracking engine can be made to run for ever. The writers
/// this room reads (Go, Swift) never set them. Nothing a profile names is ever opened.
package struct Profile: Sendable {
    /// What one column of values counts, and in which unit.
    package struct SampleType: Hashable, Sendable {
        package let type: String
        package let unit: String

        package init(type: String, unit: String) {
            self.type = type
            self.unit = unit
        }
    }

    /// The columns, in order.
    package let sampleTypes: [SampleType]
    /// The column to show when nobody asks for another: the one the profile names, else the last; nil without columns.
    package let defaultSampleType: Int?
    /// When the profile was taken, nanoseconds since 1970; 0 = not said.
    package let timeNanos: Int64
    /// How long it was taken for, nanoseconds; 0 = not said.
    package let durationNanos: Int64
    /// What happens between two samples, and how much of it.
    package let periodType: SampleType
    package let period: Int64
    /// Remarks of the writer.
    package let comments: [String]

    let strings: StringTable
    let functions: Functions
    let locations: Locations
    let mappings: Mappings
    let samples: Samples
    private let totals: [Int64]

    /// Decodes a profile, compressed or raw, resolves every reference and checks every rule.
    ///
    /// The rules are those of the reference decoder, with one more: the magnitudes of a column must add up to no more
    /// than 2⁶². Then no sum over samples, and no difference of two such sums, can overflow anywhere in this room.
    package init(pprof bytes: [UInt8], limits: ProfileLimits = .standard) throws(ProfileError) {
        let raw = try Gzip.inflateIfNeeded(bytes, limits: limits)
        self = try ProfileDecoder.decode(raw, limits: limits)
    }

    init(
        header: ProfileDecoder.Header,
        strings: StringTable,
        functions: Functions,
        locations: Locations,
        mappings: Mappings,
        samples: Samples,
        totals: [Int64]
    ) {
        func type(_ pair: (type: UInt32, unit: UInt32)) -> SampleType {
            SampleType(type: strings[pair.type], unit: strings[pair.unit])
        }
        let types = header.sampleTypes.map(type)
        sampleTypes = types
        let wanted = strings[header.defaultSampleType]
        let named = wanted.isEmpty ? nil : types.firstIndex { $0.type == wanted }
        defaultSampleType = named ?? (types.isEmpty ? nil : types.count - 1)
        timeNanos = header.timeNanos
        durationNanos = header.durationNanos
        periodType = type(header.periodType)
        period = header.period
        comments = header.comments.map { strings[$0] }
        self.strings = strings
        self.functions = functions
        self.locations = locations
        self.mappings = mappings
        self.samples = samples
        self.totals = totals
    }

    package var sampleCount: Int { samples.count }

    /// The first column of that name.
    package func sampleTypeIndex(named name: String) -> Int? {
        sampleTypes.firstIndex { $0.type == name }
    }

    /// The sum of one column over all samples.
    package func total(_ column: Int) -> Int64 {
        totals[column]
    }
}

extension Profile {
    struct Functions: Sendable {
        var ids: [UInt64] = []
        var names: [UInt32] = []
        var systemNames: [UInt32] = []
        var files: [UInt32] = []
        var startLines: [Int64] = []
    }

    /// Locations and, run by run, their lines: the innermost inlined call first.
    struct Locations: Sendable {
        static let noMapping = UInt32.max
        var ids: [UInt64] = []
        var addresses: [UInt64] = []
        var mappings: [UInt32] = []
        var lineStarts: [UInt32] = [0]
        var lineFunctions: [UInt32] = []
        var lineNumbers: [Int64] = []

        var count: Int { addresses.count }

        func lines(_ location: Int) -> Range<Int> {
            Int(lineStarts[location])..<Int(lineStarts[location + 1])
        }
    }

    struct Mappings: Sendable {
        var ids: [UInt64] = []
        var files: [UInt32] = []
    }

    /// Samples and, run by run, their values, locations (leaf first) and labels.
    struct Samples: Sendable {
        let count: Int
        let columns: Int
        /// Sample after sample, one value for each column.
        let values: Column<Int64>
        let locationStarts: Column<UInt32>
        let locations: Column<UInt32>
        let labelStarts: Column<UInt32>
        let labels: Column<Label>

        func locationRange(_ sample: Int) -> Range<Int> {
            Int(locationStarts[sample])..<Int(locationStarts[sample + 1])
        }
    }

    /// Text or a number, under a key; names are numbers of strings.
    struct Label: BitwiseCopyable, Sendable {
        let key: UInt32
        /// 0 = the label is a number.
        let text: UInt32
        let number: Int64
        let unit: UInt32
    }
}
