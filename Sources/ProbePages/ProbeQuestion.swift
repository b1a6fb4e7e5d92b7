/// What somebody asks for below `/debug/pprof/`, in the words of Go's `net/http/pprof`.
package struct ProbeQuestion: Sendable, Equatable {
    package enum Page: String, Sendable, CaseIterable {
        /// What there is.
        case index = ""
        case allocs
        case heap
        case goroutine
        case tasks
        case profile
    }

    package var page: Page
    /// Text for people instead of a file for tools.
    package var isText = false
    /// What happens from now on for so long, instead of all that has happened.
    package var seconds: Int?
    /// Whether addresses are given names, which takes the service time and memory.
    package var hasSymbols = true

    private static let longestTarget = 2048
    private static let prefix = "/debug/pprof"
    static let longestSeconds = 600
    /// As long as Go samples when nobody says for how long.
    private static let usualSeconds = 30

    /// From the target of a request: a path, and a query or none.
    package init(_ target: String) throws(ProbeRefusal) {
        guard target.utf8.count <= Self.longestTarget else { throw .tooLong }
        let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        guard let path = parts.first, path.hasPrefix(Self.prefix) else { throw .unknown(page: target) }
        let rest = path.dropFirst(Self.prefix.count)
        guard rest.isEmpty || rest.hasPrefix("/") else { throw .unknown(page: target) }
        let name = String(rest.dropFirst())
        guard let page = Page(rawValue: name) else { throw .unknown(page: name) }
        self.page = page
        for field in parts.dropFirst().first?.split(separator: "&") ?? [] {
            let pair = field.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            // What Go does not know it does not mind either.
            guard pair.count == 2 else { continue }
            switch pair[0] {
            case "debug": isText = try Self.number(pair, in: 0...2) > 0
            case "seconds": seconds = try Self.number(pair, in: 1...Self.longestSeconds)
            case "symbols": hasSymbols = try Self.number(pair, in: 0...1) > 0
            default: continue
            }
        }
        if page == .profile, seconds == nil { seconds = Self.usualSeconds }
    }

    private static func number(_ pair: [String], in range: ClosedRange<Int>) throws(ProbeRefusal) -> Int {
        guard let number = Int(pair[1]), range.contains(number), pair[1].utf8.allSatisfy({ $0 >= 0x30 }) else {
            throw .malformed(key: pair[0], value: pair[1], expected: range)
        }
        return number
    }
}
