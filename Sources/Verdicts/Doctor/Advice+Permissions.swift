import Recordings

extension Advice {
    /// What this process is allowed to do.
    static func permissions(_ survey: MachineSurvey) -> [Advice] {
        [nativeProbe(survey), realTime(survey), instructions(survey), ptrace(survey), randomization(survey)]
    }

    private static func nativeProbe(_ survey: MachineSurvey) -> Advice {
        guard let probe = survey.nativeProbe else { return Advice(.permissions, "native probe", "not tried") }
        guard !probe.works else {
            return Advice(.permissions, "native probe", "counts in programs it is preloaded into")
        }
        return Advice(
            .permissions, "native probe", "cannot be used (\(probe.reason ?? "unknown"))", .warning,
            "Allocations, live memory and tasks of services that are not Go have no figures without it: install "
                + "libNativeProbe.so beside perfgate, or in ../lib/perfgate, and permit preloading.")
    }

    private static func realTime(_ survey: MachineSurvey) -> Advice {
        if survey.machine.cores < 2 {
            return Advice(.permissions, "real time", "not used on a single processor")
        }
        guard !survey.realTime.works else {
            return Advice(.permissions, "real time", "permitted; the load generator uses it at a constant rate")
        }
        return Advice(
            .permissions, "real time", "refused (\(survey.realTime.reason ?? "unknown"))", .note,
            "Permit it with CAP_SYS_NICE or ulimit -r 1: the load generator then sends on time while the processors are "
                + "busy.")
    }

    private static func instructions(_ survey: MachineSurvey) -> Advice {
        let level = survey.perfEventParanoid.map { ", kernel.perf_event_paranoid \($0)" } ?? ""
        guard !survey.instructions.works else {
            return Advice(.permissions, "instructions", "counted by perf_event_open\(level)")
        }
        let reason = survey.instructions.reason ?? "unknown"
        let without = " Processor time is measured without it."
        let advice =
            switch reason {
            case "ENOENT", "ENODEV", "EOPNOTSUPP", "ENODATA":
                "This machine has no counter for instructions, or its hypervisor keeps it back: choose one that passes "
                    + "it on."
            case "ENOSYS": "This kernel is built without perf events: use another."
            case "EPERM", "EACCES":
                (survey.perfEventParanoid ?? 0) > 2
                    ? "The system forbids it: set kernel.perf_event_paranoid to 2, or give CAP_PERFMON."
                    : "The container forbids it: permit perf_event_open in its seccomp profile, or give CAP_PERFMON."
            default: "The call failed in a way that has no known remedy."
            }
        return Advice(
            .permissions, "instructions", "perf_event_open refused (\(reason))\(level)", .note, advice + without)
    }

    private static func ptrace(_ survey: MachineSurvey) -> Advice {
        switch survey.ptraceScope {
        case nil: Advice(.permissions, "ptrace", "not restricted")
        case 0: Advice(.permissions, "ptrace", "permitted within a user (kernel.yama.ptrace_scope 0)")
        case 1: Advice(.permissions, "ptrace", "permitted for own children (kernel.yama.ptrace_scope 1)")
        case let scope?:
            Advice(
                .permissions, "ptrace", "restricted (kernel.yama.ptrace_scope \(scope))", .note,
                "perfgate does without; debuggers and some profilers need kernel.yama.ptrace_scope 1.")
        }
    }

    private static func randomization(_ survey: MachineSurvey) -> Advice {
        switch survey.addressSpaceRandomization {
        case nil: Advice(.permissions, "address layout", "unknown")
        case 0:
            Advice(
                .permissions, "address layout", "the same at every launch", .note,
                "Layout alone can make a version faster or slower, and rounds average it out only when it differs: turn "
                    + "randomisation on (kernel.randomize_va_space 2, no setarch -R).")
        case let level?: Advice(.permissions, "address layout", "random at every launch (\(level))")
        }
    }
}
