import Foundation
import Recordings
import Reports
import TestSupport
import Testing
import Verdicts

/// What is found out about a machine, as people and programs read it.
@Suite struct DoctorReportTests {
    private func report(_ change: (inout MachineSurvey) -> Void = { _ in }) -> DoctorReport {
        var survey = SurveyedMachine.quiet
        change(&survey)
        return DoctorReport(tool: "0.1.0", survey: survey)
    }

    private var noisy: DoctorReport {
        report {
            $0.steadiness = SurveyedMachine.steadiness(spread: 0.08, ofProcessorTime: 0.01)
            $0.realTime = .fails("EPERM")
            $0.environment.pressure = 0.5
        }
    }

    @Test(arguments: [100, 60])
    func terminal(width: Int) {
        let text = noisy.terminal(color: false, width: width)
        Golden("Reports/doctor-\(width).txt").expect(text)
        #expect(text.split(separator: "\n").allSatisfy { $0.unicodeScalars.count <= width })
        #expect(!text.contains("\u{1b}"))
    }

    @Test func colour() {
        let text = noisy.terminal(color: true, width: 100)
        #expect(text.contains("\n  \u{1b}[31mwarning\u{1b}[0m  steadiness "))
        #expect(text.contains("\n  \u{1b}[33mnote   \u{1b}[0m  real time "))
        let plain = text.replacing(/\u{1b}\[[0-9;]*m/, with: "")
        #expect(plain == noisy.terminal(color: false, width: 100))
    }

    @Test func whatCannotBeMeasured() {
        let report = report {
            $0.loopback = .fails("127.0.0.1 cannot be listened on: EPERM")
            $0.programs = .fails("/bin/sh cannot be started: EPERM")
        }
        #expect(!report.canMeasure)
        #expect(
            report.conclusion
                == "perfgate cannot measure here: sockets: 127.0.0.1 cannot be listened on: EPERM; programs: /bin/sh "
                + "cannot be started: EPERM.")
        #expect(noisy.canMeasure)
        #expect(
            self.report { $0.steadiness = nil }.conclusion
                == "perfgate can measure here. How finely is not known: the steadiness could not be measured.")
    }

    @Test func everyLineIsDocumented() throws {
        let text = try #require(Repository.contents(Repository.root + "/docs/doctor.md"))
        for line in Advice.all(for: SurveyedMachine.quiet) { #expect(text.contains("\n| \(line.topic) | ")) }
    }

    @Test func hostileNames() {
        let text = report { $0.machine.cpu = "a\u{1b}[31mb\nc" }.terminal(color: false, width: 100)
        #expect(text.hasPrefix("perfgate 0.1.0 on a\u{FFFD}[31mb c, x86_64, Debian 12, Linux 6.1\n"))
    }

    @Test func keys() throws {
        let document = try #require(
            try JSONSerialization.jsonObject(with: Data(noisy.json().utf8)) as? [String: Any])
        #expect(
            document.keys.sorted() == ["advice", "canMeasure", "conclusion", "resolution", "schema", "survey", "tool"])
        #expect(document["schema"] as? Int == 1)
        #expect(document["canMeasure"] as? Bool == true)
        let resolution = try #require(document["resolution"] as? [String: Any])
        #expect(resolution.keys.sorted() == ["quality", "smallestChanges", "spread"])
        #expect(resolution["quality"] as? String == "bad")
        let changes = try #require(resolution["smallestChanges"] as? [String: Double])
        #expect(changes == ["cpuPerRequest": 0.055, "latencyP50": 0.12, "latencyP90": 0.18, "latencyP99": 0.37])
        let advice = try #require(document["advice"] as? [[String: String]])
        #expect(advice.count == 22)
        #expect(
            advice.first { $0["topic"] == "real time" } == [
                "group": "permissions", "topic": "real time", "level": "note", "value": "refused (EPERM)",
                "remedy": "Permit it with CAP_SYS_NICE or ulimit -r 1: the load generator then sends on time while the "
                    + "processors are busy.",
            ])
        let survey = try #require(document["survey"] as? [String: Any])
        #expect(
            survey.keys.sorted() == [
                "addressSpaceRandomization", "boost", "children", "clockReading", "controlGroupVersion", "environment",
                "freeSpaceBytes", "governors", "instructions", "loopback", "machine", "nativeProbe", "openFiles",
                "openFilesHard",
                "perfEventParanoid", "ports", "pressureAccounting", "processFiles", "processorList", "programs",
                "ptraceScope", "realTime", "sharedMemoryBytes", "steadiness", "timers", "usableProcessors",
            ])
        #expect((survey["realTime"] as? [String: Any])?["reason"] as? String == "EPERM")
        #expect(try noisy.json() == noisy.json())
    }
}
