package import Recordings
import Verdicts

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What can be measured on a machine, how noisy it is, and what to change.
package struct DoctorReport: Sendable {
    /// The perfgate that looked.
    let tool: String
    let survey: MachineSurvey
    let advice: [Advice]
    let resolution: MachineResolution?

    package init(tool: String, survey: MachineSurvey) {
        self.tool = tool
        self.survey = survey
        advice = Advice.all(for: survey)
        resolution = MachineResolution(survey)
    }

    /// Whether perfgate can measure here at all.
    package var canMeasure: Bool { !advice.contains { $0.level == .problem } }

    /// The last line: whether, and how finely, this machine measures.
    package var conclusion: String {
        let problems = advice.filter { $0.level == .problem }.map { "\($0.topic): \($0.value)" }
        guard problems.isEmpty else { return "perfgate cannot measure here: \(problems.joined(separator: "; "))." }
        return "perfgate can measure here. "
            + (resolution?.text ?? "How finely is not known: the steadiness could not be measured.")
    }

    /// For programs: `schema` 1, keys sorted; what is not known is left out.
    package func json() throws -> String {
        struct Document: Encodable {
            let schema = 1
            let tool: String
            let canMeasure: Bool
            let conclusion: String
            let resolution: MachineResolution?
            let advice: [Advice]
            let survey: MachineSurvey
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted]
        let document = Document(
            tool: tool, canMeasure: canMeasure, conclusion: conclusion, resolution: resolution, advice: advice,
            survey: survey)
        return String(decoding: try encoder.encode(document), as: UTF8.self) + "\n"
    }
}
