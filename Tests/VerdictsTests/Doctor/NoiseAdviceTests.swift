import Recordings
import TestSupport
import Testing
import Verdicts

/// What is said of a machine that is not steady, and what it can be expected to show.
@Suite struct NoiseAdviceTests {
    private func survey(_ change: (inout MachineSurvey) -> Void) -> MachineSurvey {
        var survey = SurveyedMachine.quiet
        change(&survey)
        return survey
    }

    private func said(_ topic: String, _ change: (inout MachineSurvey) -> Void) -> String {
        let all = Advice.all(for: survey(change)).filter { $0.topic == topic }
        guard let advice = all.first, all.count == 1 else { return "\(all.count) times" }
        return "\(advice.level): \(advice.value)" + (advice.remedy.map { " | \($0)" } ?? "")
    }

    @Test func timers() {
        let late = " | Requests are sent as late as that, and it counts as latency: end what else runs here"
        let timers = MachineSurvey.Timers(
            latenesses: [Double](repeating: 60, count: 90) + .init(repeating: 700, count: 10))
        #expect(
            said("timers") { $0.timers = timers }
                == "note: late by 60 µs (p50), 700 µs (p99), 700 µs (max)" + late + ".")
        #expect(
            said("timers") {
                $0.timers = .init(latenesses: [6000])
                $0.realTime = .fails("EPERM")
            } == "warning: late by 6 ms (p50), 6 ms (p99), 6 ms (max)" + late + ", or permit real-time priority.")
        #expect(
            said("timers") { $0.timers = nil } == "warning: could not be measured | Run perfgate doctor again.")
    }

    @Test func steadiness() {
        func value(_ single: String, _ sum: String) -> String {
            "the same 5 ms of work, 200 times, scatters by \(single), ten together by \(sum); the slowest took 1.10 "
                + "times the fastest"
        }
        #expect(
            said("steadiness") { $0.steadiness = SurveyedMachine.steadiness(spread: 0.04, ofProcessorTime: 0.01) }
                == "note: \(value("8 %", "4 %")) | Something else ran on the processor: end it, or give the gate a "
                + "machine of its own.")
        #expect(
            said("steadiness") { $0.steadiness = SurveyedMachine.steadiness(spread: 0.08) }
                == "warning: \(value("16 %", "8 %")) | The processor itself was faster and slower by turns: fix its "
                + "frequency, or use a machine whose processors are not shared with others.")
        #expect(
            said("steadiness") {
                $0.steadiness = SurveyedMachine.steadiness(spread: 0.08)
                $0.environment.throttled = 0.2
            } == "warning: \(value("16 %", "8 %")) | The control group held the work up: see throttling.")
        #expect(
            said("steadiness") { $0.steadiness = nil }
                == "warning: could not be measured | The machine hardly got to work: end what else runs here, and run "
                + "perfgate doctor again.")
    }

    @Test func steal() {
        let advice = " | Other machines on the same host are served first: use a dedicated instance, or another time."
        #expect(
            said("steal") { $0.environment.steal = 0.02 }
                == "note: 2 % of processor time taken by the hypervisor" + advice)
        #expect(
            said("steal") { $0.environment.steal = 0.1 }
                == "warning: 10 % of processor time taken by the hypervisor" + advice)
        #expect(said("steal") { $0.environment.steal = nil } == "ok: not shown by the kernel")
    }

    @Test func pressure() {
        let advice =
            " | perfgate doctor alone does not keep every processor busy, so something else does: end it, or run the "
            + "gate when it is done."
        #expect(
            said("pressure") { $0.environment.pressure = 0.125 }
                == "note: some task waited for a processor 12.5 % of the time" + advice)
        #expect(
            said("pressure") { $0.environment.pressure = 1 }
                == "warning: some task waited for a processor 100 % of the time" + advice)
        #expect(
            said("pressure") {
                $0.environment.pressure = 1
                $0.machine.cores = 1
            } == "ok: some task waited for a processor 100 % of the time")
        #expect(
            said("pressure") {
                $0.environment.pressure = nil
                $0.pressureAccounting = false
            }
                == "note: not accounted for by the kernel | Whether others hold up a round cannot be seen: boot with "
                + "psi=1.")
    }

    @Test func throttling() {
        let advice = " | One busy thread was enough to reach the limit on processor time: raise it."
        #expect(
            said("throttling") { $0.environment.throttled = 0.25 }
                == "warning: held up 25 % of the time by its control group" + advice)
        #expect(
            said("throttling") { $0.environment.throttled = 0.005 }
                == "note: held up 0.50 % of the time by its control group" + advice)
        #expect(said("throttling") { $0.environment.throttled = nil } == "ok: none: there is no limit")
        #expect(
            said("throttling") {
                $0.environment.throttled = nil
                $0.machine.cpuLimit = 2
            }
                == "note: not shown by the kernel | Whether the limit holds up a round cannot be seen: mount the control "
                + "groups readably.")
    }

    @Test func frequency() {
        #expect(
            said("frequency") {
                $0.governors = ["powersave", "schedutil"]
                $0.boost = true
                $0.environment.frequency = 1799.6
            }
                == "note: 1800 MHz, governor powersave, schedutil, boost on | The frequency follows the load: cpupower "
                + "frequency-set -g performance keeps it up. Boost makes a core's speed depend on its neighbours and on "
                + "the temperature: turn it off for figures that must compare over hours.")
        #expect(
            said("frequency") {
                $0.governors = []
                $0.boost = nil
                $0.environment.frequency = nil
            } == "ok: not shown by the kernel")
    }

    // MARK: resolution

    @Test(arguments: [
        (0, MachineResolution.Quality.quiet), (0.0269, .quiet), (0.027, .typical), (0.0659, .typical), (0.066, .bad),
        (0.169, .bad), (0.17, .worse), (5, .worse), (.nan, .worse),
    ])
    func quality(spread: Double, quality: MachineResolution.Quality) {
        #expect(MachineResolution.Quality(spread: spread) == quality)
    }

    /// What took time away while the machine was watched may be busier when the gate runs.
    @Test func qualityOfADisturbedMachine() {
        func quality(_ change: (inout MachineSurvey) -> Void) -> MachineResolution.Quality? {
            MachineResolution(survey(change))?.quality
        }
        #expect(quality { _ in } == .quiet)
        #expect(quality { $0.environment.steal = 0.01 } == .typical)
        #expect(quality { $0.environment.steal = 0.05 } == .bad)
        #expect(quality { $0.environment.throttled = 0.01 } == .bad)
        #expect(quality { $0.environment.pressure = 0.1 } == .typical)
        #expect(quality { $0.environment.pressure = 0.3 } == .bad)
        #expect(
            quality {
                $0.environment.pressure = 1
                $0.machine.cores = 1
            } == .quiet)
        #expect(
            quality {
                $0.environment.steal = 0.01
                $0.steadiness = SurveyedMachine.steadiness(spread: 0.5)
            } == .worse)
        #expect(quality { $0.steadiness = nil } == nil)
    }

    private func text(_ spread: Double, _ change: (inout MachineSurvey) -> Void = { _ in }) -> String? {
        MachineResolution(
            survey {
                $0.steadiness = SurveyedMachine.steadiness(spread: spread)
                change(&$0)
            })?.text
    }

    /// What decided is named; what did not, is not.
    @Test func textsOfADisturbedMachine() {
        func begins(_ text: String?, _ quality: String, _ seen: String) -> Bool {
            text?.hasPrefix("While it was watched, this machine was \(quality) (\(seen)). If it stays so, ") == true
        }
        let bad = "only as steady as a bad shared runner"
        let seen = "ten pieces of the same work scattered by"
        #expect(
            begins(
                text(0.01) { $0.environment.pressure = 1 }, bad, "\(seen) 1 %, and other work waited for the processors"
            ))
        #expect(
            begins(text(0.01) { $0.environment.steal = 0.05 }, bad, "\(seen) 1 %, and the hypervisor took time away"))
        #expect(
            begins(
                text(0.01) { $0.environment.throttled = 0.5 }, bad, "\(seen) 1 %, and the control group held it up"))
        #expect(begins(text(0.1) { $0.environment.pressure = 1 }, bad, "\(seen) 10 %"))
    }

    @Test func texts() {
        let end =
            "Allocations and leaks are counted and do not depend on it. Two seconds say little about the next minutes: "
            + "watch the intervals in the reports."
        #expect(
            text(0.01)
                == "While it was watched, this machine was as steady as a quiet machine (ten pieces of the same work "
                + "scattered by 1 %). If it stays so, 20 rounds show changes from about 1.7 % of processor time per "
                + "request, 2.7 % of p50 latency and throughput, 3.3 % of p90 and 5.6 % of p99. " + end)
        #expect(
            text(0.04)
                == "While it was watched, this machine was as steady as a typical shared runner (ten pieces of the same "
                + "work scattered by 4 %). If it stays so, 20 rounds show changes from about 2.6 % of processor time "
                + "per request, 5.1 % of p50 latency and throughput, 7.0 % of p90 and 14 % of p99. " + end)
        #expect(
            text(0.1)
                == "While it was watched, this machine was only as steady as a bad shared runner (ten pieces of the "
                + "same work scattered by 10 %). If it stays so, 20 rounds show changes from about 5.5 % of processor "
                + "time per request, 12 % of p50 latency and throughput, 18 % of p90 and 37 % of p99. " + end)
        #expect(
            text(0.3)
                == "While it was watched, this machine was less steady than a bad shared runner (ten pieces of the same "
                + "work scattered by 30 %): expect budgets on time to be inconclusive. Allocations and leaks are "
                + "counted and do not depend on it.")
    }
}
