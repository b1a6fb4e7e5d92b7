import Captures
import Recordings
import Testing

/// What the kernel's counters say of the time between two readings.
@Suite struct EnvironmentReadingTests {
    private let start = EnvironmentReading(
        moment: 5_000_000_000, stolen: 100, all: 10_000, waited: 700_000, throttled: [40_000_000, 0],
        slept: 7_000_000_000)
    private let end = EnvironmentReading(
        moment: 7_000_000_000, stolen: 104, all: 10_400, waited: 1_200_000, throttled: [140_000_000, 300_000_000],
        slept: 9_500_000_000)

    private func environment(_ change: (inout EnvironmentReading) -> Void = { _ in }) -> Environment {
        var end = end
        change(&end)
        return start.environment(until: end)
    }

    @Test func shares() {
        let environment = start.environment(until: end, loadAverage: 1.5, frequency: 2_600)
        #expect(environment.steal == 0.01)
        #expect(environment.pressure == 0.25)
        // The group around holds up what is in it.
        #expect(environment.throttled == 0.15)
        #expect(environment.suspended == 2.5)
        #expect(environment.loadAverage == 1.5)
        #expect(environment.frequency == 2_600)
    }

    @Test func nothingHappened() {
        let environment = environment {
            $0 = start
            $0.moment = 6_000_000_000
            $0.all = 10_200
        }
        #expect(environment.steal == 0)
        #expect(environment.pressure == 0)
        #expect(environment.throttled == 0)
        #expect(environment.suspended == 0)
    }

    @Test func missingIsNotZero() {
        let nothing = EnvironmentReading(moment: 7_000_000_000)
        for environment in [
            start.environment(until: nothing), EnvironmentReading(moment: 1).environment(until: end),
            EnvironmentReading(moment: 1).environment(until: nothing),
        ] {
            #expect(environment == Environment(steal: nil, loadAverage: nil))
        }
    }

    @Test func backwardsIsNotZero() {
        #expect(environment { $0.stolen = 99 }.steal == nil)
        #expect(environment { $0.all = 9_999 }.steal == nil)
        #expect(environment { $0.waited = 699_999 }.pressure == nil)
        #expect(environment { $0.throttled[1] = 0 }.throttled == 0.05)
        #expect(environment { $0.throttled[0] = 0 }.throttled == nil)
        #expect(environment { $0.throttled.removeLast() }.throttled == nil)
        #expect(environment { $0.slept = 6_000_000_000 }.suspended == nil)
        let unmoved = environment { $0.moment = 5_000_000_000 }
        #expect(unmoved.pressure == nil)
        #expect(unmoved.throttled == nil)
    }

    @Test func whatReadingTheClocksTakesIsNoSleep() {
        #expect(environment { $0.slept = 7_000_900_000 }.suspended == 0)
        #expect(environment { $0.slept = 6_999_100_000 }.suspended == 0)
        #expect(environment { $0.slept = .min }.suspended == nil)
    }

    /// The clock that runs on during a sleep leaps, the one that does not goes on: the sleep shows, and nothing else does.
    @Test func aLeapOfOneClock() {
        let quiet = environment()
        let slept = environment { $0.slept = 7_000_000_000 + 3_600_000_000_000 }
        #expect(slept.suspended == 3_600)
        #expect(slept.steal == quiet.steal)
        #expect(slept.pressure == quiet.pressure)
        #expect(slept.throttled == quiet.throttled)
    }

    /// A clock that was set back, as of a machine that was moved, says nothing and not that nothing happened.
    @Test func aLeapBackwards() {
        let back = environment {
            $0.moment = 4_000_000_000
            $0.slept = 5_000_000_000
        }
        #expect(back.suspended == nil)
        #expect(back.pressure == nil)
        #expect(back.throttled == nil)
        #expect(back.steal == 0.01)
        #expect(environment { $0.slept = .max }.suspended == Double(Int64.max - 7_000_000_000) / 1e9)
    }

    /// The files are read one after the other.
    @Test func pressureIsAShare() {
        #expect(environment { $0.waited = 2_700_100 }.pressure == 1)
    }

    // MARK: texts

    @Test func processorTime() throws {
        let time = try #require(
            EnvironmentReading.processorTime("cpu  10 20 30 400 50 6 7 8 900 1000\ncpu0 1 1 1 1 1 1 1 1\n"))
        #expect(time.stolen == 8)
        #expect(time.all == 531)
    }

    @Test(arguments: [
        "", "cpu0 1 2 3 4 5 6 7 8\n", "cpu  1 2 3 4 5 6 7\n", "cpu  1 2 3 x 5 6 7 8 9\n",
        "cpu  18446744073709551615 1 0 0 0 0 0 0\n",
    ])
    func senselessProcessorTime(text: String) {
        #expect(EnvironmentReading.processorTime(text) == nil)
    }

    @Test func waited() {
        let line = "avg10=64.52 avg60=53.82 avg300=20.62 total="
        #expect(EnvironmentReading.waited("some \(line)2789544281\nfull \(line)7\n") == 2_789_544_281)
        for text in ["", "full \(line)7\n", "some avg10=0.00\n", "some \(line)\n", "some \(line)-1\n"] {
            #expect(EnvironmentReading.waited(text) == nil, "\(text)")
        }
    }

    @Test func throttled() {
        let second = "usage_usec 900\nnr_periods 12\nnr_throttled 3\nthrottled_usec 4500\n"
        #expect(EnvironmentReading.throttled(second) == 4_500_000)
        #expect(EnvironmentReading.throttled("nr_periods 0\nnr_throttled 0\nthrottled_time 77\n") == 77)
        for text in [
            "", "usage_usec 900\n", "throttled_usec\n", "throttled_usec x\n", "throttled_usec 18446744073709551615\n",
        ] {
            #expect(EnvironmentReading.throttled(text) == nil, "\(text)")
        }
    }

    @Test func frequency() {
        #expect(EnvironmentReading.frequency(scaling: ["2400000\n", "800000\n"]) == 1_600)
        #expect(EnvironmentReading.frequency(scaling: []) == nil)
        #expect(EnvironmentReading.frequency(scaling: ["<unknown>\n", "0\n", ""]) == nil)
        let text = "processor\t: 0\ncpu MHz\t\t: 2596.5\n\nprocessor\t: 1\ncpu MHz\t\t: 2600.5\n"
        #expect(EnvironmentReading.frequency(processors: text) == 2_598.5)
        for text in ["", "BogoMIPS\t: 50.00\n", "cpu MHz\t\t: inf\n", "cpu MHz\t\t: x\n", "cpu MHz\n"] {
            #expect(EnvironmentReading.frequency(processors: text) == nil, "\(text)")
        }
    }

    // MARK: this machine

    @Test func thisMachine() throws {
        let environment = EnvironmentMeter().environment()
        let suspended = try #require(environment.suspended)
        for figure in [environment.steal, environment.pressure, environment.throttled, suspended].compactMap({ $0 }) {
            #expect(figure.isFinite && figure >= 0)
        }
    }
}
