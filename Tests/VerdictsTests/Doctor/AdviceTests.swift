import Recordings
import TestSupport
import Testing
import Verdicts

/// What is said of a machine, in whole sentences.
@Suite struct AdviceTests {
    /// What is said about a topic after a change: `level: value` or `level: value | advice`.
    private func said(_ topic: String, _ change: (inout MachineSurvey) -> Void = { _ in }) -> String {
        var survey = SurveyedMachine.quiet
        change(&survey)
        let all = Advice.all(for: survey).filter { $0.topic == topic }
        guard let advice = all.first, all.count == 1 else { return "\(all.count) times" }
        return "\(advice.level): \(advice.value)" + (advice.remedy.map { " | \($0)" } ?? "")
    }

    @Test func aQuietMachine() {
        let all = Advice.all(for: SurveyedMachine.quiet)
        #expect(all.allSatisfy { $0.level == .ok && $0.remedy == nil })
        #expect(
            all.map { "\($0.group) \($0.topic): \($0.value)" } == [
                "needed sockets: 127.0.0.1 can be listened on and connected to",
                "needed programs: /bin/sh starts programs",
                "needed /proc: readable",
                "needed children: listed by the kernel",
                "machine processors: 4 of 4 usable, no limit",
                "machine memory: 8 GiB, no limit",
                "machine clock: tsc, a reading takes 25 ns",
                "noise timers: late by 50 µs (p50), 80 µs (p99), 120 µs (max)",
                "noise steadiness: the same 5 ms of work, 200 times, scatters by 2 %, ten together by 1 %; "
                    + "the slowest took 1.10 times the fastest",
                "noise steal: 0 % of processor time taken by the hypervisor",
                "noise pressure: some task waited for a processor 1 % of the time",
                "noise throttling: none",
                "noise frequency: 2600 MHz, governor performance, boost off",
                "permissions native probe: counts in programs it is preloaded into",
                "permissions real time: permitted; the load generator uses it at a constant rate",
                "permissions instructions: counted by perf_event_open, kernel.perf_event_paranoid 2",
                "permissions ptrace: permitted for own children (kernel.yama.ptrace_scope 1)",
                "permissions address layout: random at every launch (2)",
                "room open files: 1024, enough for 960 connections",
                "room ports: 28222 free for connections (32768–60999)",
                "room disk: 20 GiB free in the working directory",
                "room /dev/shm: 64 MiB",
            ])
    }

    /// What could not be found out is said, and is no reason to refuse.
    @Test func nothingKnown() {
        var survey = MachineSurvey(machine: SurveyedMachine.quiet.machine)
        survey.pressureAccounting = false
        let all = Advice.all(for: survey)
        #expect(all.allSatisfy { $0.level < .problem })
        #expect(
            all.filter { $0.level > .ok }.map(\.topic) == ["timers", "steadiness", "pressure", "/dev/shm"])
    }

    // MARK: needed

    @Test func whatIsNeeded() {
        #expect(
            said("sockets") { $0.loopback = .fails("127.0.0.1 cannot be listened on: EPERM") }
                == "problem: 127.0.0.1 cannot be listened on: EPERM | "
                + "Permit sockets on the loopback interface: the load goes through it.")
        #expect(
            said("programs") { $0.programs = .fails("/bin/sh cannot be started: EPERM") }
                == "problem: /bin/sh cannot be started: EPERM | "
                + "Permit starting programs: perfgate starts the service through the shell.")
        #expect(
            said("/proc") { $0.processFiles = .fails("/proc/7/stat cannot be read") }
                == "problem: /proc/7/stat cannot be read | "
                + "Mount /proc: processor time, memory and descriptors of the service are read there.")
        #expect(
            said("children") { $0.children = .fails("/proc/7/task/7/children cannot be read") }
                == "warning: /proc/7/task/7/children cannot be read | Use a kernel with CONFIG_PROC_CHILDREN: without "
                + "the list a service's processes are not known, and their processor time, memory and descriptors are "
                + "not measured.")
        #expect(
            said("children") {
                $0.processFiles = .fails("")
                $0.children = .fails("")
            } == "0 times")
    }

    // MARK: machine

    @Test func processors() {
        let few =
            " | Give it two processors or more: the load generator and the service hold each other up on fewer, and "
            + "latency contains the waiting."
        #expect(
            said("processors") {
                $0.usableProcessors = 1
                $0.processorList = "3"
            } == "warning: 1 of 4 usable (3), no limit" + few)
        #expect(
            said("processors") { $0.machine.cpuLimit = 1.5 }
                == "warning: 4 of 4 usable, a control group limits them to 1.50" + few)
        #expect(
            said("processors") { $0.machine.cpuLimit = 2 }
                == "note: 4 of 4 usable, a control group limits them to 2 | A limit on processor time stops everything "
                + "for the rest of a period once it is used up: reserve whole processors (a cpuset) instead, or keep "
                + "the load far below the limit.")
        #expect(
            said("processors") { $0.machine.cpuLimit = 4 }
                == "ok: 4 of 4 usable, a control group limits them to 4")
        #expect(
            said("processors") {
                $0.usableProcessors = 2
                $0.processorList = "0-1"
            } == "ok: 2 of 4 usable (0-1), no limit")
    }

    @Test func memory() {
        #expect(
            said("memory") { $0.machine.memoryLimitBytes = 256 << 20 }
                == "warning: 8 GiB, a control group limits it to 256 MiB | Give it 512 MiB or more: perfgate and the "
                + "service share it, and what runs short of memory slows down before it fails.")
        #expect(said("memory") { $0.machine.memoryLimitBytes = 64 << 30 } == "ok: 8 GiB, no limit")
    }

    @Test func clock() {
        let advice =
            " | Every request reads the clock several times, in perfgate and in most services: boot with "
            + "clocksource=tsc, or choose a machine whose clock is read without entering the kernel."
        #expect(said("clock") { $0.machine.clockSource = "hpet" } == "warning: hpet, a reading takes 25 ns" + advice)
        #expect(said("clock") { $0.clockReading = 600 } == "warning: tsc, a reading takes 600 ns" + advice)
        #expect(said("clock") { $0.machine.clockSource = "kvm-clock" } == "ok: kvm-clock, a reading takes 25 ns")
        #expect(said("clock") { $0.clockReading = nil } == "ok: tsc")
    }

    // MARK: permissions

    @Test func realTime() {
        #expect(
            said("real time") { $0.realTime = .fails("EPERM") }
                == "note: refused (EPERM) | Permit it with CAP_SYS_NICE or ulimit -r 1: the load generator then sends "
                + "on time while the processors are busy.")
        #expect(said("real time") { $0.machine.cores = 1 } == "ok: not used on a single processor")
    }

    @Test(arguments: [
        (
            "ENOENT", 2,
            "This machine has no counter for instructions, or its hypervisor keeps it back: choose one that passes it "
                + "on."
        ),
        ("EACCES", 3, "The system forbids it: set kernel.perf_event_paranoid to 2, or give CAP_PERFMON."),
        (
            "EPERM", 2,
            "The container forbids it: permit perf_event_open in its seccomp profile, or give CAP_PERFMON."
        ),
        ("ENOSYS", 2, "This kernel is built without perf events: use another."),
        ("Too many open files", 2, "The call failed in a way that has no known remedy."),
    ])
    func instructions(reason: String, level: Int, advice: String) {
        let said = said("instructions") {
            $0.instructions = .fails(reason)
            $0.perfEventParanoid = level
        }
        #expect(
            said == "note: perf_event_open refused (\(reason)), kernel.perf_event_paranoid \(level) | \(advice) "
                + "Processor time is measured without it.")
    }

    @Test func probe() {
        #expect(said("native probe") { $0.nativeProbe = nil } == "ok: not tried")
        #expect(
            said("native probe") { $0.nativeProbe = .fails("it is not beside perfgate") }
                == "warning: cannot be used (it is not beside perfgate) | Allocations, live memory and tasks of services "
                + "that are not Go have no figures without it: install libNativeProbe.so beside perfgate, or in "
                + "../lib/perfgate, and permit preloading.")
    }

    @Test func tracing() {
        #expect(said("ptrace") { $0.ptraceScope = nil } == "ok: not restricted")
        #expect(
            said("ptrace") { $0.ptraceScope = 0 } == "ok: permitted within a user (kernel.yama.ptrace_scope 0)")
        #expect(
            said("ptrace") { $0.ptraceScope = 3 }
                == "note: restricted (kernel.yama.ptrace_scope 3) | perfgate does without; debuggers and some profilers "
                + "need kernel.yama.ptrace_scope 1.")
    }

    @Test func addressLayout() {
        #expect(
            said("address layout") { $0.addressSpaceRandomization = 0 }
                == "note: the same at every launch | Layout alone can make a version faster or slower, and rounds "
                + "average it out only when it differs: turn randomisation on (kernel.randomize_va_space 2, no "
                + "setarch -R).")
        #expect(said("address layout") { $0.addressSpaceRandomization = nil } == "ok: unknown")
    }

    // MARK: room

    @Test func openFiles() {
        let need =
            " | Each connection takes a descriptor in perfgate and one in the service, which inherits the limit: "
        #expect(
            said("open files") { $0.openFiles = 256 }
                == "note: 256, enough for 192 connections" + need + "raise it with ulimit -n 4096.")
        #expect(
            said("open files") {
                $0.openFiles = 32
                $0.openFilesHard = 32
            } == "warning: 32, enough for 0 connections" + need + "have the administrator raise it.")
        #expect(said("open files") { $0.openFiles = .max } == "ok: no limit")
    }

    @Test func ports() {
        let advice =
            " | A service that closes connections uses up a port for a minute each time: widen "
            + "net.ipv4.ip_local_port_range, or let other connections end first."
        #expect(
            said("ports") { $0.ports?.taken = 20_000 } == "note: 8232 free for connections (32768–60999)" + advice)
        #expect(
            said("ports") { $0.ports?.taken = 40_000 } == "warning: 0 free for connections (32768–60999)" + advice)
    }

    @Test func space() {
        let advice =
            " | Recordings, profiles and the checkout of the baseline are written here: make room, 1 GiB or more."
        #expect(
            said("disk") { $0.freeSpaceBytes = 512 << 20 } == "note: 512 MiB free in the working directory" + advice)
        #expect(said("disk") { $0.freeSpaceBytes = 0 } == "warning: 0 B free in the working directory" + advice)
        let shared =
            " | Services that share memory between processes fail in so little: enlarge it (containers: --shm-size=1g) "
            + "if yours does."
        #expect(said("/dev/shm") { $0.sharedMemoryBytes = 1 << 20 } == "note: 1 MiB" + shared)
        #expect(said("/dev/shm") { $0.sharedMemoryBytes = nil } == "note: not mounted" + shared)
    }
}
