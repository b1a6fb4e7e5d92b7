/// How much of everything a profile holds, found by one walk over its bytes.
///
/// With the counts known, the second walk writes into memory of the right size and never grows anything, and what is
/// too much or contradicts itself is refused before memory is asked for.
struct ProfileCounts {
    var samples = 0
    var sampleTypes = 0
    var locations = 0
    var functions = 0
    var mappings = 0
    var strings = 0
    var stringBytes = 0
    var locationReferences = 0
    var labels = 0
    /// Values of the first sample.
    private var firstValues = 0
    /// The first sample with another number of values.
    private var differing: (sample: Int, values: Int)?

    init(_ bytes: WireReader, limits: ProfileLimits) throws(ProfileError) {
        var reader = bytes
        while !reader.isAtEnd {
            let field = try reader.field()
            guard field.wireType == 2 else { continue }
            switch field.number {
            case 1: sampleTypes &+= 1
            case 2: try count(sample: reader.inside(field), limits)
            case 3: mappings &+= 1
            case 4: locations &+= 1
            case 5: functions &+= 1
            case 6:
                strings &+= 1
                stringBytes &+= field.end &- field.start
                guard field.end &- field.start <= limits.stringBytes else {
                    throw .limit(.stringBytes, allowed: limits.stringBytes)
                }
            default: break
            }
        }
        guard strings <= limits.strings else { throw .limit(.strings, allowed: limits.strings) }
        guard sampleTypes <= limits.sampleTypes else { throw .limit(.sampleTypes, allowed: limits.sampleTypes) }
    }

    @inline(__always)
    private mutating func count(sample bytes: WireReader, _ limits: ProfileLimits) throws(ProfileError) {
        var reader = bytes
        var values = 0
        var depth = 0
        var labels = 0
        while !reader.isAtEnd {
            let field = try reader.field()
            switch field.number {
            case 1: depth &+= field.wireType == 2 ? reader.packedCount(field) : 1
            case 2: values &+= field.wireType == 2 ? reader.packedCount(field) : 1
            case 3: labels &+= 1
            default: break
            }
        }
        guard depth <= limits.stackDepth else { throw .limit(.stackDepth, allowed: limits.stackDepth) }
        guard labels <= limits.labelsPerSample else { throw .limit(.labelsPerSample, allowed: limits.labelsPerSample) }
        locationReferences &+= depth
        guard locationReferences <= limits.locationReferences else {
            throw .limit(.locationReferences, allowed: limits.locationReferences)
        }
        self.labels &+= labels
        if samples == 0 {
            firstValues = values
        } else if values != firstValues && differing == nil {
            differing = (samples, values)
        }
        samples &+= 1
    }

    /// Every sample has one value for each sample type.
    func checkValues() throws(ProfileError) {
        guard samples > 0 else { return }
        guard sampleTypes > 0 else { throw .noSampleTypes(samples: samples) }
        guard firstValues == sampleTypes else {
            throw .valueCount(sample: 0, expected: sampleTypes, found: firstValues)
        }
        if let differing {
            throw .valueCount(sample: differing.sample, expected: sampleTypes, found: differing.values)
        }
    }
}
