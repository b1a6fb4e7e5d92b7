extension ProfileDecoder {
    /// The largest sum of magnitudes a column may have: see ``Profile/init(pprof:limits:)``.
    private static let largestSum: UInt64 = 1 << 62

    func readSamples(_ bytes: WireReader) throws(ProfileError) -> (Profile.Samples, [Int64]) {
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
        let totals = try locationIDs.dense.withUnsafeBufferPointer { (known) throws(ProfileError) -> [Int64] in
            try readSamples(bytes, known, into: samples)
        }
        return (samples, totals)
    }

    private func readSamples(
        _ bytes: WireReader,
        _ known: UnsafeBufferPointer<UInt32>,
        into samples: Profile.Samples
    ) throws(ProfileError) -> [Int64] {
        let columns = counts.sampleTypes
        var totals = [Int64](repeating: 0, count: columns)
        var magnitudes = [UInt64](repeating: 0, count: columns)
        var reader = bytes
        let sequential = UInt64(locationIDs.sequential ?? 0)
        var values = samples.values.writer()
        var locations = samples.locations.writer()
        samples.locationStarts.append(0)
        samples.labelStarts.append(0)
        while !reader.isAtEnd {
            let field = try reader.field()
            guard field.number == 2 else { continue }
            let start = values.count
            var inner = reader.inside(field)
            while !inner.isAtEnd {
                let part = try inner.field()
                switch part.number {
                case 1:
                    if part.wireType == 2 {
                        try readLocations(inner.inside(part), known, sequential, samples, into: &locations)
                    } else {
                        let id = try part.requireVarint("sample.location_id")
                        locations.append(try location(id, known, sequential, samples))
                    }
                case 2:
                    if part.wireType == 2 {
                        var packed = inner.inside(part)
                        while !packed.isAtEnd { values.append(Int64(bitPattern: try packed.varint())) }
                    } else {
                        values.append(try part.requireInt64("sample.value"))
                    }
                case 3:
                    try readLabel(inner, part, into: samples)
                default:
                    break
                }
            }
            for column in 0..<columns {
                let value = samples.values.base[start &+ column]
                totals[column] &+= value
                magnitudes[column] &+= value.magnitude
                // A magnitude is at most 2⁶³ and the sum before it at most 2⁶², so this comparison comes in time.
                guard magnitudes[column] <= Self.largestSum else {
                    throw .sumTooLarge(column: strings[header.sampleTypes[column].type])
                }
            }
            samples.locationStarts.append(UInt32(locations.count))
            samples.labelStarts.append(UInt32(samples.labels.count))
        }
        samples.values.finish(values)
        samples.locations.finish(locations)
        return totals
    }

    /// Packed location ids: nearly all the bytes of a large profile, so ids of up to three bytes are read in line.
    @inline(__always)
    private func readLocations(
        _ bytes: WireReader,
        _ known: UnsafeBufferPointer<UInt32>,
        _ sequential: UInt64,
        _ samples: Profile.Samples,
        into locations: inout Column<UInt32>.Writer
    ) throws(ProfileError) {
        var place = bytes.base + bytes.position
        let end = bytes.base + bytes.end
        while place < end {
            var id = UInt64(place[0])
            if id < 0x80 {
                place += 1
            } else if end - place >= 2, place[1] < 0x80 {
                id = id & 0x7f | UInt64(place[1]) << 7
                place += 2
            } else if end - place >= 3, place[2] < 0x80 {
                id = id & 0x7f | UInt64(place[1] & 0x7f) << 7 | UInt64(place[2]) << 14
                place += 3
            } else {
                var long = WireReader(base: bytes.base, position: place - bytes.base, end: bytes.end)
                id = try long.varint()
                place = bytes.base + long.position
            }
            locations.append(try location(id, known, sequential, samples))
        }
    }

    @inline(__always)
    private func location(
        _ id: UInt64,
        _ known: UnsafeBufferPointer<UInt32>,
        _ sequential: UInt64,
        _ samples: Profile.Samples
    ) throws(ProfileError) -> UInt32 {
        // Id 0 becomes the largest number there is, and so is no location either.
        if id &- 1 < sequential { return UInt32(truncatingIfNeeded: id &- 1) }
        let index = id < UInt64(known.count) ? known[Int(id)] : locationIDs.findSparse(id)
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
