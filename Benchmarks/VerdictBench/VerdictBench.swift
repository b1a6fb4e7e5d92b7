import Gate
import Measures
import Plans
import Verdicts

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Looks at stored gates for `ci/calibrate`.
///
///     verdict-bench budgets REQUESTS [--without METRIC]… [--error METRIC]…   the default budgets
///     verdict-bench gate FOLDER METRIC|-        outcome, finding, change, medians, rounds, seconds; tabs between them
///     verdict-bench tables < LIST               Markdown; the list has lines of FOLDER KIND METRIC|-
@main
enum VerdictBench {
    struct Misuse: Error, CustomStringConvertible {
        var description: String
    }

    static func main() {
        do {
            print(try output(Array(CommandLine.arguments.dropFirst())), terminator: "")
        } catch {
            let text = (error as? GateError)?.message ?? "\(error)"
            let message = Array("verdict-bench: \(text)\n".utf8)
            _ = write(STDERR_FILENO, message, message.count)
            exit(1)
        }
    }

    private static func output(_ arguments: [String]) throws -> String {
        switch arguments.first {
        case "budgets": return try budgets(arguments.dropFirst())
        case "gate" where arguments.count == 3: return try gate(arguments[1], try metric(arguments[2]))
        case "tables" where arguments.count == 1: return try tables()
        default: throw Misuse(description: "usage: verdict-bench budgets|gate|tables; see its source")
        }
    }

    private static func metric(_ text: String) throws -> Metric? {
        if text == "-" { return nil }
        guard let metric = Metric(rawValue: text) else { throw Misuse(description: "no metric \(text)") }
        return metric
    }

    private static func budgets(_ arguments: ArraySlice<String>) throws -> String {
        guard let requests = arguments.first.flatMap({ Int($0) }) else {
            throw Misuse(description: "budgets takes a number of requests")
        }
        var all = DefaultBudgets.all(isClosedLoop: false, requests: requests)
        var rest = arguments.dropFirst()
        while let option = rest.popFirst() {
            guard let text = rest.popFirst(), let metric = try metric(text) else {
                throw Misuse(description: "\(option) takes a metric")
            }
            switch option {
            case "--without": all.removeAll { $0.metric == metric }
            case "--error":
                for index in all.indices where all[index].metric == metric { all[index].severity = .error }
            default: throw Misuse(description: "unknown option \(option)")
            }
        }
        return BudgetWriter.text(all)
    }

    private static func gate(_ path: String, _ metric: Metric?) throws -> String {
        let gate = try StoredGate(path, kind: "", metric: metric)
        let finding = metric.flatMap { gate.finding($0) }
        func number(_ value: Double?) -> String { value.map { "\($0)" } ?? "-" }
        var change = "-"
        if let found = finding?.change {
            change = found.isRelative ? percentageText(found.estimate) : Unit.digits(found.estimate)
        }
        let cells: [String] = [
            gate.verdict.outcome.rawValue, finding?.kind.rawValue ?? "-", change, number(finding?.baseline),
            number(finding?.candidate), "\(gate.rounds.count)", Unit.fixed(gate.seconds, 0),
        ]
        return cells.joined(separator: "\t") + "\n"
    }

    private static func tables() throws -> String {
        var gates: [StoredGate] = []
        while let line = readLine() {
            let words = line.split(separator: " ").map(String.init)
            guard words.count == 3 else { throw Misuse(description: "no FOLDER KIND METRIC: \(line)") }
            gates.append(try StoredGate(words[0], kind: words[1], metric: try metric(words[2])))
        }
        let tables = Tables(gates: gates)
        return tables.outcomes + "\n" + tables.contenders
    }
}
