import Measures
import Profiles
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
        let path: [Frame]
        let pathChange: Double?
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
                    cumulativeChange: finite(share.cumulativeChange), path: share.path,
                    pathChange: finite(share.pathChange))
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
