/// Why something could not be started, reached or read.
package enum CaptureError: Error, Sendable, Equatable {
    case file(path: String, reason: String)
    case start(command: String, reason: String)
    case endedBeforeReady(command: String, ending: String, printed: String)
    /// `printed` is nil where perfgate did not start the service.
    case notReady(url: String, seconds: Double, last: String, printed: String?)
    case endedDuringRound(phase: String, ending: String, printed: String)
    case fetch(url: String, reason: String)
    case status(url: String, status: Int, body: String)
    case unreadable(url: String, reason: String)
    case noPort
    /// The plan switches the native probe off.
    case notAsked
    case interrupted

    /// One sentence without its final stop, or a sentence and what the service printed.
    package var message: String {
        switch self {
        case .file(let path, let reason): "\(path): \(reason)"
        case .start(let command, let reason): "cannot start \"\(command)\": \(reason)"
        case .endedBeforeReady(let command, let ending, let printed):
            "\"\(command)\" \(ending) before it was ready; \(Self.quote(printed))"
        case .notReady(let url, let seconds, let last, let printed):
            "the service was not ready after \(seconds) s: \(url) \(last)"
                + (printed.map { "; \(Self.quote($0))" } ?? "")
        case .endedDuringRound(let phase, let ending, let printed):
            "the service \(ending) during \(phase); \(Self.quote(printed))"
        case .fetch(let url, let reason): "\(url): \(reason)"
        case .status(let url, let status, let body): "\(url) answered \(status)\(body.isEmpty ? "" : ": \(body)")"
        case .unreadable(let url, let reason): "\(url): \(reason)"
        case .notAsked: "service.capture.native is off, so nothing counts inside the service"
        case .noPort: "no free port was found on the loopback interface"
        case .interrupted: "interrupted"
        }
    }

    private static func quote(_ printed: String) -> String {
        let lines = PrintedText.lines(of: printed, last: 20)
        if lines.isEmpty { return "it printed nothing" }
        return "it printed:\n" + lines.joined(separator: "\n")
    }
}
