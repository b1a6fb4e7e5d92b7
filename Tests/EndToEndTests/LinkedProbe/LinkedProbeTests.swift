import Foundation
import TestSupport
import Testing

/// The probe as part of a service, however the service is linked.
@Suite(.besideOthers) struct LinkedProbeTests {
    /// Own allocations for each request over one connection, beyond a number of requests that open everything.
    private func allocationsPerRequest(_ kind: LinkedFixture.Kind, _ burdens: [String: String]) throws -> Double {
        let service = try LinkedFixture(kind, burdens)
        let wire = try service.wire()
        try service.work(50, over: wire)
        let before = try service.still()
        try service.work(1000, over: wire)
        return Double(try service.still().allocations - before.allocations) / 1000
    }

    @Test(arguments: LinkedFixture.Kind.allCases)
    func everyObjectIsCounted(kind: LinkedFixture.Kind) throws {
        let plain = try allocationsPerRequest(kind, [:])
        #expect(plain > 1)
        let laden = try allocationsPerRequest(kind, ["LINKED_OBJECTS": "10"])
        #expect(abs(laden - plain - 10) < 0.01, "\(plain) and \(laden)")
    }

    /// A task is one allocation of the runtime's and one of its context.
    @Test(arguments: LinkedFixture.Kind.allCases)
    func everyTaskIsCounted(kind: LinkedFixture.Kind) throws {
        let service = try LinkedFixture(kind, ["LINKED_TASKS": "2", "LINKED_LEAKS": "3"])
        let wire = try service.wire()
        try service.work(1, over: wire)
        _ = try service.still()
        let before = try service.tasks()
        try service.work(200, over: wire)
        _ = try service.still()
        #expect(try service.tasks() - before == 600)

        let text = try service.page("tasks?debug=1").text
        let groups = text.split(separator: "\n").filter { $0.contains(" @ 0x") }
        #expect(groups.first?.hasPrefix("603 @ ") == true, "\(groups)")
        let group = try #require(text.components(separatedBy: "\n\n").first)
        #expect(group.contains("# labels: {\"state\":\"suspended on a continuation\"}"))
        #expect(group.contains("closure #1 in LinkedService.waitForever()"))
        #expect(group.contains("#\tcreated by\n"))
        #expect(group.contains("LinkedService.Burden.carry()"))
    }

    /// Being asked costs the service nothing that is counted, whatever is asked.
    @Test(arguments: LinkedFixture.Kind.allCases)
    func readingsAreNotCounted(kind: LinkedFixture.Kind) throws {
        let service = try LinkedFixture(kind)
        let before = try service.still()
        for target in ["", "tasks", "goroutine?debug=1", "heap", "nothing", "tasks?debug=1"] {
            _ = try service.page(target)
        }
        #expect(try service.still() == before)
    }

    /// Served by the service itself, an answer costs what any answer does, and always the same.
    @Test func readingsBesideTheServicesRoutesCostTheSame() throws {
        let service = try LinkedFixture(.dynamic)
        let wire = try service.wire()
        func reading() throws -> LinkedFixture.Counters {
            try LinkedFixture.Counters(wire.get("/debug/pprof/heap?debug=1"))
        }
        for _ in 0..<20 { _ = try reading() }
        let readings = try (0..<5).map { _ in try reading() }
        let costs = zip(readings, readings.dropFirst()).map { $1.allocations - $0.allocations }
        #expect(Set(costs).count == 1 && costs[0] > 0 && costs[0] < 60, "\(costs)")
        // What is freed is also what libdispatch allocates for itself, or less, while it keeps some of that for later.
        let frees = zip(readings, readings.dropFirst()).map { $1.frees - $0.frees }
        let dispatch = zip(readings, readings.dropFirst()).map { $1.dispatch - $0.dispatch }
        for (frees, dispatch) in zip(frees, dispatch) {
            #expect((costs[0]...costs[0] + dispatch).contains(frees), "\(frees), \(costs), \(dispatch)")
        }
    }

    @Test func whatIsKeptIsInUse() throws {
        let service = try LinkedFixture(.dynamic, ["LINKED_KEPT": "4000"], options: ["--record-allocations"])
        let wire = try service.wire()
        try service.work(64, over: wire)
        let before = try service.still()
        try service.work(300, over: wire)
        // As the allocator rounds, the array that remembers them, and what libdispatch keeps for later.
        let each = Double(try service.still().live - before.live) / 300
        #expect(each > 4000 && each < 4300, "\(each)")
        let top = try GoTool.top(service, "heap", "-sample_index=inuse_space")
        #expect(top.contains("Type: inuse_space") && top.contains("LinkedService.keep(_:)"), "\(top)")
    }

    @Test(arguments: LinkedFixture.Kind.allCases)
    func theGoToolReadsEveryProfile(kind: LinkedFixture.Kind) throws {
        let service = try LinkedFixture(
            kind, ["LINKED_OBJECTS": "20", "LINKED_LEAKS": "1", "LINKED_ROUNDS": "300000"],
            options: ["--record-allocations"])
        let load = Load(service)
        defer { load.stop() }
        for (target, column, function) in [
            ("tasks", "tasks", "LinkedService.waitForever()"), ("goroutine", "tasks", "LinkedService.waitForever()"),
            ("allocs", "alloc_space", "LinkedService.writeAudit(entries:)"),
            ("heap", "inuse_space", "LinkedService.waitForever()"),
            ("allocs?seconds=1", "alloc_space", "LinkedService.writeAudit(entries:)"),
            ("profile?seconds=2", "cpu", "LinkedService.burn(_:)"),
        ] {
            let top = try GoTool.top(service, target)
            #expect(top.contains("Type: \(column)\n") && top.contains(function), "\(target): \(top)")
        }
    }

