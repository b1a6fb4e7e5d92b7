import HTTPWire

/// The command line: `counters DIRECTORY`, `profile DIRECTORY allocations|tasks|cpu FILE`, or
/// `load DIRECTORY --url URL [--target TARGET] [--connections N] [--warmup N] [--requests N]`.
enum Arguments {
    case counters(directory: String)
    case load(CountedLoad)
    case profile(RecordedProfile)

    struct Misuse: Error, CustomStringConvertible {
        var description: String
    }

    init(_ arguments: some Collection<String>) throws {
        var rest = arguments.makeIterator()
        guard let command = rest.next(), let directory = rest.next() else {
            throw Misuse(description: "usage: probe-bench counters|profile|load DIRECTORY …")
        }
        switch command {
        case "counters": self = .counters(directory: directory)
        case "load": self = .load(try Self.load(directory, &rest))
        case "profile":
            guard let kind = rest.next().flatMap(RecordedProfile.Kind.init), let path = rest.next() else {
                let kinds = RecordedProfile.Kind.allCases.map(\.rawValue).joined(separator: ", ")
                throw Misuse(description: "profile takes a kind (\(kinds)) and a file to write")
            }
            self = .profile(RecordedProfile(kind: kind, directory: directory, path: path))
        default: throw Misuse(description: "unknown command \(command)")
        }
    }

    private static func load(
        _ directory: String, _ rest: inout some IteratorProtocol<String>
    ) throws -> CountedLoad {
        var url: String?
        var target = "/"
        var connections = 8
        var warmup = 5_000
        var requests = 20_000
        while let argument = rest.next() {
            guard let value = rest.next() else { throw Misuse(description: "\(argument) needs a value") }
            switch argument {
            case "--url": url = value
            case "--target": target = value
            case "--connections": connections = try number(argument, value)
            case "--warmup": warmup = try number(argument, value)
            case "--requests": requests = try number(argument, value)
            default: throw Misuse(description: "unknown argument \(argument)")
            }
        }
        guard let url else { throw Misuse(description: "--url is missing") }
        return CountedLoad(
            directory: directory, endpoint: try Endpoint(url), target: target, connections: connections,
            warmup: warmup, requests: requests)
    }

    private static func number(_ name: String, _ text: String) throws -> Int {
        guard let value = Int(text), (1...10_000_000).contains(value) else {
            throw Misuse(description: "\(name) takes a whole number from 1 to 10000000")
        }
        return value
    }
}
