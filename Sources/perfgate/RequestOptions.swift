import ArgumentParser
import Gate
import Plans

/// What is sent, as it is typed.
struct RequestOptions: ParsableArguments {
    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("The method (default: GET, or POST where there is a body).", valueName: "name"))
    var method: String?

    @Option(
        name: [.customShort("H"), .customLong("header")],
        help: ArgumentHelp("A header, such as 'Accept: text/html'; may be given again.", valueName: "header"))
    var headers: [String] = []

    @Option(help: ArgumentHelp("Send this text.", valueName: "text"))
    var body: String?

    @Option(help: ArgumentHelp("Send this file's content.", valueName: "file"), completion: .file())
    var bodyFile: String?

    func validate() throws {
        if body != nil, bodyFile != nil { throw ValidationError("Give --body or --body-file, not both.") }
    }

    /// The first option of these that was given.
    var given: String? {
        if method != nil { return "--method" }
        if !headers.isEmpty { return "--header" }
        if body != nil { return "--body" }
        return bodyFile == nil ? nil : "--body-file"
    }

    func content() throws(GateError) -> Scenario.Body? {
        if let bodyFile { return try SingleRequest.body(file: bodyFile) }
        return body.map { SingleRequest.body(text: $0) }
    }
}
