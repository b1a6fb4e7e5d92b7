import TestSupport
import Testing

#if canImport(Glibc)
    import Glibc
#endif

/// What happens when something is wrong: never a pass, and always a reason.
@Suite(.besideOthers) struct FaultTests {
    private let service = "\(Gate.goService) --listen 127.0.0.1:{port}"

    private func gate(budgets: String = GoPlan.countBudgets) throws -> Gate {
        try Gate(plan: GoPlan.text(), budgets: budgets)
    }

    /// Processes of this checkout's fixtures, with their children; perfgate and its guards, which name a fixture on their
    /// command lines too, only where they are asked for.
    private func fixtureProcesses(withGuards: Bool = false) -> [String] {
        guard let folder = opendir("/proc") else { return [] }
        defer { closedir(folder) }
        var result: [String] = []
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            guard Int(name) != nil, let line = Repository.contents("/proc/\(name)/cmdline") else { continue }
            let fixtures = Repository.root + "/.build/fixtures/"
            let isFixture = withGuards ? line.contains(fixtures) : line.hasPrefix(fixtures)
            if isFixture || line.hasPrefix("sleep\u{0}300") { result.append(name) }
        }
        return result
    }

    private func expectNobodyLeft() throws {
        for _ in 0..<300 where !fixtureProcesses(withGuards: true).isEmpty { usleep(10_000) }
        #expect(fixtureProcesses(withGuards: true).isEmpty)
    }

    @Test func everyMistakeOfBothFilesIsReportedAndNothingIsStarted() throws {
        let gate = try Gate(
            plan: GoPlan.text(closed: false).replacing("requests:", with: "request:").replacing(
                "rate: 300/s", with: "rate: 300"),
            budgets: #"{ "version": 1, "budgets": { "latency.p5": { "max": "1ms" }, "errors.rate": { "max": 0 } } }"#)
        let result = try gate.run([])
        #expect(result.status == 64)
        #expect(result.error.contains("perfgate.yml:"))
        #expect(result.error.contains("request"))
        #expect(result.error.contains("load.rate"))
        #expect(result.error.contains("thresholds.json:1:"))
        #expect(result.error.contains("latency.p50"))
        #expect(result.error.contains("errors.rate"))
        #expect(gate.text("run/recording.json").isEmpty)
    }

    @Test func aServiceThatDiesAtStartIsQuoted() throws {
        let gate = try gate()
        let result = try gate.run(["--command", "exec env DIAL_EXIT_AT_START=1 \(service)"])
        #expect(result.status == 1)
        let report = try gate.report()
        #expect(report.outcome == "failed")
        #expect(report.failures.count == 1)
        #expect(report.failures.first?.contains("exited with status 1 before it was ready; it printed:") == true)
        #expect(result.sentences.contains("refusing to start on purpose"), "\(result.output)")
    }

    @Test func aServiceThatDiesUnderLoadIsNoVerdict() throws {
        let gate = try Gate(plan: GoPlan.text(closed: false), budgets: GoPlan.countBudgets)
        let result = try gate.run([
            "--base-command", service, "--command", "exec env DIAL_CRASH_AFTER=400 \(service)",
        ])
        #expect(result.status == 1)
        #expect(result.sentences.contains("exited with status 3 during the load"), "\(result.output)")
    }

    /// It takes connections and says no more.
    @Test func aServiceThatFallsSilentIsNamedByItsSide() throws {
        let gate = try Gate(
            plan: GoPlan.text(requests: 200).replacing("requests: 200", with: "requests: 200\n  timeout: 1s"),
            budgets: GoPlan.countBudgets)
        let command = try gate.start([
            "run", "--output", "run", "--base-command", service,
            "--command", "echo $$ >candidate; exec \(service)",
        ])
        for _ in 0..<6000 where gate.text("candidate").isEmpty { usleep(5000) }
        let candidate = try #require(gate.text("candidate").split(separator: "\n").first.flatMap { pid_t($0) })
        // Ready before it is stopped, whenever that falls.
        usleep(400_000)
        kill(candidate, SIGSTOP)
        let result = try command.wait()
        #expect(result.status == 1)
        #expect(result.sentences.contains("Could not judge: candidate: "), "\(result.output)")
    }

    /// What the first process leaves to itself is the service all the same.
    @Test func aServiceThatDaemonisesIsMeasured() throws {
        let gate = try Gate(
            plan: GoPlan.text(requests: 200),
            budgets: """
                {
                  "version": 1,
                  "budgets": { "fds.leakedPer1000": { "max": 0 }, "memory.peakRSS": { "min": "4MiB" } }
                }
                """)
        let result = try gate.run([
            "--command",
            "(DIAL_LEAK_DESCRIPTOR=2 setsid \(Gate.goService) --listen 127.0.0.1:{port} &); exec sleep 300",
        ])
        #expect(result.status == 2, "\(result.output)\(result.error)")
        #expect(try gate.report().metrics("regressed") == ["fds.leakedPer1000"])
        #expect(try gate.report().metrics("pass") == ["memory.peakRSS"])
    }

    @Test func aMetricNobodyMeasuresIsNoPass() throws {
        let gate = try Gate(
            plan: GoPlan.text().replacing(
                "  capture: { pprof: \"http://127.0.0.1:{port}/debug/pprof\" }\n", with: ""),
            budgets: GoPlan.countBudgets)
        let result = try gate.run(["--base-command", service])
        #expect(result.status == 1)
        let report = try gate.report()
        #expect(report.metrics("missing").contains("allocations.perRequest"))
        #expect(
            report.failures.contains {
                $0.contains("go-service: the native probe is not in it: it is linked statically")
            }, "\(report.failures)")
    }

    @Test(.alone) func aServiceThatIgnoresSigtermIsEndedWithItsChildren() throws {
        let gate = try gate()
        let plan = GoPlan.text(
            rounds: 3, requests: 100, environment: ["DIAL_IGNORE_TERM": "1", "DIAL_SPAWN_CHILD": "1"]
        )
        .replacing("  url: http", with: "  stop: { grace: 200ms }\n  url: http")
        Scratch.write(plan, to: gate.folder + "/perfgate.yml")
        let result = try gate.run([])
        #expect(result.status == 0, "\(result.output)\(result.error)")
        try expectNobodyLeft()
    }

    @Test(.alone, arguments: [SIGKILL, SIGTERM, SIGINT]) func nobodySurvivesPerfgate(_ signal: Int32) throws {
        let gate = try gate()
        let running = try gate.start([
            "run", "--output", "run", "--command", "exec env DIAL_SPAWN_CHILD=1 DIAL_IGNORE_TERM=1 \(service)",
        ])
        for _ in 0..<1000 where fixtureProcesses().count < 2 { usleep(10_000) }
        #expect(fixtureProcesses().count >= 2)
        running.send(signal)
        let result = try running.wait(seconds: 30)
        #expect(result.status == (signal == SIGKILL ? 128 + SIGKILL : 1))
        try expectNobodyLeft()
        if signal != SIGKILL {
            #expect(result.output.contains("interrupted"), "\(result.output)\(result.error)")
            #expect(try gate.report().outcome == "failed")
        }
    }

    @Test(.alone) func aRunThatWasKilledIsNoVerdictLaterEither() throws {
        let gate = try gate()
        let running = try gate.start(["run", "--output", "run", "--base-command", service])
        for _ in 0..<3000 where gate.text("run/recording.json").isEmpty { usleep(10_000) }
        running.send(SIGKILL)
        _ = try running.wait(seconds: 30)
        let judged = try gate.perfgate(["compare", "run"])
        #expect(judged.status == 1)
        #expect(judged.sentences.contains("the run was not finished"), "\(judged.output)\(judged.error)")
        try expectNobodyLeft()
    }

    @Test func aFullDiskIsAnErrorAndNotAVerdict() throws {
        let gate = try gate()
        let result = try gate.perfgate(["run", "--output", "/dev/full/run"])
        #expect(result.status == 1)
        #expect(result.error.contains("/dev/full"))
        // Appending the summary to a full device fails the run although every budget holds.
        let summary = try gate.run(["--base-command", service, "--summary", "/dev/full"])
        #expect(summary.status == 1)
        #expect(summary.error.contains("No space left on device"))
    }

    @Test func optionsThatContradictEachOtherAreRefused() throws {
        let gate = try gate()
        let both = try gate.run(["--base", "main", "--base-url", "http://127.0.0.1:1"])
        #expect(both.status == 64)
        #expect(both.error.contains("not several"))
        #expect(try gate.run(["--bsae", "main"]).status == 64)
        #expect(try gate.perfgate([]).status == 64)
        let noPort = try gate.run(["--command", "bin/api --listen :8080"])
        #expect(noPort.status == 64)
        #expect(noPort.error.contains("nothing tells the service its port"))
        let noSummary = try gate.run(["--summary", "/no/such/folder/summary.md"])
        #expect(noSummary.status == 1)
        #expect(noSummary.error == "error: /no/such/folder/summary.md: No such file or directory\n")
        #expect(gate.text("run/recording.json").isEmpty)
        #expect(try gate.perfgate(["run", "--plan", "no.yml"]).status == 64)
        #expect(try gate.perfgate(["compare", "nowhere"]).status == 1)
        let noBaseline = try gate.run(["--baseline", "nowhere"])
        #expect(noBaseline.status == 1)
        #expect(noBaseline.error == "error: nowhere: no such folder or recording\n")
        #expect(gate.text("run/recording.json").isEmpty)
    }

    @Test func anAddressWithoutServiceIsNoPass() throws {
        let gate = try gate()
        let plan = GoPlan.text().replacing("timeout: 20s", with: "timeout: 1s")
        Scratch.write(plan, to: gate.folder + "/perfgate.yml")
        let result = try gate.run(["--url", "http://127.0.0.1:9"])
        #expect(result.status == 1)
        #expect(result.sentences.contains("was not ready after 1.0 s"), "\(result.output)")
    }
}
