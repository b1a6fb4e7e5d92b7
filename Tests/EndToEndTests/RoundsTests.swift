import TestSupport
import Testing

/// How many rounds a run takes, and what only a second look at the service can tell.
@Suite(.besideOthers) struct RoundsTests {
    private let service = "\(Gate.goService) --listen 127.0.0.1:{port}"

    private func gate(rounds: Int, closed: Bool = true, budgets: String = GoPlan.countBudgets) throws -> Gate {
        try Gate(plan: GoPlan.text(rounds: rounds, requests: 300, closed: closed), budgets: budgets)
    }

    /// Rounds that count.
    private func rounds(_ gate: Gate) -> Int {
        let recording = gate.text("run/recording.json")
        return recording.ranges(of: "\"number\":").count - recording.ranges(of: "\"voided\":").count
    }

    @Test func aRunEndsWhenEveryBudgetIsDecided() throws {
        let gate = try gate(rounds: 20)
        let result = try gate.run(["--base-command", service, "--command", service])
        #expect(result.status == 0, "\(result.output)\(result.error)")
        #expect(rounds(gate) == 8)
        #expect(gate.text("run/recording.json").contains("\"ending\":\"decided\""))
        #expect(try gate.perfgate(["compare", "run"]).output == result.output)
    }

    @Test func theFirstRegressionEndsARunThatIsToldSo() throws {
        let gate = try gate(rounds: 20)
        let result = try gate.run([
            "--base-command", service, "--command", "exec env DIAL_LEAK_CHANNEL=1 \(service)", "--fail-fast",
        ])
        #expect(result.status == 2, "\(result.output)\(result.error)")
        #expect(rounds(gate) == 3)
        #expect(gate.text("run/recording.json").contains("\"ending\":\"failFast\""))
        #expect(try gate.perfgate(["compare", "run"]).status == 2)
    }

    /// Better no verdict at once than an undecided one when the time is up.
    @Test(.alone) func tooLittleTimeIsToldAfterOneRound() throws {
        let gate = try gate(rounds: 20, closed: false, budgets: GoPlan.timeBudgets)
        let result = try gate.run(["--base-command", service, "--command", service, "--max-time", "15s"])
        #expect(result.status == 1)
        #expect(result.output.contains("the budgets take 8 rounds"))
        #expect(rounds(gate) == 1)
    }

    /// The load of one side alone takes longer.
    @Test(.alone) func aRoundIsEndedWhenTheTimeIsUp() throws {
        let gate = try gate(rounds: 20, closed: false, budgets: GoPlan.timeBudgets)
        let began = ContinuousClock.now
        let result = try gate.run(["--base-command", service, "--command", service, "--max-time", "1s"])
        #expect(result.status == 1)
        #expect(result.sentences.contains("more than the 1 s of --max-time"), "\(result.output)")
        #expect(result.sentences.contains("round 1 was not over"))
        #expect(ContinuousClock.now - began < .seconds(15))
    }

    @Test(.alone) func aTimeLimitMovesTheLooks() throws {
        let gate = try gate(rounds: 20, closed: false)
        let result = try gate.run(["--base-command", service, "--command", service, "--max-time", "30s"])
        #expect(result.status == 0, "\(result.output)\(result.error)")
        #expect(result.error.contains("rounds fit into the time allowed"), "\(result.error)")
        #expect((3..<8).contains(rounds(gate)), "\(rounds(gate))")
    }

    @Test func growthThatEndsIsNoLeak() throws {
        for dial in ["DIAL_LATE_POOL=20", "DIAL_LINGER=800ms"] {
            let gate = try Gate(plan: GoPlan.text(rounds: 3, requests: 600), budgets: GoPlan.countBudgets)
            let result = try gate.run(["--base-command", service, "--command", "exec env \(dial) \(service)"])
            let report = try gate.report()
            #expect(!report.metrics("regressed").contains("tasks.leakedPer1000"), "\(dial): \(result.output)")
            #expect(report.metrics("pass").contains("tasks.leakedPer1000"), "\(dial): \(result.output)")
        }
    }

    /// Whoever has run out of what it leaks refuses, and leaks no more.
    @Test func aLeakThatExhaustsTheServiceIsNoGrowthThatEnds() throws {
        let plan = GoPlan.text(rounds: 3, requests: 600).replacing("warmup: 500ms", with: "warmup: 0s")
        let gate = try Gate(plan: plan, budgets: GoPlan.countBudgets)
        let result = try gate.run([
            "--base-command", service, "--command", "exec env DIAL_LEAK_CHANNEL=1 DIAL_REFUSE_AFTER=600 \(service)",
        ])
        #expect(result.status == 2, "\(result.output)\(result.error)")
        #expect(try gate.report().metrics("regressed").contains("tasks.leakedPer1000"))
    }

    /// Four in one load of 2000 requests are too few to be sure; with the second load they are eight.
    @Test func aRareLeakIsFound() throws {
        let gate = try Gate(plan: GoPlan.text(rounds: 3, requests: 2000), budgets: GoPlan.countBudgets)
        let result = try gate.run([
            "--base-command", service, "--command", "exec env DIAL_LEAK_CHANNEL=500 \(service)",
        ])
        #expect(result.status == 2, "\(result.output)\(result.error)")
        let top = try #require(try gate.report().attribution(of: "tasks.leakedPer1000")?.tasks?.first)
        #expect(top.state == "chan send")
    }
}
