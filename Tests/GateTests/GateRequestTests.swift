import Plans
import TestSupport
import Testing

@testable import Gate

/// What cannot work is refused before anything is started.
@Suite struct GateRequestTests {
    /// A plan with one request; `service` is what it says of the service besides its readiness.
    static func plan(_ service: String) throws -> Plan {
        try PlanReader.read(
            """
            version: 1
            service:
              ready: { get: / }
              \(service)
            load: { executor: constant-vus, users: 1, requests: 1 }
            scenario: { flows: [ { name: a, steps: [ { name: b, get: / } ] } ] }

            """, file: "perfgate.yml", environment: [:], readFile: { _ in .failure(FileProblem(reason: "none")) })
    }

    static func expect(
        _ sentence: String, sourceLocation: SourceLocation = #_sourceLocation, _ body: () throws -> some Any
    ) {
        let error = #expect(throws: GateError.self, sourceLocation: sourceLocation) { _ = try body() }
        #expect(error?.message == sentence, sourceLocation: sourceLocation)
        #expect(error?.exitStatus == 64, sourceLocation: sourceLocation)
    }

    private static func request(
        _ service: String, base: GateRequest.Base = .none, url: String? = nil, planFolder: String = "/srv/plan",
        folder: String = "/srv/run"
    ) throws -> GateRequest {
        GateRequest(
            plan: try plan(service), planFile: "perfgate.yml", planFolder: planFolder,
            budgets: Budgets(all: [], source: ""), budgetsFile: "thresholds.json", base: base, candidateCommand: nil,
            candidateURL: url, build: true, seed: 7, maximumTime: nil, failsFast: false, folder: folder, tool: "0.1.0",
            id: "a", startedAt: "2026-11-23T20:37:12Z")
    }

    @Test func settingsOfTLSAreNotDroppedForAnotherAddress() throws {
        let service = "url: https://api\n  connection: { tls: { verify: chain } }"
        let sentence =
            "service.connection.tls of perfgate.yml is of no use for http://h:1, which does not begin with https://"
        Self.expect("--url: " + sentence) { try Self.request(service, url: "http://h:1").mustBeStartable() }
        Self.expect("--base-url: " + sentence) {
            try Self.request(service, base: .url("http://h:1")).mustBeStartable()
        }
        #expect(throws: Never.self) { try Self.request(service, url: "https://h:1").mustBeStartable() }
        #expect(throws: Never.self) {
            try Self.request("url: https://api", url: "http://h:1", planFolder: "/").mustBeStartable()
        }
    }

    @Test func anAddressBesideASocketWouldHaveNoEffect() {
        Self.expect("--url: perfgate.yml has a socket, which is connected to instead of any address") {
            try Self.request("url: http://api\n  connection: { socket: /run/a }", url: "http://h:1").mustBeStartable()
        }
        Self.expect("--url: \"h\" is not an http address: write it as http://host:port or https://host:port") {
            try Self.request("url: http://api", url: "h").mustBeStartable()
        }
    }

    private static let socket =
        "command: x {port}\n  url: http://api\n  connection: { socket: \"{port}.sock\" }"

    /// A port has five digits at most.
    @Test func aPathMayBeTooLongOnceItIsWhole() {
        let folder = "/" + String(repeating: "f", count: 95)
        #expect(throws: Never.self) { try Self.request(Self.socket, planFolder: folder).mustBeStartable() }
        Self.expect("the whole path of the socket, \(folder)f/{port}.sock, is longer than 107 bytes") {
            try Self.request(Self.socket, planFolder: folder + "f").mustBeStartable()
        }
    }

    /// The base has a folder of its own, below that of the run.
    @Test func thePathInTheBaseIsLookedAtBeforeAnythingIsBuilt() async throws {
        let top = Files.canonical(try Scratch.folder("base"))
        try Files.makeFolder(top + "/api")
        try await ShellCommand(directory: top, output: top + "/log").run(
            "git init -q && git -c user.name=a -c user.email=a@b commit -q --allow-empty -m first")
        let folder = top + "/" + String(repeating: "r", count: 80)
        let request = try Self.request(
            Self.socket, base: .reference("HEAD"), planFolder: top + "/api", folder: folder)
        let error = await #expect(throws: GateError.self) {
            try await Sides.withSides(
                request, try RunFolder(creating: folder), { Issue.record("\($0)") }, { _ in Issue.record("prepared") })
        }
        #expect(
            error?.message == "the whole path of the socket, \(folder)/base/api/{port}.sock, is longer than 107 bytes")
    }
}
