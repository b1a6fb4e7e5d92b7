/// What the command line asks for.
enum Command: Equatable {
    case help
    case version
    case serve(ListenAddress, threads: Int)

    static let usage = """
        usage: DemoService [--listen HOST:PORT | --port PORT] [--threads N]
          --listen HOST:PORT  where to listen, 127.0.0.1:8080 by default; port 0 picks a free one
          --port PORT         the same on 127.0.0.1
          --threads N         event loop threads, from 1 to 64, 1 by default
          --version, --help   say so and exit
        """

    /// Reads the arguments that follow the program's name.
    init(_ arguments: [String]) throws(UsageProblems) {
        var problems: [UsageProblem] = []
        var values: [String: String] = [:]
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            switch argument {
            case "--help", "-h":
                self = .help
                return
            case "--version":
                self = .version
                return
            case "--listen", "--port", "--threads":
                guard let value = rest.popFirst() else {
                    problems.append(.missingValue(argument: argument))
                    continue
                }
                if values.updateValue(value, forKey: argument) != nil {
                    problems.append(.repeated(argument: argument))
                }
            default:
                problems.append(.unknownArgument(argument))
            }
        }

        var address = ListenAddress(host: "127.0.0.1", port: 8080)
        if let text = values["--port"] {
            if let port = ListenAddress.port(text) {
                address.port = port
            } else {
                problems.append(.invalid(name: "--port", value: text, expected: "a port from 0 to 65535"))
            }
        }
        if let text = values["--listen"] {
            if let parsed = ListenAddress(text) {
                address = parsed
            } else {
                problems.append(.invalid(name: "--listen", value: text, expected: "HOST:PORT, such as 127.0.0.1:8080"))
            }
            if values["--port"] != nil {
                problems.append(.exclusive("--listen", "--port"))
            }
        }
        var threads = 1
        if let text = values["--threads"] {
            if let count = Int(text), (1...64).contains(count) {
                threads = count
            } else {
                problems.append(.invalid(name: "--threads", value: text, expected: "a whole number from 1 to 64"))
            }
        }
        guard problems.isEmpty else { throw UsageProblems(all: problems) }
        self = .serve(address, threads: threads)
    }
}

/// Where the service listens.
struct ListenAddress: Equatable {
    var host: String
    var port: Int

    init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    /// Reads `HOST:PORT`; an IPv6 host stands in brackets.
    init?(_ text: String) {
        guard let colon = text.lastIndex(of: ":"), let port = Self.port(text[text.index(after: colon)...]) else {
            return nil
        }
        var host = text[..<colon]
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = host.dropFirst().dropLast()
        } else if host.contains(":") {
            return nil
        }
        guard !host.isEmpty else { return nil }
        self.init(host: String(host), port: port)
    }

    static func port(_ text: some StringProtocol) -> Int? {
        guard let port = UInt16(text), !text.hasPrefix("+") else { return nil }
        return Int(port)
    }
}
