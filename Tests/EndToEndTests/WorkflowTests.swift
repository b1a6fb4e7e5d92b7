import Foundation
import TestSupport
import Testing

/// The commands around a run: stored baselines, judging again, rendering again, revisions.
@Suite(.besideOthers) struct WorkflowTests {
    private let service = "\(Gate.goService) --listen 127.0.0.1:{port}"

    @Test func aStoredRunIsJudgedAndRenderedAgainToTheByte() throws {
        let gate = try Gate(plan: GoPlan.text(), budgets: GoPlan.countBudgets)
        let first = try gate.run([
            "--base-command", service, "--command", "exec env DIAL_EXTRA_ALLOCATIONS=40 \(service)",
            "--summary", "summary.md",
        ])
        #expect(first.status == 2, "\(first.output)\(first.error)")
        #expect(gate.text("summary.md") == gate.text("run/report.md"))
        let again = try gate.perfgate(["compare", "run"])
        #expect(again.status == 2)
        #expect(again.output == first.output)
        #expect(try gate.perfgate(["compare", "run@baseline", "run@candidate"]).output == first.output)
        #expect(try gate.perfgate(["report", "run"]).output == gate.text("run/report.md"))
        // A recording is read by its own name, whatever else lies beside it.
        Scratch.write(gate.text("run/recording.json"), to: gate.folder + "/run/copy.json")
        #expect(try gate.perfgate(["report", "run/copy.json"]).output == gate.text("run/report.md"))
        #expect(try gate.perfgate(["report", "run/junit.xml"]).status == 1)
        #expect(try gate.perfgate(["report", "run", "--format", "json"]).output == gate.text("run/report.json"))
        #expect(try gate.perfgate(["report", "run", "--format", "junit"]).output == gate.text("run/junit.xml"))

        // The same run as a stored baseline of a clean one: counts are gated, and they are better now.
        let stored = try gate.perfgate([
            "run", "--output", "later", "--baseline", "run", "--command",
            "exec env DIAL_EXTRA_ALLOCATIONS=90 \(service)",
        ])
        #expect(stored.status == 2, "\(stored.output)\(stored.error)")
        #expect(try gate.report("later/report.json").metrics("regressed").contains("allocations.perRequest"))
        #expect(try gate.perfgate(["compare", "run", "later"]).status == 2)
        #expect(try gate.perfgate(["compare", "later"]).output == stored.output)
    }

    @Test func theMergeBaseIsCheckedOutAndBuilt() throws {
        let gate = try Gate(plan: GoPlan.text(), budgets: GoPlan.countBudgets)
        let plan = GoPlan.text().replacing(
            "command: \(Gate.goService)", with: "build: ./build\n  command: exec env $(cat dials) \(Gate.goService)")
        Scratch.write(plan, to: gate.folder + "/perfgate.yml")
        Scratch.write("#!/bin/sh\ncp source dials\n", to: gate.folder + "/build")
        Scratch.write("A=1\n", to: gate.folder + "/source")
        let git = """
            chmod +x build && printf 'dials\\nrun\\n' > .gitignore && git init -q -b main . \
            && git add . && git -c user.name=t -c user.email=t@t commit -qm base \
            && git checkout -q -b change && echo DIAL_LEAK_CONTEXT=1 > source && git -c user.name=t -c user.email=t@t commit -qam change \
            && git checkout -q main && git -c user.name=t -c user.email=t@t commit -q --allow-empty -m later && git checkout -q change
            """
        #expect(try Command("/bin/sh", ["-c", git], in: gate.folder).wait().status == 0)
        let result = try gate.run(["--base", "main"])
        #expect(result.status == 2, "\(result.output)\(result.error)")
        #expect(try gate.report().metrics("regressed").contains("tasks.leakedPer1000"))
        #expect(gate.text("run/report.md").contains("merge base with main"))
        let trees = try Command("/usr/bin/git", ["worktree", "list"], in: gate.folder).wait()
        #expect(trees.output.split(separator: "\n").count == 1)
        // An interrupted run clears its checkout away too.
        let running = try gate.start(["run", "--output", "interrupted", "--base", "main"])
        for _ in 0..<2000 where !running.errorSoFar().contains("round 1/3") { usleep(10_000) }
        running.send(SIGINT)
        #expect(try running.wait(seconds: 30).status == 1)
        let left = try Command("/usr/bin/git", ["worktree", "list"], in: gate.folder).wait()
        #expect(left.output.split(separator: "\n").count == 1)
        let unknown = try gate.perfgate(["run", "--output", "other", "--base", "no-such-branch"])
        #expect(unknown.status == 1)
        #expect(unknown.sentences.contains("git knows no revision \"no-such-branch\""))
    }

