import HTTPWire
import Plans

/// The command line: `--url URL --connections N (--rate R | --users) --seconds S [--variables] [--streams N] [--ordinary]
/// [--idle]`.
struct Arguments {
    var endpoint: Endpoint
    /// The path of the address, which becomes the target.
    var target: String
    var connections = 50
    /// Arrivals per second; nil is a closed loop with one user per connection.
    var rate: Double?
    var seconds = 2.0
    var variables = false
    /// Whether real-time scheduling is not asked for.
    var ordinary = false
    /// Whether connections are opened and nothing is sent.
    var idle = false
    /// How the server is spoken to; its certificate is not verified, and streams mean HTTP/2.
    var connection = Service.Connection(tls: Service.TLS(verification: .none))

    struct Misuse: Error, CustomStringConvertible {
        var description: String
    }

    init(_ arguments: some Sequence<String>) throws {
        var url: String?
        var iterator = arguments.makeIterator()
        func number(_ name: String, _ text: String?) throws -> Double {
            guard let text, let value = Double(text), value > 0, value < 1e6 else {
                throw Misuse(description: "\(name) takes a number above 0")
            }
            return value
        }
        while let argument = iterator.next() {
            switch argument {
            case "--url": url = iterator.next()
            case "--connections": connections = Int(try number(argument, iterator.next()))
            case "--rate": rate = try number(argument, iterator.next())
            case "--users": rate = nil
            case "--seconds": seconds = try number(argument, iterator.next())
            case "--variables": variables = true
            case "--ordinary": ordinary = true
            case "--idle": idle = true
            case "--streams":
                connection.httpVersion = .two
                connection.streams = Int(try number(argument, iterator.next()))
            default: throw Misuse(description: "unknown argument \(argument)")
            }
        }
        guard let url else { throw Misuse(description: "--url is missing") }
        let whole = try Endpoint(url)
        target = whole.path.isEmpty ? "/" : whole.path
        endpoint = try Endpoint("\(whole.scheme)://\(whole.hostField)")
    }
}
