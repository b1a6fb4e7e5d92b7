import Profiles
import TestSupport
import Testing

/// Files below the fixtures of this room.
enum Stored {
    static let versions = names(in: "Tests/Fixtures/profiles-go/stored")

    static func names(in directory: String) -> [String] { Repository.names(in: Repository.root + "/" + directory) }

    static func bytes(_ version: String, _ name: String) throws -> [UInt8] {
        try #require(Repository.bytes("\(Repository.root)/Tests/Fixtures/profiles-go/stored/\(version)/\(name)"))
    }
}
