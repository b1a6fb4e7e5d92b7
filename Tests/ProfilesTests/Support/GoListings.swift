/// What `pprof -raw` prints.
struct RawListing {
    struct Sample {
        var values: [Int64]
        var locations: [Int]
        var frames: [String] = []
        var labels: Set<String> = []
    }

    private(set) var types: [String] = []
    private(set) var samples: [Sample] = []

    init(_ text: String) {
        var part = ""
        var frames: [Int: [String]] = [:]
        var location = 0
        for line in text.split(separator: "\n") {
            if ["Samples:", "Locations", "Mappings"].contains(line) {
                part = String(line)
            } else if part == "Samples:", types.isEmpty {
                // The default column carries a mark.
                types = line.split(separator: " ").map { $0.hasSuffix("[dflt]") ? String($0.dropLast(6)) : String($0) }
            } else if part == "Samples:", line.contains("[") {
                samples[samples.count - 1].labels.formUnion(line.split(separator: " ").map(String.init))
            } else if part == "Samples:" {
                let sides = line.split(separator: ":", omittingEmptySubsequences: false)
                samples.append(
                    Sample(
                        values: sides[0].split(separator: " ").compactMap { Int64($0) },
                        locations: sides[1].split(separator: " ").compactMap { Int($0) }
                    )
                )
            } else if part == "Locations" {
                var words = line.split(separator: " ")
                if let id = words.first, id.hasSuffix(":"), let number = Int(id.dropLast()) {
                    location = number
                    words.removeFirst(words.count > 2 && words[2].hasPrefix("M=") ? 3 : 2)
                }
                frames[location, default: []].append(Self.frame(words))
            }
        }
        for index in samples.indices { samples[index].frames = samples[index].locations.flatMap { frames[$0] ?? [] } }
    }

    /// `function file:line:column s=start` without column and start.
    private static func frame(_ words: [Substring]) -> String {
        let text = words.dropLast().joined(separator: " ")
        let frame = text.lastIndex(of: ":").map { String(text[..<$0]) } ?? text
        return frame == ":0" ? "<unknown> :0" : frame
    }
}

/// What `pprof -top` prints: flat and cumulative by function and file.
struct TopListing {
    private(set) var rows: [String: [Int64]] = [:]

    init(_ text: String, unit: String) {
        let suffix = ["bytes": "B", "nanoseconds": "ns"][unit] ?? ""
        var isTable = false
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ")
            if words.first == "flat" {
                isTable = true
            } else if isTable, words.count > 5 {
                // A function without a name has no file either.
                let name = words[5...].filter { $0 != "(inline)" && $0 != "(partial-inline)" }
                rows[name.joined(separator: " ")] = [words[0], words[3]]
                    .map { word in
                        Int64(word) ?? (word.hasSuffix(suffix) ? Int64(word.dropLast(suffix.count)) : nil) ?? .min
                    }
            }
        }
    }
}