    @Test func buildsThatOverwriteEachOtherAreNoComparison() throws {
        let gate = try Gate(plan: "", budgets: GoPlan.countBudgets)
        let plan = GoPlan.text(requests: 100).replacing(
            "command: \(Gate.goService)",
            with: "build: cp \(Gate.goService) \(gate.folder)/api\n  command: \(gate.folder)/api")
        Scratch.write(plan, to: gate.folder + "/perfgate.yml")
        let git = """
            printf 'api\nrun\n' > .gitignore && git init -q -b main . && git add . \
            && git -c user.name=t -c user.email=t@t commit -qm base
            """
        #expect(try Command("/bin/sh", ["-c", git], in: gate.folder).wait().status == 0)
        let result = try gate.run(["--base", "main"])
        #expect(result.status == 1, "\(result.output)\(result.error)")
        #expect(try gate.report().failures.contains { $0.contains("/api, which the builds wrote one over the other") })
    }

    @Test func profilesAndDumpsAreReadFromFiles() throws {
        let gate = try Gate(plan: GoPlan.text(), budgets: GoPlan.countBudgets)
        let run = try gate.run(["--command", "exec env DIAL_LEAK_CHANNEL=1 \(service)"])
        #expect(run.status == 2, "\(run.output)\(run.error)")
        let before = "run/profiles/round-1-candidate-before-goroutine.pb.gz"
        let after = "run/profiles/round-1-candidate-after-goroutine.pb.gz"
        let tasks = try gate.perfgate(["tasks", after, "--before", before, "--stacks"])
        #expect(tasks.status == 0)
        #expect(tasks.output.contains("chan send"))
        #expect(tasks.output.contains("leak_channel.go"))
        let diff = try gate.perfgate(["diff", before, after])
        #expect(diff.status == 0)
        #expect(diff.output.contains("main.logRequest"))
        let broken = try gate.perfgate(["diff", "perfgate.yml", after])
        #expect(broken.status == 1)
        #expect(broken.error.hasPrefix("error: perfgate.yml: "))
    }

    @Test(.alone) func servicesThatRunAlreadyAreMeasuredFromOutside() throws {
        let budgets = """
            {
              "version": 1,
              "budgets": {
                "latency.p50": { "maxIncrease": "100%", "floor": "10ms" },
                "throughput": { "maxDecrease": "20%" },
                "tasks.leakedPer1000": { "max": 0 },
                "allocations.perRequest": { "maxIncrease": "1%", "floor": 2 },
                "errors.rate": { "max": "0%" }
              }
            }
            """
        let plan = GoPlan.text(rounds: 8, requests: 150, closed: false)
        let gate = try Gate(plan: plan, budgets: budgets)
        let clean = try Command(Gate.goService, ["--listen", "127.0.0.1:18081"], in: gate.folder)
        let other = try Command(Gate.goService, ["--listen", "127.0.0.1:18082"], in: gate.folder)
        defer {
            for service in [clean, other] {
                service.send(15)
                _ = try? service.wait(seconds: 10)
            }
        }
        let result = try gate.run(["--base-url", "http://127.0.0.1:18081", "--url", "http://127.0.0.1:18082"])
        // The profiles are found below the given addresses.
        #expect(result.status == 0, "\(result.output)\(result.error)")
        #expect(try gate.report().metrics("missing").isEmpty)
        // What only the process tells is not known, and that is no pass.
        Scratch.write(
            #"{ "version": 1, "budgets": { "fds.leakedPer1000": { "max": 0 } } }"#, to: gate.folder + "/thresholds.json"
        )
        let blind = try gate.perfgate(["run", "--output", "blind", "--url", "http://127.0.0.1:18082", "--rounds", "3"])
        #expect(blind.status == 1, "\(blind.output)\(blind.error)")
        #expect(try gate.report("blind/report.json").metrics("missing") == ["fds.leakedPer1000"])
    }

    @Test func quietMeansOnlyTheResult() throws {
        let gate = try Gate(plan: GoPlan.text(requests: 100), budgets: GoPlan.countBudgets)
        let quiet = try gate.run(["--quiet"])
        #expect(quiet.error.isEmpty, "\(quiet.error)")
        #expect(!quiet.output.contains("\u{1b}"))
        let plain = try gate.perfgate(["run", "--output", "plain"])
        #expect(plain.error.contains("round 1/3: candidate p50"))
        #expect(!plain.error.contains("\r"))
    }
}
