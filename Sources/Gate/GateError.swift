package import Captures
import Measures
package import Plans
package import Recordings

/// Why a gate could not be run.
package enum GateError: Error, Sendable {
    /// The request makes no sense; nothing was started.
    case refused([Diagnostic])
    case usage(String)
    case capture(CaptureError)
    /// Something failed that concerns one side.
    indirect case side(Side, GateError)
    case command(String, ending: String, printed: String)
    case git(String)
    case file(path: String, reason: String)
    /// A budgeted metric that the service does not yield.
    case missing(String)
    /// The load was not what was asked for, so that its figures mean nothing.
    case undelivered(String)
    /// The rounds the budgets take do not fit into the time allowed.
    case tooLittleTime(each: Duration, rounds: Int, in: Duration, option: String)
    /// A round was not over when all of them should have been.
    case endlessRound(Int, after: Duration, in: Duration, option: String)
    case recording(path: String, reason: String)
    /// Nothing can be learnt from a calibration.
    case calibration(String)

    /// One or more sentences that say what to do, safe to print: they may quote a service or a stored file.
    package var message: String { PrintedText.harmless(words) }

    private var words: String {
        switch self {
        case .refused(let diagnostics): diagnostics.map(\.text).joined(separator: "\n")
        case .usage(let text): text
        case .capture(let error): error.message
        case .side(let side, let error): "\(side.rawValue): \(error.message)"
        case .command(let command, let ending, let printed):
            "\"\(command)\" \(ending)" + (printed.isEmpty ? "" : "; it printed:\n\(printed)")
        case .git(let text): text
        case .file(let path, let reason): "\(path): \(reason)"
        case .missing(let text): text
        case .undelivered(let text): "the load was not delivered: \(text)"
        case .tooLittleTime(let each, let rounds, let maximum, let option):
            "a round takes \(Self.seconds(each)) and the budgets take \(rounds) rounds, which is more than the "
                + "\(Self.seconds(maximum)) of \(option); allow more time, \(Self.seconds(each * (rounds + 1))) or so, or ask for fewer requests "
                + "per round"
        case .endlessRound(let number, let elapsed, let maximum, let option):
            "round \(number) was not over \(Self.seconds(elapsed)) after the beginning, which is more than the "
                + "\(Self.seconds(maximum)) of \(option); allow more time or ask for less work per round, or see whether the "
                + "service still answers"
        case .calibration(let text): text
        case .recording(let path, let reason): "\(path) is not a recording: \(reason)"
        }
    }

    private static func seconds(_ duration: Duration) -> String {
        Unit.time.text(duration / .nanoseconds(1))
    }

    /// 64 when the request makes no sense, else 1.
    package var exitStatus: Int32 {
        switch self {
        case .refused, .usage: 64
        case .side(_, let error): error.exitStatus
        default: 1
        }
    }
}
