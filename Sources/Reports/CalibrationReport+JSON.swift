import Measures
import Plans
import Recordings
import Verdicts

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

package extension CalibrationReport {
    /// The calibration for programs: `schema` 1, keys sorted, equal calibrations are equal bytes.
    func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted]
        return String(decoding: try encoder.encode(CalibrationDocument(self)), as: UTF8.self) + "\n"
    }
}

/// `CalibrationReport` as JSON; times are nanoseconds, shares fractions.
private struct CalibrationDocument: Encodable {
    struct Limits: Encodable {
        let max: Double?
        let min: Double?
        let maxIncrease: Double?
        let maxDecrease: Double?
        let floor: Double
        let severity: String

        init(_ budget: Budget) {
            max = budget.maximum
            min = budget.minimum
            maxIncrease = budget.maximumIncrease
            maxDecrease = budget.maximumDecrease
            floor = budget.floor
            severity = budget.severity.rawValue
        }
    }

    struct Figure: Encodable {
        let metric: String
        let step: String?
        let evidence: String
        let demoted: Bool
        let median: Double?
        let isRelative: Bool
        let spread: Double?
        let secondSlot: CalibratedFigure.Estimate?
        let smallestDetectable: Double?
        let resolution: String
        let reason: String?
        let isDefault: Bool
        let budget: Limits
        let proposed: Limits

        init(_ figure: CalibratedFigure) {
            metric = figure.budget.metric.rawValue
            step = figure.budget.step
            evidence = figure.evidence.rawValue
            demoted = figure.demoted
            median = figure.median
            isRelative = figure.isRelative
            spread = figure.spread
            secondSlot = figure.slot
            smallestDetectable = figure.smallestDetectable
            resolution = figure.resolution.rawValue
            reason = figure.reason
            isDefault = figure.isDefault
            budget = Limits(figure.budget)
            proposed = Limits(figure.proposed)
        }
    }

    struct Alarms: Encodable {
        let gates: Int
        let failed: Int
        let inconclusive: Int
        let unjudged: Int
        let rounds: Int
        let rate: CalibratedFigure.Estimate?
        let culprits: [String: Int]

        init(_ alarms: FalseAlarms) {
            gates = alarms.gates
            failed = alarms.failed
            inconclusive = alarms.inconclusive
            unjudged = alarms.unjudged
            rounds = alarms.rounds
            rate = alarms.rate
            culprits = Dictionary(alarms.culprits.map { ($0.key.text, $0.value) }) { $0 + $1 }
        }
    }

    let schema = 1
    let id: String
    let seed: UInt64
    let rounds: Int
    let voided: Int
    let gateRounds: Int
    let seconds: Double
    let figures: [Figure]
    let measuredGates: Alarms
    let reshuffledGates: Alarms
    let proposal: String

    init(_ report: CalibrationReport) {
        let calibration = report.calibration
        id = report.recording.id
        seed = report.recording.seed
        rounds = calibration.rounds
        voided = calibration.voided
        gateRounds = calibration.gateRounds
        seconds = report.recording.seconds
        figures = calibration.figures.map(Figure.init)
        measuredGates = Alarms(calibration.measured)
        reshuffledGates = Alarms(calibration.reshuffled)
        proposal = report.proposalPath
    }
}
