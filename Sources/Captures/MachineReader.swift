package import Recordings

#if canImport(Glibc)
    import Glibc
#endif

/// What this machine is, and what else it does.
package enum MachineReader {
    package static func machine() -> Machine {
        var name = utsname()
        uname(&name)
        let limits = ControlGroupLimits(.ofThisProcess())
        return Machine(
            cpu: cpuName(),
            architecture: string(&name.machine),
            cores: max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))),
            memoryBytes: UInt64(max(0, sysconf(Int32(_SC_PHYS_PAGES)))) * UInt64(max(0, sysconf(Int32(_SC_PAGESIZE)))),
            kernel: string(&name.release),
            system: systemName(),
            cpuLimit: limits.processors,
            memoryLimitBytes: limits.memoryBytes,
            clockSource: trimmed("/sys/devices/system/clocksource/clocksource0/current_clocksource") ?? "unknown"
        )
    }

    package static func loadAverage() -> Double? {
        ProcFile.text("/proc/loadavg")?.split(separator: " ").first.flatMap { Double($0) }
    }

    /// Mean clock frequency over the processors in MHz.
    package static func frequency() -> Double? {
        let folder = "/sys/devices/system/cpu"
        let scaling = processorFolders(folder).compactMap { ProcFile.text("\($0)/cpufreq/scaling_cur_freq") }
        return EnvironmentReading.frequency(scaling: scaling)
            ?? ProcFile.text("/proc/cpuinfo").flatMap { EnvironmentReading.frequency(processors: $0) }
    }

    /// The folders of the processors below the one of all.
    static func processorFolders(_ folder: String) -> [String] {
        ProcFile.entries(folder).filter { $0.hasPrefix("cpu") && Int($0.dropFirst(3)) != nil }.map { "\(folder)/\($0)" }
    }

    private static func cpuName() -> String {
        let text = ProcFile.text("/proc/cpuinfo") ?? ""
        // x86 names the model; arm64 gives numbers of the implementer and the part instead.
        for key in ["model name", "CPU part"] {
            for line in text.split(separator: "\n") where line.hasPrefix(key) {
                if let value = line.split(separator: ":", maxSplits: 1).last {
                    return value.drop { $0 == " " }.description
                }
            }
        }
        return "unknown"
    }

    private static func systemName() -> String {
        for line in (ProcFile.text("/etc/os-release") ?? "").split(separator: "\n")
        where line.hasPrefix("PRETTY_NAME=") {
            return line.dropFirst("PRETTY_NAME=".count).filter { $0 != "\"" }
        }
        return "unknown"
    }

    private static func trimmed(_ path: String) -> String? {
        ProcFile.text(path).map { String($0.drop { $0 == " " }.prefix { $0 != "\n" }) }
    }

    private static func string<Tuple>(_ tuple: inout Tuple) -> String {
        withUnsafeBytes(of: &tuple) { bytes in
            String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
    }
}
