package import Profiles

extension AddressProfile {
    /// What was added since an earlier profile of the same process.
    ///
    /// - Parameter columns: how many of the first columns to keep: what is in use now is not a difference.
    package func since(_ earlier: AddressProfile, columns: Int) -> AddressProfile {
        struct Stack: Hashable {
            let frames: [Frame]
            let labels: [Label]
        }
        var before: [Stack: [Int64]] = [:]
        for sample in earlier.samples { before[Stack(frames: sample.frames, labels: sample.labels)] = sample.values }
        var result = self
        result.sampleTypes = Array(sampleTypes.prefix(columns))
        result.samples = samples.compactMap { sample in
            var sample = sample
            let old = before[Stack(frames: sample.frames, labels: sample.labels)] ?? []
            sample.values = sample.values.prefix(columns).enumerated().map { index, value in
                value &- (index < old.count ? old[index] : 0)
            }
            return sample.values.contains { $0 != 0 } ? sample : nil
        }
        if let name = defaultSampleType, !result.sampleTypes.contains(where: { $0.type == name }) {
            result.defaultSampleType = nil
        }
        result.durationNanos = max(0, timeNanos &- earlier.timeNanos)
        result.timeNanos = earlier.timeNanos
        return result
    }
}
