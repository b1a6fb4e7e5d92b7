/// Reads `perfgate.yml`.
package enum PlanReader {
    /// The plan of a document.
    ///
    /// - Parameters:
    ///   - file: What diagnostics call the document.
    ///   - environment: Where `{{env.NAME}}` is looked up; values never appear in a diagnostic.
    ///   - readFile: The bytes of a file the plan names, by the path as it is written there.
    /// - Throws: every mistake of the document, sorted by place.
    package static func read(
        _ text: String, file: String, environment: [String: String],
        readFile: (String) -> Result<[UInt8], FileProblem>
    ) throws(Diagnostics) -> Plan {
        let reading = attempt(text, file: file, environment: environment, readFile: readFile)
        guard let plan = reading.plan else { throw reading.log.collected }
        return plan
    }

    /// What came of a reading; without a plan there are diagnostics.
    struct Reading {
        var plan: Plan?
        /// The steps' names as far as they could be read; nil when that is not even in part.
        var stepNames: [String]?
        var log: DiagnosticLog
    }

    static func attempt(
        _ text: String, file: String, environment: [String: String],
        readFile: (String) -> Result<[UInt8], FileProblem>
    ) -> Reading {
        let log = DiagnosticLog(file: file)
        guard let node = YAMLDocument.read(text, log: log) else { return Reading(log: log) }
        let root = Cursor(node: node, path: "", log: log)
        guard let fields = root.fields(.plan) else {
            return Reading(log: log)
        }
        version(fields)
        let service = withoutActuallyEscaping(readFile) { readFile in
            fields.required("service", example: "service: { url: … }").flatMap { Self.service($0, readFile: readFile) }
        }
        let flowNames = fields.optional("scenario").flatMap { Self.flowNames($0.node) }
        let loads = fields.required("load", example: "load: { executor: constant-arrival-rate, rate: 100/s, … }")
            .flatMap { Self.loads($0, flows: flowNames) }
        let rounds = fields.optional("rounds").map { $0.wholeNumber(Plan.roundsTaken) } ?? Plan.defaultRounds
        let scenario: Scenario?
        var files: [String: String] = [:]
        var stepNames: [String]?
        if let cursor = fields.required("scenario", example: "scenario: { flows: [ … ] }") {
            stepNames = Self.stepNames(cursor.node)
            scenario = withoutActuallyEscaping(readFile) { readFile in
                let named = NamedFiles(readFile)
                defer { files = named.digests }
                let reader = ScenarioReader(
                    log: log, environment: environment, loads: loads, readFile: named.read)
                return reader.read(cursor)
            }
        } else {
            scenario = nil
        }
        guard log.isEmpty, let service, let loads, let rounds, let scenario else {
            if log.isEmpty { root.report("the plan cannot be read") }
            return Reading(stepNames: stepNames, log: log)
        }
        let plan = Plan(service: service, loads: loads, scenario: scenario, rounds: rounds, source: text, files: files)
        return Reading(plan: plan, stepNames: plan.stepNames, log: log)
    }

    /// Only version 1 exists.
    static func version(_ fields: Fields) {
        guard let cursor = fields.required("version", example: "version: 1") else { return }
        if let scalar = cursor.scalar, scalar.kind == .number, scalar.text != "1" {
            cursor.report("version \(shortened(scalar.text)) is not known", hint: "write 1")
        } else {
            _ = cursor.wholeNumber(1...1)
        }
    }

    /// The names of all flows in a scenario that may be wrong in every other way.
    private static func flowNames(_ scenario: DocumentNode) -> [String]? {
        guard case .list(let flows)? = scenario.member("flows")?.value else { return nil }
        return flows.compactMap { flow in
            if case .scalar(let name)? = flow.member("name")?.value { name.text } else { nil }
        }
    }

    /// The names of all steps in a scenario that may be wrong in every other way.
    private static func stepNames(_ scenario: DocumentNode) -> [String]? {
        guard case .list(let flows)? = scenario.member("flows")?.value else { return nil }
        var names: [String] = []
        for flow in flows {
            for step in flow.member("steps")?.requests ?? [] {
                if case .scalar(let name)? = step.member("name")?.value { names.append(name.text) }
            }
        }
        return names
    }
}
