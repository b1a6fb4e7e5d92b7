extension ProfileDecoder {
    /// The largest sum of magnitudes a column may have: see ``Profile/init(pprof:limits:)``.
    private static let largestSum: UInt64 = 1 << 62

    mutating func readSamples(_ bytes: WireReader) throws(ProfileError) -> (Profile.Samples, [Int64]) {
        let columns = counts.sampleTypes
        let samples = Profile.Samples(
            count: counts.samples,
            columns: columns,
            values: Column(capacity: counts.samples * columns),
            locationStarts: Column(capacity: counts.samples + 1),
            locations: Column(capacity: counts.locationReferences),
            labelStarts: Column(capacity: counts.samples + 1),
            labels: Column(capacity: counts.labels)
        )
        var totals = [Int64](repeating: 0, count: columns)
        var magnitudes = [UInt64](repeating: 0, count: columns)
        var reader = bytes
        samples.locationStarts.append(0)
        samples.labelStarts.append(0)
        while !reader.isAtEnd {
            let field = try reader.field()
            guard field.number == 2 else { continue }
            let start = samples.values.count
            try readSample(reader.inside(field), into: samples)
            for column in 0..<columns {
                let value = samples.values.base[start &+ column]
                totals[column] &+= value
                magnitudes[column] &+= value.magnitude
                // A magnitude is at most 2⁶³ and the sum before it at most 2⁶², so this comparison comes in time.
                guard magnitudes[column] <= Self.largestSum else {
                    throw .sumTooLarge(column: strings[header.sampleTypes[column].type])
                }
            }
            samples.locationStarts.append(UInt32(samples.locations.count))
            samples.labelStarts.append(UInt32(samples.labels.count))
        }
        return (samples, totals)
    }

    @inline(__always)
    private func readSample(_ bytes: WireReader, into samples: Profile.Samples) throws(ProfileError) {
        var reader = bytes
        while !reader.isAtEnd {
            let field = try reader.field()
            switch field.number {
            case 1:
                if field.wireType == 2 {
                    try readLocations(reader.inside(field), into: samples)
                } else {
                    let id = try field.requireVarint("sample.location_id")
                    samples.locations.append(try location(id, samples))
                }
            case 2:
                if field.wireType == 2 {
                    var inner = reader.inside(field)
                    while !inner.isAtEnd { samples.values.append(Int64(bitPattern: try inner.varint())) }
                } else {
                    samples.values.append(try field.requireInt64("sample.value"))
                }
            case 3:
                try readLabel(reader, field, into: samples)
            default:
                break
            }
        }
    }

    /// Packed location ids: nearly all the bytes of a large profile, so the loop keeps to one or two bytes an id.
    @inline(__always)
    private func readLocations(_ bytes: WireReader, into samples: Profile.Samples) throws(ProfileError) {
        var reader = bytes
        while !reader.isAtEnd {
            let id: UInt64
            let first = reader.base[reader.position]
            if first < 0x80 {
                id = UInt64(first)
                reader.position &+= 1
            } else if reader.end &- reader.position >= 2, reader.base[reader.position &+ 1] < 0x80 {
                id = UInt64(first & 0x7f) | UInt64(reader.base[reader.position &+ 1]) << 7
                reader.position &+= 2
            } else {
                id = try reader.varint()
            }
            samples.locations.append(try location(id, samples))
        }
    }

    @inline(__always)
    private func location(_ id: UInt64, _ samples: Profile.Samples) throws(ProfileError) -> UInt32 {
        let index = locationIDs.find(id)
        guard index != IDTable.missing else {
            throw .unknownLocation(sample: samples.locationStarts.count - 1, id: id)
        }
        return index
    }

    private func readLabel(
        _ reader: WireReader,
        _ field: WireReader.Field,
        into samples: Profile.Samples
    ) throws(ProfileError) {
        try field.requireBytes("sample.label")
        var inner = reader.inside(field)
        var key: UInt32 = 0
        var text: UInt32 = 0
        var number: Int64 = 0
        var unit: UInt32 = 0
        while !inner.isAtEnd {
            let part = try inner.field()
            switch part.number {
            case 1: key = try string(try part.requireInt64("label.key"), "label.key")
            case 2: text = try string(try part.requireInt64("label.str"), "label.str")
            case 3: number = try part.requireInt64("label.num")
            case 4: unit = try string(try part.requireInt64("label.num_unit"), "label.num_unit")
            default: break
            }
        }
        // The reference decoder knows no label that is neither text nor number nor unit.
        if text != 0 || number != 0 || unit != 0 {
            samples.labels.append(Profile.Label(key: key, text: text, number: number, unit: unit))
        }
    }
}