    @Test func allocationsAreRecordedForAWhileWhenAsked() throws {
        let service = try LinkedFixture(.dynamic, ["LINKED_OBJECTS": "20"])
        let refused = try service.page("allocs")
        #expect(refused.status == 503)
        #expect(refused.text.hasPrefix("stacks of allocations are not recorded, which slows a service down; ask for"))
        #expect(try service.page("heap").status == 503)
        let load = Load(service)
        defer { load.stop() }
        let top = try GoTool.top(service, "allocs?seconds=1", "-sample_index=alloc_objects")
        #expect(top.contains("LinkedService.writeAudit(entries:)"), "\(top)")
        // Not a moment longer.
        #expect(try service.page("allocs").status == 503)
    }

    @Test func onlyThisMachineMayAsk() throws {
        let service = try LinkedFixture(.dynamic)
        let page = "/debug/pprof/"
        func status(_ method: String, _ target: String, _ host: String) throws -> Int {
            try Wire(port: service.profilesPort).exchange(method, target, host: host).status
        }
        #expect(try status("GET", page, "127.0.0.1:6060") == 200)
        #expect(try status("GET", page, "localhost") == 200)
        #expect(try status("GET", page, "[::1]:6060") == 200)
        #expect(try status("GET", page, "evil.example") == 403)
        #expect(try status("GET", page, "127.0.0.1.evil.example") == 403)
        #expect(try status("POST", page, "localhost") == 405)
        #expect(try status("GET", "/", "localhost") == 404)
        #expect(try status("GET", page + "heap?seconds=0", "localhost") == 400)

        let command = try Command(
            LinkedFixture.Kind.dynamic.path, ["--port", "0", "--profiles", "0", "--profiles-host", "0.0.0.0"], in: "/")
        let result = try command.wait(seconds: 20)
        #expect(result.status != 0)
        #expect(result.error.contains("0.0.0.0 is not an address of this machine alone; pass isReachableFromElsewhere"))
    }

    @Test func theProbeCanBeSwitchedOff() throws {
        let service = try LinkedFixture(.dynamic, ["PERFGATE_PROBE_OFF": "1"])
        let answer = try service.page("heap?debug=1")
        #expect(answer.status == 503)
        #expect(answer.text.hasPrefix("nothing is counted: PERFGATE_PROBE_OFF is set"))
        #expect(try service.wire().get("/work").status == 200)
    }

    /// Linked together with everything else, no name may be one that a program might have.
    @Test func everyNameIsTheProbesOwn() throws {
        let folder = Repository.root + "/.build/release/LinkedProbe.build"
        let objects = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".o") }
        #expect(objects.count > 10)
        let result = try Command(
            "/usr/bin/nm", ["--extern-only", "--defined-only"] + objects.map { "\(folder)/\($0)" }, in: "/"
        ).wait()
        let replaced: Set = [
            "malloc", "calloc", "realloc", "reallocarray", "free", "posix_memalign", "aligned_alloc", "memalign",
            "valloc", "pvalloc",
        ]
        let symbols = result.output.split(separator: "\n").map { $0.split(separator: " ") }.filter { $0.count == 3 }
        #expect(symbols.count > 40)
        for symbol in symbols {
            let name = String(symbol[2])
            let isOwn = name.hasPrefix("perfgate_probe_")
            let isWrapped = name.hasPrefix("__wrap_") && replaced.contains(String(name.dropFirst("__wrap_".count)))
            // Weak, so that a program's own allocator is the stronger.
            let isReplaced = replaced.contains(name) && symbol[1] == "W"
            #expect(isOwn || isWrapped || isReplaced, "\(name)")
        }
    }
}

/// Requests one after the other until told to stop.
private final class Load: @unchecked Sendable {
    private let thread: Thread
    private let ended = DispatchSemaphore(value: 0)

    init(_ service: LinkedFixture) {
        let port = service.port
        let ended = ended
        thread = Thread {
            defer { ended.signal() }
            guard let wire = try? Wire(port: port) else { return }
            while !Thread.current.isCancelled {
                guard (try? wire.get("/work")) != nil else { return }
            }
        }
        thread.start()
    }

    func stop() {
        thread.cancel()
        ended.wait()
    }
}

/// `go tool pprof`, as anybody would use it.
enum GoTool {
    static func top(_ service: LinkedFixture, _ target: String, _ options: String...) throws -> String {
        let home = try Scratch.folder("pprof")
        let go = ProcessInfo.processInfo.environment["PERFGATE_GO"] ?? "go"
        let url = "http://127.0.0.1:\(service.profilesPort)/debug/pprof/\(target)"
        let result = try Command(
            go.hasPrefix("/") ? go : "/usr/bin/env",
            (go.hasPrefix("/") ? [] : [go]) + ["tool", "pprof", "-top", "-cum", "-nodecount=200"] + options + [url],
            in: home,
            environment: [
                "HOME": home, "PPROF_TMPDIR": home, "GOCACHE": Repository.root + "/.build/tools/gocache",
            ]
        ).wait()
        #expect(result.status == 0, "\(result.error)")
        return result.output
    }
}
