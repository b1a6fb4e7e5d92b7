import ArgumentParser
import Gate
import Plans
import Reports

struct LoadCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "load",
        abstract: "Load a service that runs already, and say how it fared.",
        discussion: """
            A quick look with the load generator of the gate and nothing else: no rounds, no budgets, no verdict. With \
            --rate requests are sent by the clock and latency is counted from the moment each was due; without it \
            --connections users send one request after the other.

            The exit status is 0 when the load was delivered and every request succeeded (status 200 to 399), the \
            teardown of a plan included, 1 when not, and 64 when the request makes no sense.

            EXAMPLES
              perfgate load http://127.0.0.1:8080/items
              perfgate load 'http://127.0.0.1:8080/items?page=2' --rate 500/s --duration 30s
              perfgate load http://127.0.0.1:8080/items/7 --method PUT --body '{"stock": 3}'
              perfgate load http://127.0.0.1:8080 --plan perfgate.yml
              perfgate load http://127.0.0.1:8080/items --json - | jq .total.latency.p99
            """)

    @Argument(help: ArgumentHelp("What to ask for; with --plan the base address, if not the plan's.", valueName: "url"))
    var url: String?

    @OptionGroup(title: "LOAD")
    var shape: LoadOptions

    @OptionGroup(title: "REQUEST")
    var request: RequestOptions

    @OptionGroup(title: "CONNECTION")
    var connection: ConnectionOptions

    @Option(
        help: ArgumentHelp("Load and scenario of this plan, instead of one request.", valueName: "file"),
        completion: .file())
    var plan: String?

    @Option(help: "Seed of the data, of the order of flows and of trace ids; drawn when not given.")
    var seed: UInt64?

    @Option(
        help: ArgumentHelp("Write the result as JSON to this file, or with - to standard output.", valueName: "file"),
        completion: .file())
    var json: String?

    @Option(
        help: ArgumentHelp("Write the histograms as an interval log of HdrHistogram.", valueName: "file"),
        completion: .file())
    var hdrLog: String?

    @Flag(name: .shortAndLong, help: "No progress; only the result.")
    var quiet = false

    func validate() throws {
        guard plan != nil || url != nil else {
            throw ValidationError("Give the address to load, such as http://127.0.0.1:8080/items.")
        }
        if plan != nil, let option = shape.given ?? request.given ?? connection.given {
            throw ValidationError("\(option) does not go with --plan: the plan says what is sent, and how fast.")
        }
        if shape.duration != nil, shape.requests != nil {
            throw ValidationError("Give --duration or --requests, not both.")
        }
        if let json, json == hdrLog { throw ValidationError("--json and --hdr-log name the same file.") }
        if [json, hdrLog].contains("") { throw ValidationError("The name of a file is empty.") }
        if hdrLog == "-" { throw ValidationError("--hdr-log takes a file.") }
    }

    func run() async throws {
        let terminal = Terminal(environment: ProcessEnvironment.current)
        let status: Int32
        do {
            status = try await load(terminal)
        } catch let error as GateError {
            terminal.error(error.message)
            status = error.exitStatus
        } catch is CancellationError {
            terminal.error("interrupted before there was a result")
            status = 1
        }
        throw ExitCode(status)
    }

    private func load(_ terminal: Terminal) async throws -> Int32 {
        let request = try loadRequest()
        // Asked before anything is sent: a minute of load should not end in a mistyped path.
        for file in [json, hdrLog].compactMap({ $0 }) where file != "-" { try Files.checkWritable(file) }
        let report = try await made(request, terminal)
        let status: Int32 = report.outcome == .succeeded ? 0 : 1
        if json == "-" {
            for problem in report.problems { terminal.error(problem) }
        } else {
            try terminal.output(report.terminal(color: terminal.hasColor, width: terminal.width))
        }
        if let json { try write(report, to: json, terminal) }
        if let hdrLog { try Files.write(Array(report.histogramLog().utf8), to: hdrLog) }
        return status
    }

    /// Makes the load while the view draws what it tells, on another thread than the generator's.
    private func made(_ request: LoadRequest, _ terminal: Terminal) async throws -> LoadReport {
        let (events, continuation) = AsyncStream.makeStream(of: LoadEvent.self)
        let view = LoadView(terminal: terminal, isQuiet: quiet)
        async let drawn: Void = view.show(events)
        let result: Result<LoadReport, any Error>
        do {
            result = .success(
                try await Interruption.cancelling {
                    try await Gate.load(request) { continuation.yield($0) }
                })
        } catch {
            result = .failure(error)
        }
        continuation.finish()
        await drawn
        return try result.get()
    }

    private func write(_ report: LoadReport, to file: String, _ terminal: Terminal) throws(GateError) {
        let text: String
        do {
            text = try report.json()
        } catch {
            throw .file(path: file, reason: "\(error)")
        }
        if file == "-" { try terminal.output(text) } else { try Files.write(Array(text.utf8), to: file) }
    }

    private func loadRequest() throws(GateError) -> LoadRequest {
        let seed = seed ?? UInt64.random(in: 1...UInt64(Int64.max))
        if let plan {
            return try LoadRequest(
                try InputFiles.read(plan: plan), file: plan, folder: InputFiles.folder(of: plan), url: url, seed: seed,
                tool: Perfgate.version)
        }
        let single = SingleRequest(
            url: url ?? "", method: request.method, headers: request.headers, body: try request.content())
        return try LoadRequest(
            single, load: shape.load, connection: try connection.connection(to: single.url), seed: seed,
            tool: Perfgate.version)
    }
}
