import TestSupport
import Testing

/// Each way of making the Go services worse, found, named and explained through the real executable.
@Suite(.besideOthers) struct GoRegressionTests {
    /// Gates the service as the plan has it against the same service with a dial turned.
    private func gate(
        _ dials: [String: String], budgets: String = GoPlan.countBudgets, rounds: Int = 3, requests: Int? = nil
    ) throws -> (Gate, Command.Result) {
        let isOfCounts = budgets == GoPlan.countBudgets
        // Thirty beyond the largest quantile are enough; times are measured alone, which takes long enough.
        let plan = GoPlan.text(rounds: rounds, requests: requests ?? (isOfCounts ? 600 : 300), closed: isOfCounts)
        let gate = try Gate(plan: plan, budgets: budgets)
        let words = dials.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: " ")
        let service = "\(Gate.goService) --listen 127.0.0.1:{port}"
        let result = try gate.run([
            "--base-command", service, "--command", words.isEmpty ? service : "exec env \(words) \(service)",
        ])
        return (gate, result)
    }

    @Test(.alone) func aCleanChangePasses() throws {
        let (gate, result) = try gate([:], budgets: GoPlan.timeBudgets, rounds: 8)
        #expect(result.status == 0, "\(result.output)\(result.error)")
        let report = try gate.report()
        #expect(report.metrics("regressed").isEmpty)
        #expect(report.metrics("missing").isEmpty)
        #expect(report.attributions.isEmpty)
    }

    @Test func extraAllocationsAreCountedAndTheirFunctionIsNamed() throws {
        let (gate, result) = try gate(["DIAL_EXTRA_ALLOCATIONS": "40"])
        #expect(result.status == 2, "\(result.output)\(result.error)")
        let report = try gate.report()
        #expect(report.metrics("regressed").contains("allocations.perRequest"))
        let top = try #require(report.attribution(of: "allocations.perRequest")?.functions?.first)
        #expect(top.function == "main.buildAuditTrail")
        #expect(top.file.hasSuffix("extra_allocations.go"))
        // Forty per request, exactly: every allocation was recorded.
        #expect(abs(top.cumulativeChange - 40) < 0.5)
        #expect(result.output.contains("main.buildAuditTrail"))
        #expect(gate.text("run/report.md").contains("buildAuditTrail"))
    }

    @Test(.alone) func extraProcessorTimeIsFoundAndItsFunctionIsNamed() throws {
        let (gate, result) = try gate(["DIAL_EXTRA_CPU": "1ms"], budgets: GoPlan.timeBudgets, rounds: 8)
        #expect(result.status == 2, "\(result.output)\(result.error)")
        let report = try gate.report()
        #expect(report.metrics("regressed").contains("cpu.perRequest"))
        let functions = try #require(report.attribution(of: "cpu.perRequest")?.functions)
        #expect(functions.first?.function == "main.recomputeChecksum", "\(functions.prefix(5))")
    }

    @Test(.alone) func aSlowShareOfRequestsIsFoundAndWhereTheyWaitIsNamed() throws {
        let (gate, result) = try gate(
            ["DIAL_SLOW_SHARE": "0.2", "DIAL_SLOW_BY": "30ms"], budgets: GoPlan.timeBudgets, rounds: 8)
        #expect(result.status == 2, "\(result.output)\(result.error)")
        let report = try gate.report()
        #expect(report.metrics("regressed") == ["latency.p90"])
        let functions = try #require(report.attribution(of: "latency.p90")?.functions)
        #expect(functions.first?.function == "main.waitForSlowBackend", "\(functions.prefix(5))")
        #expect(functions.first?.line ?? 0 > 0)
    }

    @Test func aLogChannelWithoutConsumerIsTheIncident() throws {
        let (gate, result) = try gate(["DIAL_LEAK_CHANNEL": "1"])
        #expect(result.status == 2, "\(result.output)\(result.error)")
        let report = try gate.report()
        #expect(report.metrics("regressed").contains("tasks.leakedPer1000"))
        let top = try #require(report.attribution(of: "tasks.leakedPer1000")?.tasks?.first)
        #expect(top.state == "chan send")
        #expect(top.frames.first?.function.hasPrefix("main.logRequest") == true)
        #expect(top.frames.first?.file.hasSuffix("leak_channel.go") == true)
        #expect(top.frames.first?.line == line(of: "<- ", in: "go-service/leak_channel.go"))
        #expect(top.share > 0.99)
        #expect(result.output.contains("chan send"))
    }

    @Test func theIncidentIsFoundInGinsMiddlewareToo() throws {
        let gate = try Gate(plan: GoPlan.gin(), budgets: GoPlan.countBudgets)
        let service = "\(Gate.ginService) --listen 127.0.0.1:{port}"
        let clean = try gate.perfgate([
            "run", "--output", "clean", "--base-command", service, "--command", service,
        ])
        #expect(clean.status == 0, "\(clean.output)\(clean.error)")
        let result = try gate.run([
            "--base-command", service, "--command", "exec env DIAL_LEAK_CHANNEL=1 \(service)",
        ])
        #expect(result.status == 2, "\(result.output)\(result.error)")
        let top = try #require(try gate.report().attribution(of: "tasks.leakedPer1000")?.tasks?.first)
        #expect(top.state == "chan send")
        #expect(top.frames.first?.function.contains("logRequest") == true)
        #expect(top.frames.first?.line == line(of: "entries <- entry", in: "gin-service/log_request.go"))
        let growth = try #require(
            gate.text("run/report.md").split(separator: "\n").first { $0.contains("chan send") })
        #expect(growth.contains("log_request.go:"))
    }

    @Test func aLostContextIsFound() throws {
        let (gate, result) = try gate(["DIAL_LEAK_CONTEXT": "1"])
        #expect(result.status == 2, "\(result.output)\(result.error)")
        let top = try #require(try gate.report().attribution(of: "tasks.leakedPer1000")?.tasks?.first)
        #expect(["select", "chan receive"].contains(top.state))
        #expect(top.frames.first?.function == "main.watchRequest")
        #expect(top.frames.first?.file.hasSuffix("leak_context.go") == true)
    }

    @Test func retainedMemoryIsFoundAndItsFunctionIsNamed() throws {
        let (gate, result) = try gate(["DIAL_LEAK_HEAP": "16384"])
        #expect(result.status == 2, "\(result.output)\(result.error)")
        let report = try gate.report()
        #expect(report.metrics("regressed").contains("memory.growthPer1000"))
        let top = try #require(report.attribution(of: "memory.growthPer1000")?.functions?.first)
        #expect(top.function == "main.rememberSession")
    }

    @Test func descriptorsLeftOpenAreFound() throws {
        let (gate, result) = try gate(["DIAL_LEAK_DESCRIPTOR": "2"])
        #expect(result.status == 2, "\(result.output)\(result.error)")
        #expect(try gate.report().metrics("regressed").contains("fds.leakedPer1000"))
    }

    @Test func failingRequestsAreFound() throws {
        let (gate, result) = try gate(["DIAL_FAIL_SHARE": "0.1"])
        #expect(result.status == 2, "\(result.output)\(result.error)")
        #expect(try gate.report().metrics("regressed").contains("errors.rate"))
        #expect(gate.text("run/report.md").contains("status 500"))
    }

    /// The number of the first line of a fixture that contains the text.
    private func line(of text: String, in file: String) -> Int? {
        let source = Repository.contents(Repository.root + "/Tests/Fixtures/" + file) ?? ""
        return source.split(separator: "\n", omittingEmptySubsequences: false)
            .firstIndex { $0.contains(text) && !$0.contains("//") }.map { $0 + 1 }
    }
}
