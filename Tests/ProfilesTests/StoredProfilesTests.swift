import Profiles
import TestSupport
import Testing

/// Profiles that real programs wrote, built with three versions of Go.
@Suite struct StoredProfilesTests {
    static let profiles = Stored.versions.flatMap { version in
        Stored.names(in: "Tests/Fixtures/profiles-go/stored/\(version)").filter { $0.hasSuffix(".pb.gz") }
            .map { (version, $0) }
    }

    static let dumps = Stored.versions.flatMap { version in
        Stored.names(in: "Tests/Fixtures/profiles-go/stored/\(version)")
            .filter { $0.hasPrefix("goroutine") || $0 == "quit.log" }
            .map { (version, $0) }
    }

    @Test func thereAreFixturesOfSeveralVersions() {
        #expect(Stored.versions == ["go1.21.13", "go1.24.11", "go1.27.3"])
        #expect(Self.profiles.count == 19)
        #expect(Self.dumps.count == 15)
    }

    @Test(arguments: profiles)
    func decodesAsStored(version: String, name: String) throws {
        let profile = try Profile(pprof: Stored.bytes(version, name))
        Golden("Profiles/\(version)/\(name).txt").expect(Rendered.profile(profile))
    }

    @Test(arguments: dumps)
    func groupsTasksAsStored(version: String, name: String) throws {
        let dump = try TaskDump(anyFormat: Stored.bytes(version, name))
        Golden("Profiles/\(version)/\(name).tasks.txt").expect(Rendered.dump(dump))
    }

    @Test(arguments: Stored.versions)
    func memoryStatisticsAreRead(version: String) throws {
        let statistics = try RuntimeMemoryStatistics(heapText: Stored.bytes(version, "heap-end.1.txt"))
        #expect(statistics.numForcedGC == 2)
        #expect(statistics.heapObjects == statistics.mallocs - statistics.frees)
        #expect(statistics.pauseNs.count == 256)
    }
}
