import Profiles

/// A profile made of stacks, each written as frames leaf first; `+` before a frame inlines it into the next one.
///
/// Frames read `function file:line`. Every location has one number, its place in the order of first appearance.
struct SmallProfile {
    var types: [(String, String)]
    var samples: [(stack: [String], values: [Int64])]
    var defaultType = ""
    var firstID: UInt64 = 1

    init(_ types: [(String, String)], _ samples: [(stack: [String], values: [Int64])]) {
        self.types = types
        self.samples = samples
    }

    init(counts: [(stack: [String], value: Int64)], type: String = "goroutine") {
        self.init([(type, "count")], counts.map { ($0.stack, [$0.value]) })
    }

    func decoded() throws -> Profile {
        try Profile(pprof: bytes)
    }

    var bytes: [UInt8] {
        var strings = [""]
        func string(_ text: String) -> Int64 {
            if let index = strings.firstIndex(of: text) { return Int64(index) }
            strings.append(text)
            return Int64(strings.count - 1)
        }
        var functions: [String] = []
        var locations: [[String]] = []
        var writer = ProtobufWriter()
        for type in types {
            let (name, unit) = (string(type.0), string(type.1))
            writer.message(1) {
                $0.number(1, name)
                $0.number(2, unit)
            }
        }
        for sample in samples {
            var ids: [UInt64] = []
            var lines: [String] = []
            for frame in sample.stack {
                lines.append(frame.hasPrefix("+") ? String(frame.dropFirst()) : frame)
                if frame.hasPrefix("+") { continue }
                if !locations.contains(lines) { locations.append(lines) }
                ids.append(UInt64(locations.firstIndex(of: lines) ?? 0) + firstID)
                lines = []
            }
            writer.message(2) {
                $0.packed(2, sample.values.map(UInt64.init(bitPattern:)))
                $0.packed(1, ids)
            }
        }
        for (index, lines) in locations.enumerated() {
            writer.message(4) { location in
                location.unsigned(1, UInt64(index) + firstID)
                location.unsigned(3, UInt64(0x1000 + index))
                for line in lines {
                    let (function, place) = Self.split(line, at: " ")
                    let (file, number) = Self.split(place, at: ":")
                    let key = function + " " + file
                    if !functions.contains(key) { functions.append(key) }
                    location.message(4) {
                        $0.unsigned(1, UInt64(functions.firstIndex(of: key) ?? 0) + firstID)
                        $0.number(2, Int64(number) ?? 0)
                    }
                }
            }
        }
        for (index, key) in functions.enumerated() {
            let (function, file) = Self.split(key, at: " ")
            let (name, path) = (string(function), string(file))
            writer.message(5) {
                $0.unsigned(1, UInt64(index) + firstID)
                $0.number(2, name)
                $0.number(4, path)
                $0.number(5, 7)
            }
        }
        if !defaultType.isEmpty { writer.number(14, string(defaultType)) }
        for text in strings { writer.text(6, text) }
        return writer.bytes
    }

    private static func split(_ text: String, at separator: Character) -> (String, String) {
        guard let index = text.lastIndex(of: separator) else { return (text, "") }
        return (String(text[..<index]), String(text[text.index(after: index)...]))
    }
}
