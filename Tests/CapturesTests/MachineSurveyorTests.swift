import Recordings
import Testing

@testable import Captures

/// What the kernel's texts say of a machine, and whether this one is found plausible.
@Suite struct MachineSurveyorTests {
    @Test func processorLimits() {
        func second(_ text: String) -> Double? { ControlGroupLimits.processors(limit: text, quota: "1", period: "1") }
        #expect(second("150000 100000\n") == 1.5)
        for text in ["max 100000\n", "max\n", "", "0 100000\n", "1 0\n", "-1 100000\n", "1 2 3\n"] {
            #expect(second(text) == nil, "\(text)")
        }
        func first(_ quota: String?, _ period: String?) -> Double? {
            ControlGroupLimits.processors(limit: nil, quota: quota, period: period)
        }
        #expect(first("50000\n", "100000\n") == 0.5)
        #expect(first("-1\n", "100000\n") == nil)
        #expect(first(nil, nil) == nil)
    }

    @Test func memoryLimits() {
        #expect(ControlGroupLimits.memory("1073741824\n") == 1 << 30)
        for text in ["max\n", "", "-1\n", "9223372036854771712\n"] { #expect(ControlGroupLimits.memory(text) == nil) }
    }

    @Test func processorLists() {
        #expect(SurveyTexts.count(ofList: "0") == 1)
        #expect(SurveyTexts.count(ofList: "0-3,8,10-11") == 7)
        for list in ["", "-", "3-1", "a", "0,", "0--3", "0-9999999", "1-2-3"] {
            #expect(SurveyTexts.count(ofList: list) == nil, "\(list)")
        }
        #expect(SurveyTexts.processorList(status: "Name:\tx\nCpus_allowed:\tff\nCpus_allowed_list:\t0-1\n") == "0-1")
        #expect(SurveyTexts.processorList(status: "Cpus_allowed_list:\t\u{1b}[31m\n") == nil)
        #expect(SurveyTexts.processorList(status: "Name:\tx\n") == nil)
    }

    @Test func ports() {
        let sockets = "sockets: used 50\nTCP: inuse 7 orphan 0 tw 5 alloc 9 mem 1\nUDP: inuse 3 mem 0\n"
        #expect(
            SurveyTexts.ports(range: "32768\t60999\n", sockets: sockets)
                == .init(first: 32_768, last: 60_999, taken: 12))
        for range in [nil, "", "32768\n", "60999 32768\n", "0 65536\n", "1 2 3\n"] {
            #expect(SurveyTexts.ports(range: range, sockets: sockets) == nil)
        }
        for text in [nil, "", "UDP: inuse 3\n", "TCP: inuse 7\n", "TCP: inuse x tw 1\n", "TCP: inuse -1 tw 1\n"] {
            #expect(SurveyTexts.ports(range: "1 2\n", sockets: text) == nil)
        }
    }

    @Test func settings() {
        #expect(SurveyTexts.number("2\n") == 2)
        #expect(SurveyTexts.number("-1\n") == -1)
        for text in [nil, "", "x\n"] { #expect(SurveyTexts.number(text) == nil) }
        #expect(SurveyTexts.boost(general: "1\n", intelOff: nil) == true)
        #expect(SurveyTexts.boost(general: nil, intelOff: "1\n") == false)
        #expect(SurveyTexts.boost(general: "7\n", intelOff: "") == nil)
        #expect(SurveyTexts.randomization(setting: "2\n", personality: "00000000\n") == 2)
        #expect(SurveyTexts.randomization(setting: "2\n", personality: "00040000\n") == 0)
        #expect(SurveyTexts.randomization(setting: "1\n", personality: nil) == 1)
        #expect(SurveyTexts.randomization(setting: nil, personality: nil) == nil)
    }

    /// Bounds that hold on every machine that runs the tests; nothing here is about time passing quickly.
    @Test func thisMachine() throws {
        let survey = MachineSurveyor.survey()
        #expect(survey.loopback == .works)
        #expect(survey.processFiles == .works)
        #expect(survey.programs == .works)
        let usable = try #require(survey.usableProcessors)
        #expect((1...survey.machine.cores).contains(usable))
        #expect(try #require(survey.clockReading) > 0)
        let timers = try #require(survey.timers)
        #expect((1...400).contains(timers.count))
        #expect(timers.p50 >= 0 && timers.p50 <= timers.p99 && timers.p99 <= timers.max)
        let steadiness = try #require(survey.steadiness)
        #expect((30...200).contains(steadiness.pieces))
        #expect(steadiness.slowest >= 1)
        #expect(steadiness.spread >= 0 && steadiness.spreadOfSums >= 0)
        #expect(try #require(survey.openFiles) > 0)
        #expect(try #require(survey.freeSpaceBytes) > 0)
        #expect(try #require(survey.ports).first > 0)
        // Only the names and sentences that advice knows what to do about.
        #expect(survey.instructions.works == (survey.instructions.reason == nil))
        #expect(survey.realTime.works == (survey.realTime.reason == nil))
    }
}
