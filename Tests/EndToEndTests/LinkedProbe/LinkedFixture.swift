import Foundation
import TestSupport
import Testing

/// The service with the probe linked in, running.
final class LinkedFixture {
    /// How it is linked.
    enum Kind: String, CaseIterable, CustomTestStringConvertible {
        case dynamic = ".build/release/LinkedService"
        case staticRuntime = ".build/fixtures/linked-service-static-stdlib"
        case fullyStatic = ".build/fixtures/linked-service-static"

        var path: String { Repository.root + "/" + rawValue }
        var testDescription: String { rawValue }
    }

    let command: Command
    private(set) var port = 0
    private(set) var profilesPort = 0

    /// Starts it with these burdens and waits until it listens.
    init(_ kind: Kind, _ burdens: [String: String] = [:], options: [String] = []) throws {
        try #require(FileManager.default.isExecutableFile(atPath: kind.path), "run ci/test, which builds it")
        command = try Command(
            kind.path, ["--port", "0", "--profiles", "0"] + options, in: "/", environment: burdens)
        port = try number(after: "listening on ")
        profilesPort = try number(after: "profiles on ")
    }

    deinit {
        command.send(SIGKILL)
        _ = try? command.wait()
    }

    private func number(after words: String) throws -> Int {
        for _ in 0..<1000 {
            for line in command.outputSoFar().split(separator: "\n") where line.hasPrefix(words) {
                if let number = Int(line.dropFirst(words.count)) { return number }
            }
            usleep(10_000)
        }
        return try #require(nil as Int?, "it does not say \"\(words)\": \(command.errorSoFar())")
    }

    /// As many requests for `/work` over one connection, the first ten of which are not to be counted.
    func work(_ requests: Int, over wire: Wire) throws {
        for _ in 0..<requests { try #require(try wire.get("/work").status == 200) }
    }

    func wire() throws -> Wire { try Wire(port: port) }

    /// A page of the profiles' own server.
    func page(_ target: String) throws -> Wire.Answer { try Wire(port: profilesPort).get("/debug/pprof/" + target) }

    /// A number of the heap's trailer.
    func counters() throws -> Counters { try Counters(page("heap?debug=1")) }

    /// The counters once nothing changes any more.
    func still() throws -> Counters {
        var last = try counters()
        for _ in 0..<100 {
            usleep(50_000)
            let next = try counters()
            if next == last { return next }
            last = next
        }
        return try #require(nil as Counters?, "the service does not come to rest")
    }

    func tasks() throws -> Int {
        let answer = try page("goroutine?debug=1")
        try #require(answer.status == 200, "\(answer.text)")
        let head = answer.text.prefix { $0 != "\n" }
        try #require(head.hasPrefix("goroutine profile: total "))
        return try #require(Int(head.dropFirst("goroutine profile: total ".count)))
    }

    struct Counters: Equatable {
        let allocations: Int
        let bytes: Int
        let frees: Int
        let live: Int
        /// libdispatch's own, not among the allocations.
        let dispatch: Int

        init(_ answer: Wire.Answer) throws {
            try #require(answer.status == 200, "\(answer.text)")
            func number(_ key: String) throws -> Int {
                let line = answer.text.split(separator: "\n").first { $0.hasPrefix("# \(key) = ") }
                return try #require(line.flatMap { Int($0.dropFirst("# \(key) = ".count)) }, "no \(key)")
            }
            dispatch = try number("DispatchMallocs")
            allocations = try number("Mallocs") - dispatch
            bytes = try number("TotalAlloc") - number("DispatchTotalAlloc")
            frees = try number("Frees")
            live = try number("HeapAlloc")
        }
    }
}
