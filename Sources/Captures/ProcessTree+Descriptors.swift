import Recordings

extension ProcessTree {
    /// A link costs some 2 µs, so that a service with more of them would hold up the round.
    private static let mostDescriptors = 100_000
    /// Scalars kept of one path.
    private static let longestTarget = 240

    /// What the open descriptors of the service's processes refer to, by kind; nil where that cannot be read in time.
    package func descriptorKinds() -> [String: Int]? {
        guard let ids = try? members().get() else { return nil }
        var targets: [String] = []
        for id in ids {
            for number in ProcFile.entries("\(files)/\(id)/fd") {
                guard targets.count < Self.mostDescriptors else { return nil }
                // One that was closed between the listing and the reading is no longer open.
                guard let target = ProcFile.target(of: "\(files)/\(id)/fd/\(number)") else { continue }
                targets.append(Self.harmless(target))
            }
        }
        return DescriptorKind.histogram(targets)
    }

    /// A service opens files under any name it likes.
    private static func harmless(_ target: String) -> String {
        let short = String(String.UnicodeScalarView(target.unicodeScalars.prefix(longestTarget)))
        let clean = PrintedText.harmless(short).replacing("\n", with: "\u{FFFD}")
        return clean + (short.unicodeScalars.count < target.unicodeScalars.count ? "…" : "")
    }
}
