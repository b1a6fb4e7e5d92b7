/// The files a plan names, each with a digest of what was read of it.
final class NamedFiles {
    private let readFile: (String) -> Result<[UInt8], FileProblem>
    private(set) var digests: [String: String] = [:]

    init(_ readFile: @escaping (String) -> Result<[UInt8], FileProblem>) {
        self.readFile = readFile
    }

    func read(_ path: String) -> Result<[UInt8], FileProblem> {
        let result = readFile(path)
        if case .success(let bytes) = result { digests[path] = Self.digest(of: bytes) }
        return result
    }

    /// Length and FNV-1a of 64 bits: tells files apart that differ by chance, and is no proof against one that means to
    /// be taken for another.
    ///
    /// http://www.isthe.com/chongo/tech/comp/fnv/
    static func digest(of bytes: [UInt8]) -> String {
        let hash = bytes.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
        let digits = String(hash, radix: 16)
        return "\(bytes.count)-" + String(repeating: "0", count: 16 - digits.count) + digits
    }
}
