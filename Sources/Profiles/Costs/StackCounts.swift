/// The stacks of a profile, in one column, equal ones added up.
package struct StackCounts: Sendable {
    package struct Stack: Sendable, Hashable {
        /// Leaf first, inlined calls as frames of their own.
        package let frames: [Frame]
        package let value: Int64
    }

    /// By magnitude of the value, then by frames; stacks whose values add up to nothing are left out.
    package let stacks: [Stack]

    package init(_ profile: Profile, column: Int) {
        precondition(column >= 0 && column < profile.sampleTypes.count)
        let (frames, ofLocation) = Self.frames(profile)
        var table = InternTable(expected: profile.sampleCount / 4)
        var sums: [Int64] = []
        var sequences: [[UInt32]] = []
        var sequence: [UInt32] = []
        for sample in 0..<profile.sampleCount {
            let value = profile.value(ofSample: sample, column: column)
            if value == 0 { continue }
            sequence.removeAll(keepingCapacity: true)
            for reference in profile.samples.locationRange(sample) {
                sequence.append(contentsOf: ofLocation[Int(profile.samples.locations[reference])])
            }
            let index = sequence.withUnsafeBytes { Int(table.intern($0, UnsafeRawBufferPointer(start: nil, count: 0))) }
            if index == sums.count {
                sums.append(value)
                sequences.append(sequence)
            } else {
                sums[index] &+= value
            }
        }
        stacks = sums.indices
            .filter { sums[$0] != 0 }
            .map { Stack(frames: sequences[$0].map { frames[Int($0)] }, value: sums[$0]) }
            .sorted { left, right in
                if left.value.magnitude != right.value.magnitude { return left.value.magnitude > right.value.magnitude }
                return left.frames.lexicographicallyPrecedes(right.frames)
            }
    }

    /// Every frame of the profile once, and each location as numbers of frames.
    private static func frames(_ profile: Profile) -> ([Frame], [[UInt32]]) {
        var numbers: [Frame: UInt32] = [:]
        var frames: [Frame] = []
        let ofLocation = (0..<profile.locations.count).map { location in
            profile.frames(ofLocation: location).map { frame in
                if let number = numbers[frame] { return number }
                let number = UInt32(frames.count)
                numbers[frame] = number
                frames.append(frame)
                return number
            }
        }
        return (frames, ofLocation)
    }
}
