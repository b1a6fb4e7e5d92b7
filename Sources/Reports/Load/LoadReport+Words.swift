import Measures
import Plans

extension LoadReport {
    /// The load that was asked for: `open loop, 500/s over 50 connections, 10 s`.
    var shape: String {
        var parts: [String]
        switch load.executor {
        case .constantArrivalRate(let rate):
            let connections = Self.counted(load.connections, "connection")
            parts = ["open loop", "\(Quantity.written(rate, as: .rate)) over \(connections)"]
        case .constantUsers(let users):
            parts = ["closed loop", users == 1 ? "1 user" : "\(users) users with a connection each"]
        }
        switch load.work {
        case .requests(let count): parts.append(Self.counted(count, "request"))
        case .duration(let duration): parts.append(Self.text(duration))
        }
        if load.warmup > .zero { parts.append("after a warm-up of \(Self.text(load.warmup)) that is not counted") }
        return parts.joined(separator: ", ")
    }

    /// The last line: whether this was a success, or why not.
    var conclusion: String {
        if problems.isEmpty { return "The load was delivered and every request succeeded." }
        return problems.map { $0.prefix(1).uppercased() + $0.dropFirst() + "." }.joined(separator: " ")
    }

    static func counted(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }

    private static func text(_ duration: Duration) -> String { Unit.time.text(duration / .nanoseconds(1)) }
}
