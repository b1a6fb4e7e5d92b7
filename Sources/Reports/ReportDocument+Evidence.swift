import Measures
import Profiles
import Recordings
import Verdicts

/// What accounts for a metric: functions or task groups, whichever were measured.
struct AttributionDocument: Encodable {
    struct Function: Encodable {
        let function: String
        let file: String
        let line: Int
        let flatBaseline: Double?
        let flatCandidate: Double?
        let flatChange: Double?
        let cumulativeBaseline: Double?
        let cumulativeCandidate: Double?
        let cumulativeChange: Double?
    }

    struct Tasks: Encodable {
        let state: String
        let before: Int
        let after: Int
        let growth: Int
        let share: Double?
        let frames: [Frame]
        let createdBy: Frame?
    }

    let metric: String
    let functions: [Function]?
    let tasks: [Tasks]?
    let notes: [String]

    init(_ attribution: Attribution) {
        metric = attribution.metric.rawValue
        notes = attribution.notes
        switch attribution.content {
        case .functions(let shares):
            functions = shares.map { share in
                Function(
                    function: share.function, file: share.file, line: share.line,
                    flatBaseline: finite(share.flatBaseline), flatCandidate: finite(share.flatCandidate),
                    flatChange: finite(share.flatChange), cumulativeBaseline: finite(share.cumulativeBaseline),
                    cumulativeCandidate: finite(share.cumulativeCandidate),
                    cumulativeChange: finite(share.cumulativeChange))
            }
            tasks = nil
        case .tasks(let groups):
            functions = nil
            tasks = groups.map { group in
                Tasks(
                    state: group.state, before: group.before, after: group.after, growth: group.growth,
                    share: finite(group.share), frames: group.frames, createdBy: group.createdBy)
            }
        case .nothing:
            functions = nil
            tasks = nil
        }
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
        let failed: Int
        let timedOut: Int
        let dropped: Int
        let requestedRate: Double?
        let latenessP99: UInt64?
        let steal: Double?
        let steps: [Step]

        init(_ half: HalfRound) {
            side = half.side.rawValue
            // Keys are unique by construction; were they not, the later would win as in the file.
            values = Dictionary(half.values.map { ($0.key.text, $0.value) }) { $1 }.filter { $0.value.isFinite }
            absent = Dictionary(half.absent.map { ($0.key.rawValue, $0.value) }) { $1 }
            unsettled = half.unsettled.map(\.rawValue)
            requests = half.load.total.exchanges
            failed = half.load.total.failed
            timedOut = half.load.total.timedOut
            dropped = half.load.dropped
            requestedRate = finite(half.load.requestedRate)
            latenessP99 = half.load.lateness.value(at: 0.99)
            steal = finite(half.environment.steal)
            steps = half.load.steps.map { Step($0) }
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
