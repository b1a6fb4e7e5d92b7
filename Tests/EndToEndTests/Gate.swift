import Foundation
import TestSupport
import Testing

/// The real executable on real services, as a user runs it.
struct Gate {
    static let executable = Repository.root + "/.build/release/perfgate"
    static let goService = Repository.root + "/.build/fixtures/go-service"
    static let ginService = Repository.root + "/.build/fixtures/gin-service"

    /// The folder that holds the plan, the budgets and, below `run`, what was measured.
    let folder: String

    /// Writes a plan and budgets into a new folder.
    init(plan: String, budgets: String) throws {
        folder = try Scratch.folder("gate")
        Scratch.write(plan, to: folder + "/perfgate.yml")
        Scratch.write(budgets, to: folder + "/thresholds.json")
    }

    /// `perfgate` with these arguments, in the folder.
    func perfgate(_ arguments: [String], environment: [String: String] = [:]) throws -> Command.Result {
        try start(arguments, environment: environment).wait()
    }

    func start(_ arguments: [String], environment: [String: String] = [:]) throws -> Command {
        #expect(FileManager.default.isExecutableFile(atPath: Self.executable), "run ci/test, which builds it")
        return try Command(
            Self.executable, arguments, in: folder,
            environment: ["NO_COLOR": "1", "SHOP_PASSWORD": "open-sesame"].merging(environment) { $1 })
    }

    /// `perfgate run` into the folder `run`.
    func run(_ arguments: [String], environment: [String: String] = [:]) throws -> Command.Result {
        try perfgate(["run", "--output", "run", "--seed", "7"] + arguments, environment: environment)
    }

    func text(_ file: String) -> String { Repository.contents(folder + "/" + file) ?? "" }

    func report(_ file: String = "run/report.json") throws -> ReportFile {
        let bytes = try #require(Repository.bytes(folder + "/" + file), "no \(file)")
        return try JSONDecoder().decode(ReportFile.self, from: Data(bytes))
    }
}

/// What the tests look at in `report.json`.
struct ReportFile: Decodable {
    struct Finding: Decodable {
        let metric: String
        let step: String?
        let kind: String
    }

    struct Frame: Decodable {
        let function: String
        let file: String
        let line: Int
    }

    struct Function: Decodable {
        let function: String
        let file: String
        let line: Int
        let flatChange: Double
        let cumulativeChange: Double
    }

    struct Tasks: Decodable {
        let state: String
        let growth: Int
        let share: Double
        let frames: [Frame]
        let createdBy: Frame?
    }

    struct Attribution: Decodable {
        let metric: String
        let functions: [Function]?
        let tasks: [Tasks]?
        let notes: [String]
    }

    let outcome: String
    let failures: [String]
    let findings: [Finding]
    let attributions: [Attribution]

    func metrics(_ kind: String) -> Set<String> { Set(findings.filter { $0.kind == kind }.map(\.metric)) }

    func attribution(of metric: String) -> Attribution? { attributions.first { $0.metric == metric } }
}

/// Plans for the Go fixtures.
enum GoPlan {
    /// `closed` is for counts: they are the same however fast requests come, and a busy machine delivers such a load too.
    static func text(
        service: String = Gate.goService, rounds: Int = 3, requests: Int = 600, closed: Bool = true,
        environment: [String: String] = [:]
    ) -> String {
        let shape =
            closed
            ? "executor: constant-vus\n  users: 20"
            : "executor: constant-arrival-rate\n  rate: 300/s\n  connections: 20"
        let variables = environment.sorted { $0.key < $1.key }.map { "\($0.key): \"\($0.value)\"" }
        return """
            version: 1
            rounds: \(rounds)
            service:
              command: \(service) --listen 127.0.0.1:{port}
              env: { \((["GOMAXPROCS: \"2\""] + variables).joined(separator: ", ")) }
              ready: { get: /healthz, timeout: 20s }
              url: http://127.0.0.1:{port}
              capture: { pprof: "http://127.0.0.1:{port}/debug/pprof" }
            load:
              \(shape)
              warmup: 500ms
              requests: \(requests)
            scenario:
              flows:
                - name: browse
                  weight: 3
                  steps:
                    - { name: list items, get: "/items?page=2", check: { status: 200 } }
                - name: buy
                  weight: 1
                  steps:
                    - name: log in
                      post: /login
                      json: { user: ada, password: "{{env.SHOP_PASSWORD}}" }
                      capture: { token: $.token }
                    - name: order
                      post: /orders
                      headers: { Authorization: "Bearer {{token}}" }
                      json: { item: 3, quantity: 2 }
                      check: { status: 201, json: { $.state: accepted } }

            """
    }

    /// The Gin service has no log-in.
    static func gin(environment: [String: String] = [:]) -> String {
        let whole = text(service: Gate.ginService, environment: environment)
        let end = whole.range(of: "    - name: buy")?.lowerBound ?? whole.endIndex
        return String(whole[..<end])
    }

    static let countBudgets = """
        {
          "version": 1,
          "budgets": {
            "allocations.perRequest": { "maxIncrease": "1%", "floor": 2 },
            "allocations.bytesPerRequest": { "maxIncrease": "3%", "floor": "512B" },
            "memory.growthPer1000": { "max": "2MiB" },
            "tasks.leakedPer1000": { "max": 0 },
            "fds.leakedPer1000": { "max": 0 },
            "errors.rate": { "max": "0%" }
          }
        }
        """

    static let timeBudgets = """
        {
          "version": 1,
          "budgets": {
            "latency.p50": { "maxIncrease": "30%", "floor": "1ms" },
            "latency.p90": { "maxIncrease": "50%", "floor": "5ms" },
            "cpu.perRequest": { "maxIncrease": "25%", "floor": "100us" },
            "allocations.perRequest": { "maxIncrease": "1%", "floor": 2 },
            "tasks.leakedPer1000": { "max": 0 },
            "errors.rate": { "max": "0%" }
          }
        }
        """
}
