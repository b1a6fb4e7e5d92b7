import Profiles

/// Profiles and dumps as text, for golden files.
enum Rendered {
    static func profile(_ profile: Profile) -> String {
        var lines = [
            "types: " + profile.sampleTypes.map { "\($0.type)/\($0.unit)" }.joined(separator: " "),
            "default: \(profile.defaultSampleType ?? -1)",
            "time: \(profile.timeNanos) duration: \(profile.durationNanos)",
            "period: \(profile.period) \(profile.periodType.type)/\(profile.periodType.unit)",
            "totals: " + profile.sampleTypes.indices.map { "\(profile.total($0))" }.joined(separator: " "),
        ]
        var numbers: [Frame: Int] = [:]
        var frames: [Frame] = []
        for sample in 0..<profile.sampleCount {
            let values = profile.sampleTypes.indices.map { "\(profile.value(ofSample: sample, column: $0))" }
            let stack = profile.frames(ofSample: sample).map { frame -> String in
                let number = numbers[frame] ?? frames.count
                if number == frames.count {
                    numbers[frame] = number
                    frames.append(frame)
                }
                return "\(number)"
            }
            lines.append(
                values.joined(separator: " ") + labels(profile, sample) + ": " + stack.joined(separator: " ")
            )
        }
        for (number, frame) in frames.enumerated() { lines.append("\(number) = \(text(frame))") }
        return lines.joined(separator: "\n") + "\n"
    }

    static func labels(_ profile: Profile, _ sample: Int) -> String {
        profile.labels(ofSample: sample).map { " \($0.key)=\($0.text ?? "\($0.number)\($0.unit)")" }.joined()
    }

    static func text(_ frame: Frame) -> String {
        "\(frame.function) \(frame.file):\(frame.line)"
    }

    static func dump(_ dump: TaskDump) -> String {
        var lines = ["total \(dump.total) unparsed \(dump.unparsed) truncated \(dump.truncated)"]
        for group in dump.groups {
            let minutes = group.waitMinutes.map { " \($0.lowerBound)…\($0.upperBound) min" } ?? ""
            let leaked = group.leaked ? " leaked" : ""
            lines.append("\(group.count) \(group.state.label)\(minutes)\(leaked)")
            lines += group.frames.map { "    " + text($0) }
            if let creator = group.createdBy { lines.append("    created by " + text(creator)) }
        }
        return lines.joined(separator: "\n") + "\n"
    }
}
