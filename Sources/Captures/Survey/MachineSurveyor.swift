package import Recordings

#if canImport(Glibc)
    import Glibc
#endif

/// Finds out what can be measured on this machine, and how steady it is.
package enum MachineSurveyor {
    /// Takes about two seconds, in which the calling thread works and sleeps; five at most.
    package static func survey() -> MachineSurvey {
        var survey = MachineSurvey(machine: MachineReader.machine())
        survey.loopback = loopback()
        survey.processFiles =
            ProcFile.stat(getpid(), in: "/proc") == nil ? .fails("/proc/\(getpid())/stat cannot be read") : .works
        survey.children = children()
        survey.programs = programs()
        survey.nativeProbe = nativeProbe()
        limits(&survey)
        let meter = EnvironmentMeter()
        survey.clockReading = clockReading()
        survey.realTime = realTime()
        survey.timers = timers(inRealTime: survey.realTime.works)
        survey.steadiness = steadiness()
        survey.environment = meter.environment()
        frequency(&survey)
        survey.instructions = instructions()
        survey.perfEventParanoid = setting("kernel/perf_event_paranoid")
        survey.ptraceScope = setting("kernel/yama/ptrace_scope")
        survey.pressureAccounting = ProcFile.text("/proc/pressure/cpu") != nil
        survey.addressSpaceRandomization = SurveyTexts.randomization(
            setting: ProcFile.text("/proc/sys/kernel/randomize_va_space"),
            personality: ProcFile.text("/proc/self/personality"))
        return survey
    }

    private static func setting(_ name: String) -> Int? { SurveyTexts.number(ProcFile.text("/proc/sys/\(name)")) }

    private static func limits(_ survey: inout MachineSurvey) {
        survey.processorList = ProcFile.text("/proc/self/status").flatMap { SurveyTexts.processorList(status: $0) }
        survey.usableProcessors = survey.processorList.flatMap { SurveyTexts.count(ofList: $0) }
        survey.controlGroupVersion = ControlGroups.ofThisProcess().chain(.cpu)?.version
        var files = rlimit()
        if getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &files) == 0 {
            survey.openFiles = UInt64(files.rlim_cur)
            survey.openFilesHard = UInt64(files.rlim_max)
        }
        survey.ports = SurveyTexts.ports(
            range: ProcFile.text("/proc/sys/net/ipv4/ip_local_port_range"), sockets: ProcFile.text("/proc/net/sockstat")
        )
        survey.freeSpaceBytes = space(".")?.free
        survey.sharedMemoryBytes = space("/dev/shm")?.all
    }

    private static func space(_ path: String) -> (all: UInt64, free: UInt64)? {
        var status = statvfs()
        guard statvfs(path, &status) == 0 else { return nil }
        func bytes(_ blocks: UInt64) -> UInt64? {
            let (bytes, overflow) = blocks.multipliedReportingOverflow(by: UInt64(status.f_frsize))
            return overflow ? nil : bytes
        }
        guard let all = bytes(UInt64(status.f_blocks)), let free = bytes(UInt64(status.f_bavail)) else { return nil }
        return (all, free)
    }

    private static func frequency(_ survey: inout MachineSurvey) {
        let folder = "/sys/devices/system/cpu"
        let governors = MachineReader.processorFolders(folder)
            .compactMap { ProcFile.text("\($0)/cpufreq/scaling_governor") }
            .map { String($0.prefix { $0 != "\n" }) }
        survey.governors = Set(governors).sorted()
        survey.boost = SurveyTexts.boost(
            general: ProcFile.text("\(folder)/cpufreq/boost"),
            intelOff: ProcFile.text("\(folder)/intel_pstate/no_turbo"))
    }
}
