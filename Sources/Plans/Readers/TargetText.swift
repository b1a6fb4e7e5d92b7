/// The rules for the literal parts of a request's path and query.
enum TargetText {
    /// What is wrong with a literal part, or nil.
    static func problem(in text: String, isStart: Bool) -> (message: String, hint: String?)? {
        if isStart, !text.hasPrefix("/") {
            let isAddress = text.hasPrefix("http://") || text.hasPrefix("https://")
            return (
                "expected a path that begins with \"/\", found \(quoted(text))",
                isAddress ? "the address is given once, in service.url" : nil
            )
        }
        for scalar in text.unicodeScalars {
            switch scalar {
            case " ": return ("\(quoted(text)) contains a space", "a space is written %20")
            case "#": return ("\(quoted(text)) contains a fragment, which is never sent", nil)
            case "{", "}":
                if text.contains("{port}") { return portProblem }
                return ("\(quoted(text)) contains a single brace", "a variable is written {{name}}")
            case "!"..."~": continue
            default:
                let isControl = scalar.value < 0x20 || scalar.value == 0x7F
                return isControl
                    ? ("\(quoted(text)) contains a control character", nil)
                    : ("\(quoted(text)) contains a character that is not ASCII", "write it percent-encoded")
            }
        }
        return nil
    }

    /// What is said of `{port}` anywhere in a scenario.
    static let portProblem = (
        message: "{port} is replaced in \"service\" only", hint: Optional("the address is given once, in service.url")
    )
}
