/// Writes profiles in the pprof format, for every tool that reads it.
package enum ProfileWriter {
    /// The profile as compressed pprof; equal profiles give equal bytes.
    ///
    /// Samples of equal stacks and equal labels become one. A frame that is a mark becomes a function without an
    /// address; an address without a name stays one, in the file that was mapped there. Where no source file is known,
    /// a function's file is that of its code, so that functions of equal names in two libraries stay two.
    ///
    /// Whatever is written, ``Profile/init(pprof:limits:)`` reads: what it would refuse is refused here.
    package static func pprof(_ profile: AddressProfile, symbols: Symbols = Symbols()) throws(ProfileError) -> [UInt8] {
        Gzip.deflate(try raw(profile, symbols: symbols))
    }

    /// The same, not compressed.
    static func raw(_ profile: AddressProfile, symbols: Symbols) throws(ProfileError) -> [UInt8] {
        try check(profile)
        var tables = WrittenTables(modules: profile.modules, symbols: symbols)
        let samples = try merged(profile, &tables)
        var message = ProtobufEncoder()
        for type in profile.sampleTypes { valueType(1, type, &message, &tables) }
        for sample in samples { write(sample, &message, &tables) }
        tables.writeMappings(to: &message)
        tables.writeLocations(to: &message)
        tables.writeFunctions(to: &message)
        message.number(9, profile.timeNanos)
        message.number(10, profile.durationNanos)
        if let period = profile.period {
            valueType(11, period.type, &message, &tables)
            message.number(12, period.value)
        }
        let comments = profile.comments.map { tables.string($0) }
        if !comments.isEmpty { message.packed(13, comments) }
        if let name = profile.defaultSampleType { message.number(14, tables.string(name)) }
        try tables.writeStrings(to: &message)
        return message.bytes
    }

    /// Samples that belong together, in the order of their first appearance.
    private struct MergedSample {
        let stack: Stack
        var values: [Int64]
    }

    private struct Stack: Hashable {
        let locations: [UInt32]
        /// Sorted, because the order of labels means nothing.
        let labels: [AddressProfile.Label]
    }

    private static func merged(
        _ profile: AddressProfile,
        _ tables: inout WrittenTables
    ) throws(ProfileError) -> [MergedSample] {
        var result: [MergedSample] = []
        var numbers: [Stack: Int] = [:]
        for sample in profile.samples {
            var locations: [UInt32] = []
            locations.reserveCapacity(sample.frames.count)
            for frame in sample.frames { locations.append(tables.location(frame)) }
            // The format has no label without a text: what it would be is a number.
            let labels = sample.labels.filter { !$0.text.isEmpty }.sorted { ($0.key, $0.text) < ($1.key, $1.text) }
            let stack = Stack(locations: locations, labels: labels)
            guard let number = numbers[stack] else {
                numbers[stack] = result.count
                result.append(MergedSample(stack: stack, values: sample.values))
                continue
            }
            // The sums cannot overflow: the magnitudes of a whole column were added up before.
            for column in sample.values.indices { result[number].values[column] += sample.values[column] }
        }
        return result
    }

    private static func write(
        _ sample: MergedSample,
        _ message: inout ProtobufEncoder,
        _ tables: inout WrittenTables
    ) {
        let labels = sample.stack.labels.map { (key: tables.string($0.key), text: tables.string($0.text)) }
        message.message(2) { written in
            if !sample.stack.locations.isEmpty { written.packed(1, sample.stack.locations.lazy.map(UInt64.init)) }
            if !sample.values.isEmpty { written.packed(2, sample.values.lazy.map(UInt64.init(bitPattern:))) }
            for label in labels {
                written.message(3) {
                    $0.number(1, label.key)
                    $0.number(2, label.text)
                }
            }
        }
    }

    private static func valueType(
        _ field: UInt64,
        _ type: Profile.SampleType,
        _ message: inout ProtobufEncoder,
        _ tables: inout WrittenTables
    ) {
        let (name, unit) = (tables.string(type.type), tables.string(type.unit))
        message.message(field) {
            $0.number(1, name)
            $0.number(2, unit)
        }
    }

    // MARK: What no reader takes

    private static func check(_ profile: AddressProfile) throws(ProfileError) {
        let limits = ProfileLimits.standard
        let columns = profile.sampleTypes.count
        guard columns <= limits.sampleTypes else { throw .limit(.sampleTypes, allowed: limits.sampleTypes) }
        guard columns > 0 || profile.samples.isEmpty else { throw .noSampleTypes(samples: profile.samples.count) }
        var references = 0
        var sums = [UInt64](repeating: 0, count: columns)
        for (index, sample) in profile.samples.enumerated() {
            guard sample.values.count == columns else {
                throw .valueCount(sample: index, expected: columns, found: sample.values.count)
            }
            guard sample.frames.count <= limits.stackDepth else {
                throw .limit(.stackDepth, allowed: limits.stackDepth)
            }
            guard sample.labels.count <= limits.labelsPerSample else {
                throw .limit(.labelsPerSample, allowed: limits.labelsPerSample)
            }
            references += sample.frames.count
            for (column, value) in sample.values.enumerated() {
                let (sum, overflows) = sums[column].addingReportingOverflow(value.magnitude)
                guard !overflows, sum <= 1 << 62 else {
                    throw .sumTooLarge(column: profile.sampleTypes[column].type)
                }
                sums[column] = sum
            }
        }
        guard references <= limits.locationReferences else {
            throw .limit(.locationReferences, allowed: limits.locationReferences)
        }
    }
}
