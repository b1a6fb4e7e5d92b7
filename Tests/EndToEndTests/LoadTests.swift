import Foundation
import TestSupport
import Testing

/// `perfgate load` on a real service, as a user runs it.
@Suite(.besideOthers) final class LoadTests {
    private let gate: Gate
    private let service: Command
    private let address: String

    init() throws {
        gate = try Gate(plan: GoPlan.text(requests: 400), budgets: "{}")
        (service, address) = try Self.start()
    }

    private static func start(_ environment: [String: String] = [:]) throws -> (service: Command, address: String) {
        let service = try Command(Gate.goService, ["--listen", "127.0.0.1:0"], in: "/", environment: environment)
        var port: Substring?
        for _ in 0..<1000 where port == nil {
            port = service.errorSoFar().firstMatch(of: /listening on 127\.0\.0\.1:(\d+)/)?.1
            usleep(10_000)
        }
        return (service, "http://127.0.0.1:" + (try #require(port, "\(service.errorSoFar())")))
    }

    deinit {
        service.send(SIGKILL)
        _ = try? service.wait()
    }

    private struct Document: Decodable {
        struct Distribution: Decodable {
            let count: Int
            let max: UInt64?
            let p50: UInt64?
            let p99: UInt64?
        }

        struct Step: Decodable {
            let name: String?
            let requests: Int
            let failed: Int
            let latency: Distribution
            let serviceTime: Distribution
        }

        struct Capacity: Decodable {
            struct Window: Decodable {
                let rate: Double
                let outcome: String
            }

            let ending: String
            let rate: Double?
            let windows: [Window]
        }

        let schema: Int
        let outcome: String
        let capacity: Capacity?
        let problems: [String]
        let url: String
        let total: Step
        let steps: [Step]
    }

    /// Percentiles and buckets as another implementation reads them.
    private struct Interval: Decodable {
        let tag: String?
        let length: Double
        let count: Int
        let buckets: [[UInt64]]
        let percentiles: [String: UInt64]
    }

    private func document(_ text: String) throws -> Document {
        try JSONDecoder().decode(Document.self, from: Data(text.utf8))
    }

    @Test func usersAreServed() throws {
        let result = try gate.perfgate(["load", address + "/items?page=2", "-n", "500", "-c", "5"])
        #expect(result.status == 0, "\(result.output)\(result.error)")
        #expect(
            result.output.hasPrefix(
                "GET \(address)/items?page=2\nclosed loop, 5 users with a connection each, 500 requests\n\n"
                    + "requests     500 in "))
        #expect(result.sentences.contains("coordinated omission"))
        #expect(result.output.hasSuffix("\n\nThe load was delivered and every request succeeded.\n"))
        #expect(result.error.hasPrefix("connecting to \(address.dropFirst(7))\nloading\n"))
    }

    /// A late generator on a busy machine is no success, which is what this may be tested on.
    @Test(.alone) func aRateIsKept() throws {
        let result = try gate.perfgate([
            "load", address + "/items", "--rate", "200/s", "--duration", "2500ms", "--warmup", "200ms",
        ])
        #expect(result.status == 0, "\(result.output)\(result.error)")
        #expect(
            result.output.contains(
                "\nopen loop, 200/s over 50 connections, 2.50 s, after a warm-up of 200 ms that is not counted\n"))
        #expect(result.output.contains("\nrequests     500 in 2."))
        #expect(result.output.contains(", asked 200/s\n"))
        #expect(result.error.contains("\nwarming up\nloading\n1 of 3 s: "))
        #expect(result.error.contains("\n2 of 3 s: "))
        #expect(!result.sentences.contains("coordinated omission"))
    }

    @Test func whatFailsIsCountedByItsReason() throws {
        let result = try gate.perfgate(["load", address + "/nothing", "-n", "100", "--json", "-"])
        #expect(result.status == 1)
        let document = try document(result.output)
        #expect(document.schema == 1)
        #expect(document.outcome == "failed")
        #expect(document.url == address + "/nothing")
        #expect(document.problems == ["100 of 100 requests failed, most often: status 404, expected 200 to 399"])
        #expect(document.total.failed == 100)
        #expect(result.error.hasSuffix("\nerror: \(document.problems[0])\n"))
        let text = try gate.perfgate(["load", address + "/nothing", "-n", "100", "--quiet"])
        #expect(text.status == 1)
        #expect(text.error == "")
        #expect(text.output.contains("\nfailures\n100 × status 404, expected 200 to 399\n      trace "))
    }

