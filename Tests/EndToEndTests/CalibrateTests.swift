import Foundation
import TestSupport
import Testing

/// A calibration through the real executable, measured and looked at again.
@Suite(.alone) struct CalibrateTests {
    private struct Calibration: Decodable {
        struct Figure: Decodable {
            let metric: String
            let resolution: String
            let spread: Double?
        }

        struct Alarms: Decodable {
            let gates: Int
        }

        let rounds: Int
        let figures: [Figure]
        let measuredGates: Alarms
        let reshuffledGates: Alarms
    }

    private static let plan = """
        version: 1
        rounds: 8
        service:
          command: \(Repository.root)/.build/release/DemoService --port {port}
          ready: { get: /healthz, timeout: 20s }
          url: http://127.0.0.1:{port}
          capture: { native: off }
        load: { executor: constant-arrival-rate, rate: 300/s, connections: 16, warmup: 100ms, requests: 120 }
        scenario: { flows: [ { name: browse, steps: [ { name: list items, get: "/items?page=3" } ] } ] }

        """

    @Test func aCalibrationProposesBudgetsAndCanBeLookedAtAgain() throws {
        let gate = try Gate(plan: Self.plan, budgets: "{}")
        let first = try gate.perfgate(["calibrate", "--for", "30s", "--output", "run", "--seed", "7"])
        #expect(first.status == 0, "\(first.output)\(first.error)")
        #expect(first.output.hasPrefix("Calibrated: "))
        #expect(first.output.contains("run/thresholds.proposed.json"))
        let proposal = gate.text("run/thresholds.proposed.json")
        for metric in ["latency.p50", "latency.p90", "cpu.perRequest", "fds.leakedPer1000", "errors.rate"] {
            #expect(proposal.contains("\"\(metric)\""), "\(proposal)")
        }
        // The service has no such figures, and the load too few requests.
        for metric in ["allocations.perRequest", "tasks.leakedPer1000", "latency.p99", "throughput"] {
            #expect(!proposal.contains("\"\(metric)\""), "\(proposal)")
        }

        let again = try gate.perfgate(["calibrate", "--recording", "run"])
        #expect(again.output == first.output)
        #expect(gate.text("run/thresholds.proposed.json") == proposal)
        let json = try gate.perfgate(["calibrate", "--recording", "run", "--format", "json"]).output
        let calibration = try JSONDecoder().decode(Calibration.self, from: Data(json.utf8))
        #expect(calibration.rounds >= 8)
        #expect(calibration.measuredGates.gates >= 1)
        #expect(calibration.reshuffledGates.gates == 2000)
        #expect(calibration.figures.allSatisfy { $0.resolution != "missing" && $0.spread != nil })

        // What is proposed can be gated by, but not of the one version that was measured against itself.
        let adopted = try gate.perfgate([
            "compare", "run", "--thresholds", "run/thresholds.proposed.json",
        ])
        #expect(adopted.status == 1, "\(adopted.output)\(adopted.error)")
        #expect(adopted.output.contains("is a calibration, which measured one version against"), "\(adopted.output)")
        #expect(adopted.output.contains("cpu.perRequest"), "\(adopted.output)")
    }

    @Test func whatCannotBeCalibratedSaysSo() throws {
        let gate = try Gate(plan: Self.plan, budgets: "{}")
        let short = try gate.perfgate(["calibrate", "--quiet", "--for", "1s", "--output", "short"])
        #expect(short.status == 1)
        #expect(short.error.contains("of --for; allow more time"), "\(short.error)")
        let failed = try gate.perfgate(["calibrate", "--recording", "short"])
        #expect(failed.status == 1)
        #expect(failed.error.contains("of --for; allow more time"), "\(failed.error)")
        #expect(try gate.perfgate(["calibrate", "--recording", "short", "--seed", "1"]).status == 64)
        #expect(try gate.perfgate(["calibrate", "--thresholds", "nowhere.json"]).status == 64)
        #expect(try gate.perfgate(["calibrate", "--recording", "nowhere"]).status == 1)
    }
}
