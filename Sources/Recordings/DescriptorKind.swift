/// What an open descriptor refers to, without what differs between two of a kind.
package enum DescriptorKind {
    /// Kinds that a recording holds at most of one capture.
    package static let most = 50
    /// What no longer fits.
    package static let others = "others"

    /// How many there are of each kind, from what the links below `/proc/PID/fd` say.
    package static func histogram(_ targets: some Sequence<String>) -> [String: Int] {
        var counts: [String: Int] = [:]
        for target in targets { counts[kind(of: target), default: 0] += 1 }
        // Files that were opened under a name each are told by their folders.
        if counts.count > most {
            counts = counts.reduce(into: [:]) { $0[folder(of: $1.key) ?? $1.key, default: 0] += $1.value }
        }
        guard counts.count > most else { return counts }
        let sorted = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        let rest = sorted.dropFirst(most - 1).reduce(0) { $0 + $1.value }
        return Dictionary(sorted.prefix(most - 1).map { ($0.key, $0.value) } + [(others, rest)], uniquingKeysWith: +)
    }

    /// The files of a folder as one kind: `/tmp/…` of `/tmp/upload-7`; nil for what is no file.
    package static func folder(of kind: String) -> String? {
        guard kind.hasPrefix("/"), let slash = kind.lastIndex(of: "/") else { return nil }
        return kind[...slash] + "…"
    }

    /// `socket` of `socket:[4711]`, `eventpoll` of `anon_inode:[eventpoll]`; a file is its path.
    private static func kind(of target: String) -> String {
        guard !target.hasPrefix("/"), let colon = target.firstIndex(of: ":") else { return target }
        let name = target[target.index(after: colon)...].filter { $0 != "[" && $0 != "]" }
        return target[..<colon] == "anon_inode" ? name : String(target[..<colon])
    }
}
