import Measures
import Recordings

extension Advice {
    /// What the machine and its control group give.
    static func machine(_ survey: MachineSurvey) -> [Advice] {
        [processors(survey), memory(survey), clock(survey)]
    }

    private static func processors(_ survey: MachineSurvey) -> Advice {
        let cores = survey.machine.cores
        let usable = survey.usableProcessors ?? cores
        var value = "\(usable) of \(cores) usable"
        if usable < cores, let list = survey.processorList { value += " (\(list))" }
        let limit = survey.machine.cpuLimit
        value += limit.map { ", a control group limits them to \(Unit.digits($0))" } ?? ", no limit"
        if min(Double(usable), limit ?? .infinity) < 2 {
            return Advice(
                .machine, "processors", value, .warning,
                "Give it two processors or more: the load generator and the service hold each other up on fewer, and "
                    + "latency contains the waiting.")
        }
        if let limit, limit < Double(usable) {
            return Advice(
                .machine, "processors", value, .note,
                "A limit on processor time stops everything for the rest of a period once it is used up: reserve whole "
                    + "processors (a cpuset) instead, or keep the load far below the limit.")
        }
        return Advice(.machine, "processors", value)
    }

    private static func memory(_ survey: MachineSurvey) -> Advice {
        let all = survey.machine.memoryBytes
        let limit = survey.machine.memoryLimitBytes.flatMap { $0 < all ? $0 : nil }
        let value =
            Unit.bytes.text(Double(all))
            + (limit.map { ", a control group limits it to \(Unit.bytes.text(Double($0)))" } ?? ", no limit")
        guard min(all, limit ?? all) < 512 << 20 else { return Advice(.machine, "memory", value) }
        return Advice(
            .machine, "memory", value, .warning,
            "Give it 512 MiB or more: perfgate and the service share it, and what runs short of memory slows down "
                + "before it fails.")
    }

    private static func clock(_ survey: MachineSurvey) -> Advice {
        let source = survey.machine.clockSource
        let value = source + (survey.clockReading.map { ", a reading takes \(Unit.time.text($0))" } ?? "")
        let isSlowSource = ["hpet", "acpi_pm", "jiffies", "pit"].contains(source)
        guard isSlowSource || (survey.clockReading ?? 0) > 500 else { return Advice(.machine, "clock", value) }
        return Advice(
            .machine, "clock", value, .warning,
            "Every request reads the clock several times, in perfgate and in most services: boot with clocksource=tsc, "
                + "or choose a machine whose clock is read without entering the kernel.")
    }

    // MARK: room

    /// What could run out.
    static func room(_ survey: MachineSurvey) -> [Advice] {
        [openFiles(survey), ports(survey), freeSpace(survey), sharedMemory(survey)]
    }

    private static func openFiles(_ survey: MachineSurvey) -> Advice {
        guard let limit = survey.openFiles else { return Advice(.room, "open files", "limit unknown") }
        // perfgate itself, with profiles, logs and event loops, holds a few dozen.
        let connections = limit > 1 << 30 ? nil : max(0, Int(limit) - 64)
        let value = connections.map { "\(limit), enough for \($0) connections" } ?? "no limit"
        guard let connections, connections < 500 else { return Advice(.room, "open files", value) }
        let isRaisable = (survey.openFilesHard ?? 0) >= 4096
        return Advice(
            .room, "open files", value, connections < 50 ? .warning : .note,
            "Each connection takes a descriptor in perfgate and one in the service, which inherits the limit: "
                + (isRaisable ? "raise it with ulimit -n 4096." : "have the administrator raise it."))
    }

    private static func ports(_ survey: MachineSurvey) -> Advice {
        guard let ports = survey.ports else { return Advice(.room, "ports", "range for connections unknown") }
        let value = "\(ports.free) free for connections (\(ports.first)–\(ports.last))"
        guard ports.free < 10_000 else { return Advice(.room, "ports", value) }
        return Advice(
            .room, "ports", value, ports.free < 1000 ? .warning : .note,
            "A service that closes connections uses up a port for a minute each time: widen "
                + "net.ipv4.ip_local_port_range, or let other connections end first.")
    }

    private static func freeSpace(_ survey: MachineSurvey) -> Advice {
        guard let free = survey.freeSpaceBytes else { return Advice(.room, "disk", "free space unknown") }
        let value = "\(Unit.bytes.text(Double(free))) free in the working directory"
        guard free < 1 << 30 else { return Advice(.room, "disk", value) }
        return Advice(
            .room, "disk", value, free < 100 << 20 ? .warning : .note,
            "Recordings, profiles and the checkout of the baseline are written here: make room, 1 GiB or more.")
    }

    private static func sharedMemory(_ survey: MachineSurvey) -> Advice {
        let advice =
            "Services that share memory between processes fail in so little: enlarge it "
            + "(containers: --shm-size=1g) if yours does."
        guard let bytes = survey.sharedMemoryBytes else {
            return Advice(.room, "/dev/shm", "not mounted", .note, advice)
        }
        let value = Unit.bytes.text(Double(bytes))
        return bytes < 64 << 20
            ? Advice(.room, "/dev/shm", value, .note, advice) : Advice(.room, "/dev/shm", value)
    }
}
