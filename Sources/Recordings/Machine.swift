/// What the numbers of a run depend on besides the service.
package struct Machine: Sendable, Codable, Equatable {
    package var cpu: String
    package var architecture: String
    package var cores: Int
    package var memoryBytes: UInt64
    package var kernel: String
    package var system: String
    /// Cores the control group may use, or nil without a limit.
    package var cpuLimit: Double?
    package var memoryLimitBytes: UInt64?
    package var clockSource: String

    package init(
        cpu: String, architecture: String, cores: Int, memoryBytes: UInt64, kernel: String, system: String,
        cpuLimit: Double?, memoryLimitBytes: UInt64?, clockSource: String
    ) {
        self.cpu = cpu
        self.architecture = architecture
        self.cores = cores
        self.memoryBytes = memoryBytes
        self.kernel = kernel
        self.system = system
        self.cpuLimit = cpuLimit
        self.memoryLimitBytes = memoryLimitBytes
        self.clockSource = clockSource
    }

    /// What differs from another machine, in words; empty when time may be compared.
    package func differences(from other: Machine) -> [String] {
        var result: [String] = []
        func compare<Value: Equatable>(_ name: String, _ ours: Value, _ theirs: Value) {
            if ours != theirs { result.append("\(name): \(theirs) then, \(ours) now") }
        }
        compare("processor", cpu, other.cpu)
        compare("architecture", architecture, other.architecture)
        compare("cores", cores, other.cores)
        // Firmware reserves a little memory, differently from boot to boot.
        if memoryBytes / 268_435_456 != other.memoryBytes / 268_435_456 {
            compare("memory", memoryBytes, other.memoryBytes)
        }
        compare("kernel", kernel, other.kernel)
        compare("system", system, other.system)
        compare("processor limit", cpuLimit.map { "\($0)" } ?? "none", other.cpuLimit.map { "\($0)" } ?? "none")
        compare(
            "memory limit", memoryLimitBytes.map { "\($0)" } ?? "none", other.memoryLimitBytes.map { "\($0)" } ?? "none"
        )
        compare("clock source", clockSource, other.clockSource)
        return result
    }
}
