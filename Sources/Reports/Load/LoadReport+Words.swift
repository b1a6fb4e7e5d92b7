import Measures
import Plans

extension LoadReport {
    /// The load that was asked for: `open loop, 500/s over 50 connections, 10 s`.
    var shape: String {
        if loads.count == 1 { return shape(loads[0]) }
        return loads.map { load in
            let name = CleanText.string(load.name ?? "", limit: 100)
            let start = load.start > .zero ? ", from \(Self.text(load.start)) on" : ""
            return "\(name): \(shape(load))\(start)"
        }.joined(separator: "; ")
    }

    private func shape(_ load: Load) -> String {
        var parts: [String]
        let shared = Self.counted((load.connections + streams - 1) / streams, "connection")
        let connections = streams == 1 ? shared : "\(Self.counted(load.connections, "stream")) on \(shared)"
        let each = streams == 1 ? "with a connection each" : "on \(shared)"
        switch load.executor {
        case .constantArrivalRate(let rate):
            parts = ["open loop", "\(Quantity.written(rate, as: .rate)) over \(connections)"]
        case .rampingArrivalRate(let ramp):
            let rates = Self.levels(ramp) { Quantity.written($0, as: .rate) }
            parts = ["open loop", "\(rates) over \(connections)"]
        case .constantUsers(let users):
            parts = ["closed loop", users == 1 ? "1 user" : "\(users) users \(each)"]
        case .rampingUsers(let ramp):
            parts = ["closed loop", "\(Self.levels(ramp) { "\(Int($0))" }) users \(each)"]
        case .findCapacity(let search):
            let rates = [search.from, search.to].map { Quantity.written($0, as: .rate) }
            parts = ["search for the capacity", "\(rates[0]) to \(rates[1]) over \(connections)"]
        }
        switch load.work {
        case .duration where load.search != nil:
            parts.append("at most \(Self.text(load.search?.length ?? .zero)) in windows")
        case .requests(let count): parts.append(Self.counted(count, "request"))
        case .duration(let duration): parts.append(Self.text(duration))
        }
        if load.warmup > .zero { parts.append("after a warm-up of \(Self.text(load.warmup)) that is not counted") }
        return parts.joined(separator: ", ")
    }

    /// `10/s → 100/s → 100/s`, at most the first ten.
    private static func levels(_ ramp: Ramp, _ words: (Double) -> String) -> String {
        let levels = [ramp.start] + ramp.stages.map(\.level)
        return levels.prefix(10).map(words).joined(separator: " → ") + (levels.count > 10 ? " → …" : "")
    }

    /// The last line: whether this was a success, or why not.
    var conclusion: String {
        if problems.isEmpty {
            return summary.capacity?.rate.map { "The capacity is \(Unit.rate.text($0))." }
                ?? "The load was delivered and every request succeeded."
        }
        return problems.map { $0.prefix(1).uppercased() + $0.dropFirst() + "." }.joined(separator: " ")
    }

    static func counted(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }

    private static func text(_ duration: Duration) -> String { Unit.time.text(duration / .nanoseconds(1)) }
}
