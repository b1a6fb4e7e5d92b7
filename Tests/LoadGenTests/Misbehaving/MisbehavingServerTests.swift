import HTTPWire
import Measures
import NIOSSL
import Plans
import TestSupport
import Testing

@testable import LoadGen

@Suite("Misbehaving servers")
struct MisbehavingServerTests {
    private static let requests = 4
    /// Rows whose two loads are run at the same time.
    private static let atOnce = 8

    private static func loads(_ misbehaviour: Misbehaviour) -> [Load] {
        [Load.Executor.constantUsers(misbehaviour.users), .constantArrivalRate(perSecond: 100)].map {
            Load(
                executor: $0, connections: misbehaviour.users, warmup: .zero, work: .requests(requests),
                timeout: misbehaviour.timeout)
        }
    }

    /// What four requests to the server end in, of a closed and of an open loop; the books of both must balance.
    static func outcome(_ misbehaviour: Misbehaviour) async throws -> String {
        var outcomes: [String] = []
        for load in loads(misbehaviour) {
            let summary =
                if let script = misbehaviour.script {
                    try await FrameServer.with(script) { try await run(misbehaviour, load, port: $0.port) }
                } else {
                    try await RawServer.with(misbehaviour.moves, door: misbehaviour.door) {
                        try await run(misbehaviour, load, port: $0.port)
                    }
                }
            Bench.balance(summary)
            let total = summary.total
            #expect(summary.arrivals == requests && summary.dropped == 0, "\(misbehaviour.name)")
            #expect(total.exchanges == requests, "\(misbehaviour.name)")
            #expect(total.completed + total.failed + total.timedOut == requests, "\(misbehaviour.name)")
            outcomes.append(words(total))
        }
        return outcomes[0] == outcomes[1] ? outcomes[0] : "closed loop: \(outcomes[0]); open loop: \(outcomes[1])"
    }

    private static func run(_ misbehaviour: Misbehaviour, _ load: Load, port: Int) async throws -> LoadSummary {
        let scheme = misbehaviour.isEncrypted ? "https" : "http"
        return try await LoadGenerator.withGenerator(
            load: load, scenario: .of(misbehaviour.step), target: try Endpoint("\(scheme)://127.0.0.1:\(port)"),
            connection: misbehaviour.connection, seed: 7,
            options: LoadGeneratorOptions(wantsRealTime: false)
        ) { try await $0.run(.steady(load.work)) }
    }

    /// `completed`, `failed: reason` or `timed out: reason`, with the counts where they are not all the same.
    private static func words(_ total: StepSummary) -> String {
        var parts: [(count: Int, text: String)] = []
        if total.completed > 0 { parts.append((total.completed, "completed")) }
        let kind = total.timedOut == 0 ? "failed" : total.failed == 0 ? "timed out" : "failed or timed out"
        parts += total.failures.map { ($0.count, "\(kind): \($0.reason)") }
        if parts.count == 1 { return parts[0].text }
        return parts.map { "\($0.count) \($0.text)" }.joined(separator: ", ")
    }

    /// The outcomes of the cases, in their order.
    private static func outcomes(_ cases: [Misbehaviour]) async throws -> [String] {
        try await withThrowingTaskGroup(of: (Int, String).self) { group in
            var results = [String](repeating: "", count: cases.count)
            for (number, misbehaviour) in cases.enumerated() {
                if number >= atOnce, let (place, outcome) = try await group.next() { results[place] = outcome }
                group.addTask { (number, try await outcome(misbehaviour)) }
            }
            for try await (place, outcome) in group { results[place] = outcome }
            return results
        }
    }

    @Test("each ends in an outcome that is counted and named", .timeLimit(.minutes(2)))
    func table() async throws {
        let certificates = TestCertificates()
        let text = try await ScriptedServer.with(tls: certificates.server(.good)) { request in
            request.line.contains("cut") ? [.send("HTTP/1.1 200 OK\r\n\r\nab"), .cut] : [.respond()]
        } _: { good in
            try await ScriptedServer.with(tls: certificates.server(.expired)) { _ in
                [.respond()]
            } _: { expired in
                let groups = [
                    MisbehaviourGroup.silence, .ends, .heads, .lengths, .chunks, .compression,
                    try .tls(certificates, good: good.port, expired: expired.port), .http2Ends, .http2Frames,
                    .http2Heads,
                ]
                let outcomes = try await Self.outcomes(groups.flatMap(\.cases))
                return Self.table(groups, outcomes)
            }
        }
        Golden("LoadGen/misbehaving.txt").expect(text)
    }

    private static func table(_ groups: [MisbehaviourGroup], _ outcomes: [String]) -> String {
        var rest = outcomes[...]
        let names = groups.flatMap { $0.cases.map(\.name.count) }
        let width = (names.max() ?? 0) + 2
        var text = "What requests end in, by what the server does. Where not said, the time-out is far away.\n"
        for group in groups {
            text += "\n\(group.title)\n"
            for misbehaviour in group.cases {
                let gap = String(repeating: " ", count: width - misbehaviour.name.count)
                text += "  \(misbehaviour.name)\(gap)\(rest.removeFirst())\n"
            }
        }
        return text
    }

    // MARK: - At every byte

    private static let responses = [
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n",
    ]

    /// Cuts a response after every number of bytes that is not the whole of it, and compares what that ends in.
    private func expectAtEveryByte(
        of text: String, _ last: RawServer.Move, timeout: Duration = .seconds(30), _ outcome: (Int) -> String
    ) async throws {
        let bytes = Array(text.utf8)
        let cases = (0..<bytes.count).map { count in
            Misbehaviour("\(count) bytes", .read, .send(Array(bytes[..<count])), last).with { $0.timeout = timeout }
        }
        let outcomes = try await Self.outcomes(cases)
        for (count, found) in outcomes.enumerated() { #expect(found == outcome(count), "after \(count) bytes") }
    }

    @Test("silence after any byte is timed out", .timeLimit(.minutes(2)), arguments: responses)
    func stalls(text: String) async throws {
        try await expectAtEveryByte(of: text, .hold, timeout: .milliseconds(100)) { _ in
            "timed out: timed out after 100 ms"
        }
    }

    @Test("a reset after any byte is a reset", .timeLimit(.minutes(2)), arguments: responses)
    func resets(text: String) async throws {
        try await expectAtEveryByte(of: text, .reset) { _ in "failed: connection reset" }
    }

    @Test("an end after any byte is told with its place", .timeLimit(.minutes(2)), arguments: responses)
    func closes(text: String) async throws {
        let head = text.ranges(of: "\r\n\r\n")[0].upperBound.utf16Offset(in: text)
        try await expectAtEveryByte(of: text, .finish) { count in
            if count == 0 { return "failed: connection closed before a response" }
            return "failed: connection closed in the response \(count < head ? "head" : "body") (at byte \(count))"
        }
    }

    @Test("an end that follows a response at once is no failure of that response")
    func keepAliveRace() async throws {
        let race = Misbehaviour(
            "closes after every response without saying so", .read,
            .send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"), .finish)
        for load in Self.loads(race) {
            let summary = try await RawServer.with(race.moves) { try await Self.run(race, load, port: $0.port) }
            Bench.balance(summary)
            // Whether the next request is sent before the end is seen is for the kernel to say.
            #expect(summary.total.completed >= 2)
            #expect(summary.total.completed + summary.total.failed == 4)
            #expect(summary.total.reasons.allSatisfy { $0 == "connection closed before a response" })
        }
    }
}
