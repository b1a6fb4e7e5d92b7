package import Measures

/// The inputs below `Tests/Fuzz` that every run replays; `ci/fuzz` adds to them.
package enum Corpus {
    package struct Missing: Error {
        package let name: String
    }

    /// The files of a folder, in order.
    package static func names(_ folder: String) -> [String] { Repository.names(in: path(folder)) }

    package static func bytes(_ folder: String, _ name: String) throws -> [UInt8] {
        guard let bytes = Repository.bytes("\(path(folder))/\(name)") else { throw Missing(name: "\(folder)/\(name)") }
        return bytes
    }

    package static func all(_ folder: String) throws -> [[UInt8]] { try names(folder).map { try bytes(folder, $0) } }

    private static func path(_ folder: String) -> String { "\(Repository.root)/Tests/Fuzz/\(folder)" }

    /// An input with some bytes changed, left out, doubled, or taken from another one.
    package static func made(from inputs: [[UInt8]], _ random: inout SeededGenerator) -> [UInt8] {
        var bytes = inputs[random.below(inputs.count)]
        for _ in 0...random.below(4) where !bytes.isEmpty {
            let place = random.below(bytes.count)
            switch random.below(6) {
            case 0: bytes[place] = UInt8(truncatingIfNeeded: random.next())
            case 1: bytes[place] ^= 1 << UInt8(random.below(8))
            case 2: bytes.remove(at: place)
            case 3: bytes.insert(contentsOf: bytes[place...].prefix(random.below(40)), at: place)
            case 4: bytes.removeSubrange(place..<min(bytes.count, place + random.below(10)))
            default:
                let other = inputs[random.below(inputs.count)]
                guard !other.isEmpty else { continue }
                let start = random.below(other.count)
                bytes.insert(contentsOf: other[start...].prefix(random.below(60)), at: place)
            }
        }
        return bytes
    }
}