    @Test func aPlanIsRunStepByStep() throws {
        let result = try gate.perfgate(["load", address, "--plan", "perfgate.yml", "--seed", "7", "--json", "-"])
        #expect(result.status == 0, "\(result.output)\(result.error)")
        let document = try document(result.output)
        #expect(document.steps.map(\.name) == ["list items", "log in", "order"])
        #expect(document.total.requests >= 400)
        #expect(document.steps.map(\.requests).reduce(0, +) == document.total.requests)
        #expect(document.steps[1].requests == document.steps[2].requests)
        let without = try gate.perfgate(["load", "--plan", "perfgate.yml"])
        #expect(without.status == 64)
        #expect(without.error.contains("service.url of perfgate.yml has a port that perfgate run chooses"))
    }

    /// Four connections, each of which takes 20 ms for a request and none for a flow besides: 200 flows per second.
    @Test(.alone) func theHighestRateThatHoldsIsFound() throws {
        let (slow, address) = try Self.start(["DIAL_SLOW_SHARE": "1", "DIAL_SLOW_BY": "20ms"])
        defer {
            slow.send(SIGKILL)
            _ = try? slow.wait()
        }
        Scratch.write(
            """
            version: 1
            service: { url: "\(address)", ready: { get: /healthz } }
            load:
              executor: find-capacity
              from: 80/s
              to: 500/s
              precision: 20%
              window: 1s
              warmup: 200ms
              connections: 4
              limits: { latency.p90: 100ms, errors.rate: 0% }
            scenario:
              flows: [ { name: browse, steps: [ { name: list items, get: /items } ] } ]

            """, to: gate.folder + "/capacity.yml")
        let result = try gate.perfgate(["load", "--plan", "capacity.yml", "--json", "-"])
        #expect(result.status == 0, "\(result.output)\(result.error)")
        let capacity = try #require(try document(result.output).capacity)
        #expect(capacity.ending == "found")
        #expect((120..<205).contains(try #require(capacity.rate)), "\(result.output)")
        #expect(capacity.windows.prefix(2).map(\.rate) == [80, 500])
        #expect(capacity.windows[1].outcome == "missed")
    }

    /// What a pattern captured is what the next request asks for, which the service tells.
    @Test func whatAPatternCapturesIsUsed() throws {
        Scratch.write(
            """
            version: 1
            service: { url: "\(address)", ready: { get: /healthz } }
            load: { executor: constant-vus, users: 2, requests: 40, warmup: 0ms }
            scenario:
              flows:
                - name: browse
                  steps:
                    - name: list items
                      get: /items
                      capture: { item: { regex: '"name":[ ]*"([^"]+)"' } }
                    - name: repeat it
                      get: "/echo/{{item}}"
                      check: { body: "/echo/{{item}}" }

            """, to: gate.folder + "/pattern.yml")
        let result = try gate.perfgate(["load", "--plan", "pattern.yml", "--json", "-"])
        #expect(result.status == 0, "\(result.output)\(result.error)")
        #expect(try document(result.output).steps.map(\.requests) == [20, 20])
    }

