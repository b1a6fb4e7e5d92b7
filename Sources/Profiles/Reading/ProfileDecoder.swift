/// From protobuf bytes to columns.
///
/// Three walks: count; read everything but samples, because writers put the tables a sample refers to anywhere, even
/// behind it; read the samples, resolving ids to columns as they come.
struct ProfileDecoder {
    /// The scalars of a profile and its sample types, strings still as numbers.
    struct Header {
        var sampleTypes: [(type: UInt32, unit: UInt32)] = []
        var periodType: (type: UInt32, unit: UInt32) = (0, 0)
        var defaultSampleType: UInt32 = 0
        var timeNanos: Int64 = 0
        var durationNanos: Int64 = 0
        var period: Int64 = 0
        var comments: [UInt32] = []
    }

    let limits: ProfileLimits
    let counts: ProfileCounts
    var header = Header()
    var strings = StringTable()
    var functions = Profile.Functions()
    var locations = Profile.Locations()
    var mappings = Profile.Mappings()
    var functionIDs: IDTable
    var locationIDs: IDTable
    var mappingIDs: IDTable
    /// Ids of the functions of all lines, until every function is known.
    var lineFunctionIDs: [UInt64] = []
    var locationMappingIDs: [UInt64] = []

    static func decode(_ raw: [UInt8], limits: ProfileLimits) throws(ProfileError) -> Profile {
        let allowed = min(limits.rawBytes, Int(UInt32.max))
        guard raw.count <= allowed else { throw .limit(.rawBytes, allowed: allowed) }
        // The closure cannot throw a typed error through the standard library, so the outcome is carried out.
        let outcome: Result<Profile, ProfileError> = raw.withUnsafeBufferPointer { buffer in
            guard let base = buffer.baseAddress, !buffer.isEmpty else { return .failure(.empty) }
            let reader = WireReader(base: base, position: 0, end: buffer.count)
            do throws(ProfileError) {
                let counts = try ProfileCounts(reader, limits: limits)
                var decoder = ProfileDecoder(limits: limits, counts: counts)
                return .success(try decoder.decode(reader))
            } catch {
                return .failure(error)
            }
        }
        return try outcome.get()
    }

    private init(limits: ProfileLimits, counts: ProfileCounts) {
        self.limits = limits
        self.counts = counts
        functionIDs = IDTable(count: counts.functions)
        locationIDs = IDTable(count: counts.locations)
        mappingIDs = IDTable(count: counts.mappings)
        strings.reserve(strings: counts.strings, bytes: counts.stringBytes)
        locations.ids.reserveCapacity(counts.locations)
        locations.addresses.reserveCapacity(counts.locations)
        locations.lineStarts.reserveCapacity(counts.locations + 1)
        lineFunctionIDs.reserveCapacity(counts.locations)
        locationMappingIDs.reserveCapacity(counts.locations)
    }

    private mutating func decode(_ reader: WireReader) throws(ProfileError) -> Profile {
        try readTables(reader)
        guard counts.strings > 0 else { throw .noStringTable }
        try counts.checkValues()
        try resolveLocations()
        let (samples, totals) = try readSamples(reader)
        return Profile(
            header: header,
            strings: strings,
            functions: functions,
            locations: locations,
            mappings: mappings,
            samples: samples,
            totals: totals
        )
    }

    // MARK: Everything but samples

    private mutating func readTables(_ bytes: WireReader) throws(ProfileError) {
        var reader = bytes
        while !reader.isAtEnd {
            let field = try reader.field()
            switch field.number {
            case 1:
                header.sampleTypes.append(try valueType(reader, field, "sample_type"))
            case 2:
                try field.requireBytes("sample")
            case 3:
                try readMapping(reader, field)
            case 4:
                try readLocation(reader, field)
            case 5:
                try readFunction(reader, field)
            case 6:
                try field.requireBytes("string_table")
                guard strings.count > 0 || field.start == field.end else {
                    throw .firstStringNotEmpty(offset: field.offset)
                }
                strings.append(UnsafeBufferPointer(start: reader.base + field.start, count: field.end - field.start))
            case 7:
                _ = try string(try field.requireInt64("drop_frames"), "drop_frames")
            case 8:
                _ = try string(try field.requireInt64("keep_frames"), "keep_frames")
            case 9:
                guard header.timeNanos == 0 else { throw .concatenated(offset: field.offset) }
                header.timeNanos = try field.requireInt64("time_nanos")
            case 10:
                header.durationNanos = try field.requireInt64("duration_nanos")
            case 11:
                header.periodType = try valueType(reader, field, "period_type")
            case 12:
                header.period = try field.requireInt64("period")
            case 13:
                try readComments(reader, field)
            case 14:
                let name = try field.requireInt64("default_sample_type")
                header.defaultSampleType = try string(name, "default_sample_type")
            case 15:
                _ = try string(try field.requireInt64("doc_url"), "doc_url")
            default:
                break
            }
        }
    }

    /// The number of a string, when the table has it.
    @inline(__always)
    func string(_ index: Int64, _ field: StaticString) throws(ProfileError) -> UInt32 {
        guard index >= 0, index < Int64(counts.strings) else {
            if counts.strings == 0 { throw .noStringTable }
            throw .stringIndex(field: "\(field)", index: index, count: counts.strings)
        }
        return UInt32(index)
    }

    private func valueType(
        _ reader: WireReader,
        _ field: WireReader.Field,
        _ name: StaticString
    ) throws(ProfileError) -> (type: UInt32, unit: UInt32) {
        try field.requireBytes(name)
        var inner = reader.inside(field)
        var result: (type: UInt32, unit: UInt32) = (0, 0)
        while !inner.isAtEnd {
            let part = try inner.field()
            switch part.number {
            case 1: result.type = try string(try part.requireInt64("value_type.type"), "value_type.type")
            case 2: result.unit = try string(try part.requireInt64("value_type.unit"), "value_type.unit")
            default: break
            }
        }
        return result
    }

    private mutating func readComments(_ reader: WireReader, _ field: WireReader.Field) throws(ProfileError) {
        if field.wireType == 2 {
            var inner = reader.inside(field)
            while !inner.isAtEnd {
                header.comments.append(try string(Int64(bitPattern: try inner.varint()), "comment"))
            }
        } else {
            header.comments.append(try string(try field.requireInt64("comment"), "comment"))
        }
    }
}
