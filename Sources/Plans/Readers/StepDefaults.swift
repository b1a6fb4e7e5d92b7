/// What the scenario says of every step that does not say otherwise.
struct StepDefaults {
    var auth: AuthReader.Written?
    var isCompressed = false

    init() {}

    /// Reads the scenario's keys; a mistake that no step could mend is told here, once.
    init(_ fields: Fields, data: [ScenarioReader.LoadedData], environment: [String: String]) {
        isCompressed = fields.optional("compressed").flatMap { $0.truth() } ?? false
        guard let cursor = fields.optional("auth"), let written = AuthReader.form(cursor, takesNone: false) else {
            return
        }
        // Whether a name holds at a step is told there.
        let captured = [Scenario.Part.setup.rawValue, Scenario.Part.userSetup.rawValue, "flows"]
            .flatMap { fields.optional($0)?.node.allCapturedNames ?? [] }
        let variables = Variables(data: data, captured: captured, capturedInFlow: [], environment: environment)
        if AuthReader(variables: variables).resolve(written) != nil { auth = written }
    }
}

extension DocumentNode {
    /// Every name that anything below captures a value under.
    fileprivate var allCapturedNames: [String] {
        switch value {
        case .scalar: return []
        case .list(let items): return items.flatMap(\.allCapturedNames)
        case .object(let entries): return capturedNames + entries.flatMap(\.value.allCapturedNames)
        }
    }
}
