@testable import LoadGen

/// What must hold of the scanner of JSON whatever the bytes are; for the tests and for `ci/fuzz`.
enum JSONExercise {
    private static let paths: [[JSONScanner.Element]] = [
        [], [.key(Array("a".utf8))], [.key(Array("a".utf8)), .index(0)], [.index(1)], [.index(0), .key([])],
    ]

    /// What does not hold, nil where all does; the first byte chooses the path.
    static func problem(_ input: [UInt8]) -> String? {
        guard let first = input.first else { return nil }
        let bytes = Array(input.dropFirst())
        let whole = find([], in: bytes)
        let found = find(paths[Int(first) % paths.count], in: bytes)
        switch (whole, found) {
        case (.failure(let one), .failure(let other)): return one == other ? nil : "the verdict depends on the path"
        case (.success, .success(let found)): return problem(found, bytes)
        default: return "the verdict depends on the path"
        }
    }

    private static func problem(_ found: JSONScanner.Found, _ bytes: [UInt8]) -> String? {
        switch found {
        case .string(let range):
            guard range.lowerBound > 0, range.upperBound < bytes.count, bytes[range.lowerBound - 1] == 0x22,
                bytes[range.upperBound] == 0x22
            else { return "a string is not between its marks" }
            var count = 0
            bytes.withUnsafeBytes { JSONText.decode($0, range) { _ in count += 1 } }
            return count <= range.count ? nil : "a string grows when its escapes are undone"
        case .number(let range):
            let text = String(decoding: bytes[range], as: UTF8.self)
            return Double(text) == nil ? "\(text) is no number" : nil
        default: return nil
        }
    }

    private static func find(
        _ path: [JSONScanner.Element], in bytes: [UInt8]
    ) -> Result<JSONScanner.Found, JSONScanner.Failure> {
        bytes.withUnsafeBytes { bytes in
            do throws(JSONScanner.Failure) {
                return .success(try JSONScanner.find(path, in: bytes))
            } catch {
                return .failure(error)
            }
        }
    }
}
