import Recordings
import Testing

/// What keeps the times of two machines from being compared.
@Suite struct MachineTests {
    private let machine = Machine(
        cpu: "EPYC", architecture: "x86_64", cores: 2, memoryBytes: 8_232_116_224, kernel: "6.1", system: "Debian 12",
        cpuLimit: nil, memoryLimitBytes: nil, clockSource: "tsc")

    @Test func same() {
        var other = machine
        // A few pages more or less are the same memory.
        other.memoryBytes += 4096
        #expect(machine.differences(from: other) == [])
    }

    @Test func everythingElse() {
        let other = Machine(
            cpu: "Xeon", architecture: "arm64", cores: 4, memoryBytes: 16 << 30, kernel: "6.6", system: "Ubuntu 24.04",
            cpuLimit: 1.5, memoryLimitBytes: 1 << 30, clockSource: "hpet")
        #expect(
            machine.differences(from: other) == [
                "processor: Xeon then, EPYC now", "architecture: arm64 then, x86_64 now", "cores: 4 then, 2 now",
                "memory: 17179869184 then, 8232116224 now", "kernel: 6.6 then, 6.1 now",
                "system: Ubuntu 24.04 then, Debian 12 now", "processor limit: 1.5 then, none now",
                "memory limit: 1073741824 then, none now", "clock source: hpet then, tsc now",
            ])
    }
}
