import HTTPWire
import Plans

/// A check made ready for running.
enum CheckProgram: Sendable {
    /// What a step without a status check accepts: 200 to 399.
    case acceptedStatus
    case status([Int])
    case header(name: String, key: [UInt8], contains: TextProgram)
    case body(contains: TextProgram)
    case bodyMatches(Pattern)
    case json(path: String, elements: [JSONScanner.Element], equals: JSONScalar, bytes: [UInt8])
    case size(minimum: UInt64?, maximum: UInt64?)
    /// In nanoseconds.
    case time(maximum: UInt64)

    init(_ check: Scenario.Check, slots: [String: Int], data: [DataBytes]) throws(LoadError) {
        switch check {
        case .status(let statuses): self = .status(statuses)
        case .header(let name, let contains):
            let text = try TextProgram(contains, encoding: .verbatim, slots: slots, data: data)
            self = .header(name: name, key: name.utf8.map(Octets.lowercased), contains: text)
        case .bodyContains(let contains):
            self = .body(contains: try TextProgram(contains, encoding: .verbatim, slots: slots, data: data))
        case .bodyMatches(let pattern): self = .bodyMatches(pattern)
        case .json(let path, let scalar):
            var bytes: [UInt8] = []
            if case .string(let text) = scalar { bytes = Array(text.utf8) }
            self = .json(
                path: path.text, elements: path.elements.map(JSONScanner.Element.init), equals: scalar, bytes: bytes
            )
        case .size(let minimum, let maximum): self = .size(minimum: minimum, maximum: maximum)
        case .time(let maximum): self = .time(maximum: maximum.clampedNanoseconds)
        }
    }

    var isAboutStatus: Bool {
        if case .status = self { true } else { false }
    }

    var needsBody: Bool {
        switch self {
        case .acceptedStatus, .status, .header, .size, .time: false
        case .body, .bodyMatches, .json: true
        }
    }
}

/// A capture made ready for running.
struct CaptureProgram: Sendable {
    enum Source: Sendable {
        case json(path: String, elements: [JSONScanner.Element])
        case header(name: String, key: [UInt8])
        case pattern(Pattern)
    }

    let variable: String
    let slot: Int
    let source: Source

    /// Gives the variable a slot; a variable captured twice keeps its first one.
    init(_ capture: Scenario.Capture, slots: inout [String: Int]) {
        variable = capture.variable
        slot = slots[capture.variable] ?? slots.count
        slots[capture.variable] = slot
        source =
            switch capture.source {
            case .json(let path): .json(path: path.text, elements: path.elements.map(JSONScanner.Element.init))
            case .header(let name): .header(name: name, key: name.utf8.map(Octets.lowercased))
            case .pattern(let pattern): .pattern(pattern)
            }
    }

    var needsBody: Bool {
        switch source {
        case .header: false
        case .json, .pattern: true
        }
    }
}
