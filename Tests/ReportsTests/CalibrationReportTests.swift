import Measures
import Plans
import Recordings
import Reports
import TestSupport
import Testing
import Verdicts

/// What a calibration says, equal to stored files that somebody has looked at.
@Suite struct CalibrationReportTests {
    private static let report: CalibrationReport = {
        let quiet = [100e3, 101e3, 99e3, 100e3]
        let loud = [100e3, 130e3, 95e3, 160e3, 105e3]
        func values(_ pattern: [Double], shift: Int) -> [Double] {
            (0..<24).map { pattern[($0 + shift) % pattern.count] }
        }
        var scene = Scene()
        scene.rounds = 24
        scene.candidateName = "this folder"
        scene.baseline = [
            MetricKey(.cpuPerRequest): values(quiet, shift: 1), MetricKey(.allocationsPerRequest): [61],
            MetricKey(.memoryPeakRSS): values(loud, shift: 2), MetricKey(.threadsPeak): [9],
            MetricKey(.descriptorsLeakedPer1000): [0],
        ]
        scene.candidate = scene.baseline ?? [:]
        scene.candidate[MetricKey(.cpuPerRequest)] = values(quiet, shift: 0)
        scene.candidate[MetricKey(.memoryPeakRSS)] = values(loud, shift: 0)
        var recording = scene.comparison.candidate.recording
        recording.plannedRounds = 10
        recording.ending = .calibrated
        let budgets = Budgets(
            all: [
                .limit(.memoryPeakRSS, maxIncrease: 0.1), .limit(.threadsPeak, max: 8),
                .limit(.collectionsPer1000, maxIncrease: 0.1, floor: 1), .limit(.errorsRate, step: "order", max: 0),
            ], source: "")
        let calibration = Calibration(recording, budgets: budgets, reshuffled: 100)
        return CalibrationReport(
            calibration, of: recording, proposalPath: ".perfgate/20261123T203712Z-1f2e3d4c/thresholds.proposed.json")
    }()

    @Test func text() {
        Golden("Reports/calibration.txt").expect(Self.report.text)
    }

    @Test func json() throws {
        Golden("Reports/calibration.json").expect(try Self.report.json())
    }
}
