import Measures
import Recordings

extension Advice {
    /// How steady the machine was while it was watched.
    static func noise(_ survey: MachineSurvey) -> [Advice] {
        [timers(survey), steadiness(survey), steal(survey), pressure(survey), throttling(survey), frequency(survey)]
    }

    private static func timers(_ survey: MachineSurvey) -> Advice {
        guard let timers = survey.timers else {
            return Advice(.noise, "timers", "could not be measured", .warning, "Run perfgate doctor again.")
        }
        func time(_ microseconds: Double) -> String { Unit.time.text(microseconds * 1000) }
        let value = "late by \(time(timers.p50)) (p50), \(time(timers.p99)) (p99), \(time(timers.max)) (max)"
        guard timers.p99 >= 500 else { return Advice(.noise, "timers", value) }
        return Advice(
            .noise, "timers", value, timers.p99 >= 5000 ? .warning : .note,
            "Requests are sent as late as that, and it counts as latency: "
                + (survey.realTime.works
                    ? "end what else runs here."
                    : "end what else runs here, or permit real-time priority."))
    }

    private static func steadiness(_ survey: MachineSurvey) -> Advice {
        guard let steadiness = survey.steadiness else {
            return Advice(
                .noise, "steadiness", "could not be measured", .warning,
                "The machine hardly got to work: end what else runs here, and run perfgate doctor again.")
        }
        let value =
            "the same \(Unit.time.text(steadiness.piece * 1e9)) of work, \(steadiness.pieces) times, scatters by "
            + "\(Unit.share.text(steadiness.spread)), ten together by \(Unit.share.text(steadiness.spreadOfSums)); "
            + "the slowest took \(Unit.digits(steadiness.slowest)) times the fastest"
        let quality = MachineResolution.Quality(spread: steadiness.spreadOfSums)
        guard quality > .quiet else { return Advice(.noise, "steadiness", value) }
        // Processor time does not contain the waiting for others, but does contain a slower clock and slower memory.
        let isOfOthers = steadiness.spreadOfProcessorTime < steadiness.spreadOfSums / 2
        let remedy =
            if survey.environment.throttled ?? 0 >= 0.01 {
                "The control group held the work up: see throttling."
            } else if isOfOthers {
                "Something else ran on the processor: end it, or give the gate a machine of its own."
            } else {
                "The processor itself was faster and slower by turns: fix its frequency, or use a machine whose "
                    + "processors are not shared with others."
            }
        return Advice(.noise, "steadiness", value, quality > .typical ? .warning : .note, remedy)
    }

    private static func steal(_ survey: MachineSurvey) -> Advice {
        guard let steal = survey.environment.steal else { return Advice(.noise, "steal", "not shown by the kernel") }
        let value = "\(Unit.share.text(steal)) of processor time taken by the hypervisor"
        guard steal >= 0.01 else { return Advice(.noise, "steal", value) }
        return Advice(
            .noise, "steal", value, steal >= 0.05 ? .warning : .note,
            "Other machines on the same host are served first: use a dedicated instance, or another time.")
    }

    private static func pressure(_ survey: MachineSurvey) -> Advice {
        guard let pressure = survey.environment.pressure else {
            return Advice(
                .noise, "pressure", survey.pressureAccounting ? "not known" : "not accounted for by the kernel", .note,
                "Whether others hold up a round cannot be seen: boot with psi=1.")
        }
        let value = "some task waited for a processor \(Unit.share.text(pressure)) of the time"
        // On a single processor perfgate doctor itself is what others wait for.
        guard pressure >= 0.1, survey.machine.cores > 1 else { return Advice(.noise, "pressure", value) }
        return Advice(
            .noise, "pressure", value, pressure >= 0.3 ? .warning : .note,
            "perfgate doctor alone does not keep every processor busy, so something else does: end it, or run the gate "
                + "when it is done.")
    }

    private static func throttling(_ survey: MachineSurvey) -> Advice {
        guard let throttled = survey.environment.throttled else {
            return survey.machine.cpuLimit == nil
                ? Advice(.noise, "throttling", "none: there is no limit")
                : Advice(
                    .noise, "throttling", "not shown by the kernel", .note,
                    "Whether the limit holds up a round cannot be seen: mount the control groups readably.")
        }
        guard throttled > 0 else { return Advice(.noise, "throttling", "none") }
        return Advice(
            .noise, "throttling", "held up \(Unit.share.text(throttled)) of the time by its control group",
            throttled >= 0.01 ? .warning : .note,
            "One busy thread was enough to reach the limit on processor time: raise it.")
    }

    private static func frequency(_ survey: MachineSurvey) -> Advice {
        var parts: [String] = []
        if let frequency = survey.environment.frequency { parts.append("\(Unit.fixed(frequency, 0)) MHz") }
        if !survey.governors.isEmpty { parts.append("governor \(survey.governors.joined(separator: ", "))") }
        if let boost = survey.boost { parts.append("boost \(boost ? "on" : "off")") }
        let value = parts.isEmpty ? "not shown by the kernel" : parts.joined(separator: ", ")
        var advice: [String] = []
        if !survey.governors.isEmpty, survey.governors != ["performance"] {
            advice.append("The frequency follows the load: cpupower frequency-set -g performance keeps it up.")
        }
        if survey.boost == true {
            advice.append(
                "Boost makes a core's speed depend on its neighbours and on the temperature: turn it off for figures "
                    + "that must compare over hours.")
        }
        return advice.isEmpty
            ? Advice(.noise, "frequency", value)
            : Advice(.noise, "frequency", value, .note, advice.joined(separator: " "))
    }
}
