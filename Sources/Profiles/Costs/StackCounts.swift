/// The stacks of a profile, in one column, equal ones added up.
package struct StackCounts: Sendable {
    package struct Stack: Sendable, Hashable {
        /// Leaf first, inlined calls as frames of their own.
        package let frames: [Frame]
        package let value: Int64

        package init(frames: [Frame], value: Int64) {
            self.frames = frames
            self.value = value
        }
    }

    /// By magnitude of the value, then by frames; stacks whose values add up to nothing are left out.
    package let stacks: [Stack]

    package init(_ profile: Profile, column: Int) {
        precondition(column >= 0 && column < profile.sampleTypes.count)
        let runs = Self.runs(profile, column)
        let (frames, ofLocation) = Self.frames(profile)
        // Different locations may be the same frames, so what was equal by location is made equal by frame.
        var table = InternTable(expected: runs.count)
        var sums: [Int64] = []
        var sequences: [[UInt32]] = []
        for run in runs {
            let sequence = run.locations.flatMap { ofLocation[Int(profile.samples.locations[$0])] }
            let index = sequence.withUnsafeBytes { Int(table.intern($0, UnsafeRawBufferPointer(start: nil, count: 0))) }
            if index == sums.count {
                sums.append(run.value)
                sequences.append(sequence)
            } else {
                sums[index] &+= run.value
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

    /// The different runs of locations, each as its first sample has it, with the sum of all its samples.
    private static func runs(_ profile: Profile, _ column: Int) -> [(locations: Range<Int>, value: Int64)] {
        let samples = profile.samples
        var table = InternTable(expected: samples.count / 4)
        var runs: [(locations: Range<Int>, value: Int64)] = []
        for sample in 0..<samples.count {
            let value = profile.value(ofSample: sample, column: column)
            if value == 0 { continue }
            let range = samples.locationRange(sample)
            let bytes = UnsafeRawBufferPointer(
                UnsafeBufferPointer(start: samples.locations.base + range.lowerBound, count: range.count)
            )
            let index = Int(table.intern(bytes, UnsafeRawBufferPointer(start: nil, count: 0)))
            if index == runs.count {
                runs.append((range, value))
            } else {
                runs[index].value &+= value
            }
        }
        return runs
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
