/// The figures of an environment in the texts the kernel shows them in.
extension EnvironmentReading {
    /// Stolen and all processor time in ticks, from `/proc/stat`.
    package static func processorTime(_ text: String) -> (stolen: UInt64, all: UInt64)? {
        guard let line = text.split(separator: "\n").first, line.hasPrefix("cpu ") else { return nil }
        // user, nice, system, idle, iowait, irq, softirq, steal; what follows is part of user and nice.
        let fields = line.split(separator: " ").dropFirst().prefix(8).compactMap { UInt64($0) }
        guard fields.count == 8 else { return nil }
        var all: UInt64 = 0
        for field in fields {
            let (sum, overflow) = all.addingReportingOverflow(field)
            guard !overflow else { return nil }
            all = sum
        }
        return (fields[7], all)
    }

    /// Microseconds in which some task waited, from `/proc/pressure/cpu` or a group's `cpu.pressure`.
    package static func waited(_ text: String) -> UInt64? {
        for line in text.split(separator: "\n") where line.hasPrefix("some ") {
            for field in line.split(separator: " ") where field.hasPrefix("total=") {
                return UInt64(field.dropFirst("total=".count))
            }
        }
        return nil
    }

    /// Nanoseconds a group was throttled, from its `cpu.stat`; nil where the processor controller is not on.
    package static func throttled(_ text: String) -> UInt64? {
        for line in text.split(separator: "\n") {
            let fields = line.split(separator: " ")
            guard fields.count == 2, let value = UInt64(fields[1]) else { continue }
            switch fields[0] {
            case "throttled_usec":
                let (nanoseconds, overflow) = value.multipliedReportingOverflow(by: 1_000)
                return overflow ? nil : nanoseconds
            case "throttled_time": return value
            default: continue
            }
        }
        return nil
    }

    /// Mean clock frequency over the processors in MHz, from the texts of their `scaling_cur_freq`, in kHz.
    package static func frequency(scaling: [String]) -> Double? {
        mean(scaling.compactMap { UInt64($0.prefix { $0 != "\n" }) }.map { Double($0) / 1_000 })
    }

    /// The same from `/proc/cpuinfo`; nil on machines that do not show it.
    package static func frequency(processors text: String) -> Double? {
        mean(
            text.split(separator: "\n").compactMap { line in
                guard line.hasPrefix("cpu MHz"), let value = line.split(separator: ":", maxSplits: 1).last else {
                    return nil
                }
                return Double(value.drop { $0 == " " })
            })
    }

    private static func mean(_ values: [Double]) -> Double? {
        let valid = values.filter { $0.isFinite && $0 > 0 }
        return valid.isEmpty ? nil : valid.reduce(0, +) / Double(valid.count)
    }
}
