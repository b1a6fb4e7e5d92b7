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
        let captured = fields.optional("flows").map { Self.captureNames($0.node) } ?? []
        let variables = Variables(data: data, captured: captured, capturedInFlow: [], environment: environment)
        if AuthReader(variables: variables).resolve(written) != nil { auth = written }
    }

    /// Every name that anything below captures a value under.
    private static func captureNames(_ node: DocumentNode) -> [String] {
        switch node.value {
        case .scalar: return []
        case .list(let items): return items.flatMap(captureNames)
        case .object(let entries):
            return entries.flatMap { entry in
                guard entry.key == "capture", case .object(let captures) = entry.value.value else {
                    return captureNames(entry.value)
                }
                return captures.map(\.key)
            }
        }
    }
}
