/// What the command line asks for.
enum Command {
    case help
    case serve(ListenAddress)

    static let usage = """
        usage: hummingbird-service [--listen HOST:PORT | --port PORT]
          --listen HOST:PORT  where to listen, 127.0.0.1:8080 by default; port 0 picks a free one
          --port PORT         the same on 127.0.0.1
        """

    /// Reads the arguments that follow the program's name.
    init(_ arguments: [String]) throws(UsageProblems) {
        var address: ListenAddress?
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            if argument == "--help" {
                self = .help
                return
            }
            guard argument == "--listen" || argument == "--port" else {
                throw UsageProblems(all: ["unexpected argument '\(argument)'"])
            }
            guard let value = rest.popFirst() else {
                throw UsageProblems(all: ["\(argument) needs a value"])
            }
            guard address == nil else {
                throw UsageProblems(all: ["where to listen is said more than once"])
            }
            address = ListenAddress(argument == "--port" ? "127.0.0.1:\(value)" : value)
            if address == nil {
                throw UsageProblems(all: ["\(argument) '\(value)': expected a place such as 127.0.0.1:8080"])
            }
        }
        self = .serve(address ?? ListenAddress(host: "127.0.0.1", port: 8080))
    }
}

/// Where the service listens.
struct ListenAddress {
    var host: String
    var port: Int

    init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    /// Reads `HOST:PORT`, the host a name or an IPv4 address.
    init?(_ text: String) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty, let port = UInt16(parts[1]), !parts[1].hasPrefix("+") else {
            return nil
        }
        self.init(host: String(parts[0]), port: Int(port))
    }
}
