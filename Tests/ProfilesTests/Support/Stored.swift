import Profiles
import TestSupport
import Testing

#if canImport(Glibc)
    import Glibc
#endif

/// Files below the fixtures of this room.
enum Stored {
    static let versions = names(in: "Tests/Fixtures/profiles-go/stored")

    static func names(in directory: String) -> [String] {
        guard let handle = opendir(Repository.root + "/" + directory) else { return [] }
        defer { closedir(handle) }
        var names: [String] = []
        while let entry = readdir(handle) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if !name.hasPrefix(".") { names.append(name) }
        }
        return names.sorted()
    }

    static func bytes(_ version: String, _ name: String) throws -> [UInt8] {
        try #require(Repository.bytes("\(Repository.root)/Tests/Fixtures/profiles-go/stored/\(version)/\(name)"))
    }
}
