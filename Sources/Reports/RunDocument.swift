import Measures
import Recordings
import Verdicts

/// How far the run went, and what could be concluded then.
struct RunDocument: Encodable {
    struct LookDocument: Encodable {
        /// From 1; left out where the run ended between two planned looks.
        let number: Int?
        /// The numbers of rounds after which looks were planned.
        let planned: [Int]
        let rounds: Int
        /// Of the errors allowed for the whole run.
        let share: Double
        let familyError: Double
        let falseDiscoveryRate: Double
        /// Of the intervals.
        let confidence: Double
    }

    let rounds: Int
    let plannedRounds: Int
    let voidedRounds: Int
    /// `planned`, `decided`, `failFast` or `time`; left out where the run failed.
    let ending: String?
    let look: LookDocument

    init(_ report: Report) {
        let recording = report.comparison.candidate.recording
        let look = report.verdict.look
        let looks = LookSchedule(rounds: look.planned).looks
        rounds = recording.validRounds.count
        plannedRounds = recording.plannedRounds
        voidedRounds = recording.rounds.count - rounds
        ending = recording.ending?.rawValue
        self.look = LookDocument(
            number: looks.firstIndex(of: look.rounds).map { $0 + 1 }, planned: looks, rounds: look.rounds,
            share: look.share, familyError: look.familyError, falseDiscoveryRate: look.falseDiscoveryRate,
            confidence: look.confidence)
    }
}

/// One round with its halves in the order they ran.
struct RoundDocument: Encodable {
    let number: Int
    let voided: String?
    let halves: [Half]

    init(_ round: Round) {
        number = round.number
        voided = round.voided
        halves = round.halves.map { Half($0) }
    }

    struct Half: Encodable {
        let side: String
        /// By metric, or `metric{step}`.
        let values: [String: Double]
        let absent: [String: String]
        let unsettled: [String]
        let requests: Int
        /// Of the same load once more, where something seemed to be left behind.
        let repeatedRequests: Int?
        let failed: Int
        let timedOut: Int
        let dropped: Int
        let requestedRate: Double?
        let latenessP99: UInt64?
        /// By measure: shares of time, the load average, MHz, seconds.
        let environment: [String: Double]
        /// By measure: nanoseconds, switches and faults per request, and waiting over running.
        let processes: [String: Double]?
        let steps: [Step]
        /// By stage of a ramp of arrivals.
        let stages: [Stage]?
        /// By load, where several ran together.
        let loads: [Load]?
        /// Where the load searched for the capacity; the requests are those of one window then.
        let capacity: CapacityDocument?

        init(_ half: HalfRound) {
            side = half.side.rawValue
            // Keys are unique by construction; were they not, the later would win as in the file.
            values = Dictionary(half.values.map { ($0.key.text, $0.value) }) { $1 }.filter { $0.value.isFinite }
            absent = Dictionary(half.absent.map { ($0.key.rawValue, $0.value) }) { $1 }
            unsettled = half.unsettled.map(\.rawValue)
            requests = half.load.total.exchanges
            repeatedRequests = half.repetition?.requests
            failed = half.load.total.failed
            timedOut = half.load.total.timedOut
            dropped = half.load.dropped
            requestedRate = finite(half.load.requestedRate)
            latenessP99 = half.load.lateness.value(at: 0.99)
            environment = HalfRoundMeasure.environment.values(of: half)
            let processes = HalfRoundMeasure.processes.values(of: half)
            self.processes = processes.isEmpty ? nil : processes
            steps = half.load.steps.map { Step($0) }
            stages = half.load.stages.map { $0.map { Stage($0) } }
            loads = half.load.loads.map { $0.map { Load($0) } }
            capacity = half.load.capacity.map { CapacityDocument($0) }
        }
    }

    struct Stage: Encodable {
        let arrivals: Int
        let requestedRate: Double?
        let achievedRate: Double?

        init(_ stage: StageDelivery) {
            arrivals = stage.arrivals
            requestedRate = finite(stage.requestedRate)
            achievedRate = finite(stage.achievedRate)
        }
    }

    struct Load: Encodable {
        let name: String
        /// Nanoseconds after the beginning of the steady phase.
        let start: UInt64
        let isClosedLoop: Bool
        let requests: Int
        let failed: Int
        let timedOut: Int
        let dropped: Int
        let requestedRate: Double?
        let achievedRate: Double?
        let latenessP99: UInt64?
        let stages: [Stage]?

        init(_ part: LoadPart) {
            let load = part.summary
            name = part.name
            start = part.start
            isClosedLoop = load.isClosedLoop
            requests = load.total.exchanges
            failed = load.total.failed
            timedOut = load.total.timedOut
            dropped = load.dropped
            requestedRate = finite(load.requestedRate)
            achievedRate = finite(load.achievedRate)
            latenessP99 = load.lateness.value(at: 0.99)
            stages = load.stages.map { $0.map { Stage($0) } }
        }
    }

    struct Step: Encodable {
        let name: String
        let requests: Int
        let failed: Int
        let timedOut: Int
        let failures: [FailureCount]

        init(_ summary: StepSummary) {
            name = summary.name
            requests = summary.exchanges
            failed = summary.failed
            timedOut = summary.timedOut
            failures = summary.failures
        }
    }
}
