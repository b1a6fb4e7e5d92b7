import Measures
import Plans
import Recordings
import Reports
import Testing
import Verdicts

/// Recordings that were tampered with: read, judged and rendered, or refused, but never the end of the process.
@Suite struct HostileRecordingTests {
    private static let budgets = Budgets(
        all: [
            Metric.latencyP50, .throughput, .errorsRate, .allocationsPerRequest, .tasksLeakedPer1000, .cpuPerRequest,
            .memoryGrowthPer1000,
        ].enumerated().map { index, metric in
            Budget.limit(metric, max: 1, min: 0, maxIncrease: 0.1, maxDecrease: 0.1, floor: 0.5, line: index + 1)
        }, source: "")

    private func render(_ comparison: Comparison) throws {
        let verdict = Judge.judge(comparison, budgets: Self.budgets)
        let report = Report(verdict: verdict, comparison: comparison, attributions: [], folder: "folder")
        #expect(report.markdown.utf8.count <= 60_000)
        #expect(try !report.json().isEmpty)
        #expect(!report.junit.isEmpty)
        #expect(!report.terminal(color: true, width: 80).isEmpty)
    }

    private static func recording() -> Recording {
        var scene = Scene.functions
        scene.rounds = 8
        scene.spent = Scene.contended.spent
        scene.problems = Scene.contended.problems
        return scene.comparison.candidate.recording
    }

    /// Every number in the file is replaced, one kind at a time, by the most awkward ones.
    @Test(arguments: ["0", "-1", "1e308", "-1e308", "1e-320", "18446744073709551615", "9223372036854775807", "1e30"])
    func awkwardNumbers(number: String) throws {
        var small = Self.recording()
        for index in small.rounds.indices {
            for half in small.rounds[index].halves.indices {
                small.rounds[index].halves[half].load.total.latency = Histogram()
                small.rounds[index].halves[half].load.lateness = Histogram()
                small.rounds[index].halves[half].load.steps = []
            }
        }
        let text = String(decoding: try RecordingFile.encode(small), as: UTF8.self)
        let matches = text.matches(of: #/"([^"]+)":(-?[0-9][0-9.e+\-]*)/#)
        let names = Set(matches.map { String($0.output.1) })
        #expect(names.count > 30)
        var decoded = 0
        for name in names.sorted() where name != "schema" {
            var changed = ""
            var rest = text.startIndex
            for match in matches where match.output.1 == name {
                changed += text[rest..<match.output.2.startIndex] + number
                rest = match.output.2.endIndex
            }
            changed += text[rest...]
            guard let recording = try? RecordingFile.decode(Array(changed.utf8)) else { continue }
            decoded += 1
            try render(Comparison(recording))
            try render(Comparison(candidate: .init(recording, .candidate), baseline: .init(small, .candidate)))
        }
        #expect(decoded > 0 || number.hasPrefix("-"))
    }

    /// Values that are far apart, tiny, huge or equal, in every metric.
    @Test(arguments: [
        ([0.0], [0.0]), ([1e300], [1e-300]), ([1e-300], [1e300]), ([-1e300], [1e300]), ([1e-307], [1e308]),
        ([1e308, -1e308], [-1e308, 1e308]), ([0, 1e308], [1e308, 0]), ([1e-300, 1e300], [1e300, 1e-300]),
    ])
    func awkwardValues(baseline: [Double], candidate: [Double]) throws {
        for rounds in [1, 2, 3, 8] {
            var scene = Scene.passed
            scene.rounds = rounds
            for metric in Metric.allCases {
                scene.baseline?[MetricKey(metric)] = (0..<rounds).map { baseline[$0 % baseline.count] }
                scene.candidate[MetricKey(metric)] = (0..<rounds).map { candidate[$0 % candidate.count] }
            }
            try render(scene.comparison)
        }
    }

    @Test func nothingAtAll() throws {
        var recording = Self.recording()
        recording.rounds = []
        try render(Comparison(recording))
        recording.sides = []
        try render(Comparison(recording))
        let empty = Verdicts.Judge.judge(Comparison(recording), budgets: Budgets(all: [], source: ""))
        let report = Report(verdict: empty, comparison: Comparison(recording), attributions: [], folder: nil)
        #expect(
            report.markdown.hasPrefix("## ❗ **Could not judge**: no budget with severity error: nothing was gated\n"))
        #expect(report.junit.contains("<testcase classname=\"perfgate\" name=\"run\">"))
    }
}