    /// Every bucket of the log is where another implementation has it, and so are the percentiles.
    @Test func theLogIsReadByAnotherImplementation() throws {
        let result = try gate.perfgate([
            "load", address, "--plan", "perfgate.yml", "--json", "load.json", "--hdr-log", "load.hlog",
        ])
        #expect(result.status == 0, "\(result.output)\(result.error)")
        let script = Repository.root + "/Tests/Fixtures/hdr-log/read.py"
        let reading = try Command(Repository.python, [script, "load.hlog"], in: gate.folder).wait()
        try #require(
            reading.status == 0,
            "ci/prepare test installs the package hdrhistogram: \(Repository.python)\n\(reading.error)")
        let intervals = try JSONDecoder().decode([Interval].self, from: Data(reading.output.utf8))
        let document = try document(gate.text("load.json"))
        #expect(intervals.map(\.tag) == [nil, "service-time", "step:list%20items", "step:log%20in", "step:order"])
        let ours = [document.total.latency, document.total.serviceTime] + document.steps.map(\.latency)
        for (interval, ours) in zip(intervals, ours) {
            #expect(interval.length > 0)
            #expect(interval.count == ours.count)
            #expect(interval.buckets.map { $0[1] }.reduce(0, +) == UInt64(ours.count))
            // The reader knows the greatest value to its bucket only.
            let maximum = try #require(ours.max)
            for (percentile, value) in [("50", ours.p50), ("99", ours.p99)] {
                // It rounds the rank to the nearest where ours is rounded up, so the rank is looked up in its buckets.
                let share = try #require(Double(percentile)) / 100
                let rank = UInt64((share * Double(ours.count)).rounded(.up))
                var seen: UInt64 = 0
                let bound = interval.buckets.first { bucket in
                    seen += bucket[1]
                    return seen >= rank
                }?[0]
                #expect(value == bound.map { min($0, maximum) }, "p\(percentile) of \(interval.tag ?? "all")")
            }
        }
        // Of this many requests both have the same rank.
        let even = try gate.perfgate([
            "load", address + "/items", "-n", "1000", "--json", "even.json", "--hdr-log", "even.hlog",
        ])
        #expect(even.status == 0, "\(even.output)\(even.error)")
        let again = try Command(Repository.python, [script, "even.hlog"], in: gate.folder).wait()
        let all = try #require(try JSONDecoder().decode([Interval].self, from: Data(again.output.utf8)).first)
        let latency = try self.document(gate.text("even.json")).total.latency
        #expect(all.percentiles["50"] == latency.p50)
        #expect(all.percentiles["99"] == latency.p99)
    }

    @Test func aServiceThatCannotBeReachedIsNoSuccess() throws {
        service.send(SIGKILL)
        _ = try service.wait()
        let result = try gate.perfgate(["load", address + "/items", "--json", "load.json"])
        #expect(result.status == 1)
        #expect(result.output == "")
        #expect(
            result.error.hasSuffix(
                "\nerror: the load was not delivered: cannot connect to \(address.dropFirst(7)): connection refused (0 of "
                    + "50 connections opened)\n"))
        #expect(gate.text("load.json") == "")
    }

    /// The service is stopped, so that the kernel takes connections and nobody answers.
    @Test func aServiceThatSaysNothingIsNotWaitedForLong() throws {
        service.send(SIGSTOP)
        let began = ContinuousClock.now
        let result = try gate.perfgate([
            "load", address + "/items", "-c", "20", "--duration", "10m", "--timeout", "1s", "--quiet",
        ])
        #expect(ContinuousClock.now - began < .seconds(60))
        #expect(result.status == 1)
        #expect(
            result.error == "error: the load was not delivered: \(address.dropFirst(7)) answered none of the first 20 "
                + "requests: timed out after 1 s\n")
    }

    @Test func anInterruptionIsNoSuccess() throws {
        let command = try gate.start(["load", address + "/items", "--duration", "10m", "--json", "load.json"])
        for _ in 0..<1000 where !command.errorSoFar().contains("1 of 600 s") { usleep(10_000) }
        command.send(SIGINT)
        let result = try command.wait(seconds: 60)
        #expect(result.status == 1)
        // As far as it came.
        #expect(result.output.contains("\np99  "))
        #expect(result.output.split(separator: "\n").last?.hasPrefix("The load was interrupted after ") == true)
        let document = try document(gate.text("load.json"))
        #expect(document.outcome == "undelivered")
        #expect(document.total.requests > 0)
        #expect(document.total.failed == 0)
    }

    @Test(arguments: [
        (["load"], "Give the address to load, such as http://127.0.0.1:8080/items."),
        (["load", "ftp://h/"], "error: \"ftp://h\" is not an http address"),
        (["load", "http://h/", "--cacert", "x.pem"], "--cacert is of no use for http://h/"),
        (
            ["load", "https://h/", "--cacert", "perfgate.yml"],
            "error: --cacert: perfgate.yml is not a PEM file; it has a line -----BEGIN …-----"
        ),
        (["load", "http://h/#x"], "error: \"http://h/#x\" has a fragment, which is never sent"),
        (["load", "http://h", "--rate", "500"], "\"500\" has no unit; write \"500/s\""),
        (["load", "http://h", "--rate", "0/s"], "it must be more than 0/s and at most 1000000/s"),
        (["load", "http://h", "--duration", "10"], "\"10\" has no unit; write \"200us\", \"1ms\" or \"2s\""),
        (["load", "http://h", "--duration", "1ms"], "it must be from 100 ms to 24 hours"),
        (["load", "http://h", "--duration", "1s", "-n", "3"], "Give --duration or --requests, not both."),
        (["load", "http://h", "-c", "0"], "--connections takes a number from 1 to 10000."),
        (["load", "http://h", "-n", "0"], "--requests takes a number from 1 to 100000000."),
        (["load", "http://h", "-H", "x"], "error: --header: \"x\" has no colon; write it as 'Name: value'"),
        (["load", "http://h", "--body", "a", "--body-file", "b"], "Give --body or --body-file, not both."),
        (["load", "http://h", "--body-file", "none"], "error: --body-file: none: No such file or directory"),
        (["load", "--plan", "perfgate.yml", "--rate", "5/s"], "--rate does not go with --plan: the plan says"),
        (
            ["load", "--plan", "none.yml"],
            "error: none.yml: No such file or directory; write a plan as docs/scenario.md says, or name one with --plan"
        ),
        (["load", "http://h", "--json", "/dev/null"], "error: /dev/null is not a file that can be written anew"),
        (["load", "http://h", "--json", "x", "--hdr-log", "x"], "--json and --hdr-log name the same file."),
    ])
    func whatMakesNoSenseIsRefused(arguments: [String], sentence: String) throws {
        let result = try gate.perfgate(arguments)
        #expect(result.status == 64)
        #expect(result.output == "")
        #expect(result.error.contains(sentence), "\(result.error)")
    }
}
