import ProbeReader
import TestSupport
import Testing

@testable import Captures

#if canImport(Glibc)
    import Glibc
#endif

/// The folder of one launch, and how the service is told of it.
@Suite struct PreloadedProbeTests {
    private func probe(mode: ProbeMode = .liveTasks) throws -> PreloadedProbe {
        try PreloadedProbe(mode: mode, library: "/opt/with space:and colon/libNativeProbe.so")
    }

    @Test func nobodyElseCanLookIntoTheFolder() throws {
        let probe = try probe()
        defer { probe.remove() }
        var information = stat()
        #expect(stat(probe.folder, &information) == 0)
        #expect(information.st_mode & 0o777 == 0o700)
        #expect(information.st_uid == getuid())
    }

    @Test func theServicesOwnLibrariesStay() throws {
        let probe = try probe(mode: [.liveTasks, .cpu])
        defer { probe.remove() }
        #expect(
            probe.environment(of: ["LD_PRELOAD": "/usr/lib/libjemalloc.so.2", "PATH": "/bin"]) == [
                "LD_PRELOAD": "\(probe.folder)/libNativeProbe.so:/usr/lib/libjemalloc.so.2",
                "PERFGATE_PROBE_DIR": probe.folder, "PERFGATE_PROBE_MODE": "5",
                "GLIBC_TUNABLES": "glibc.malloc.tcache_count=2000",
            ])
        #expect(probe.environment(of: [:])["LD_PRELOAD"] == "\(probe.folder)/libNativeProbe.so")
        #expect(probe.environment(of: ["GLIBC_TUNABLES": "own"])["GLIBC_TUNABLES"] == "own")
        #expect(probe.environment(of: ["LD_PRELOAD": ""])["LD_PRELOAD"] == "\(probe.folder)/libNativeProbe.so")
    }

    /// The list of libraries is divided at spaces and colons; the name in it has none, wherever perfgate lies.
    @Test func aPlaceWithSpacesIsReachedByALink() throws {
        let probe = try probe()
        defer { probe.remove() }
        let preloaded = try #require(probe.environment(of: [:])["LD_PRELOAD"])
        #expect(!preloaded.contains(" ") && !preloaded.contains(":"))
        var buffer = [CChar](repeating: 0, count: 4096)
        let count = readlink(preloaded, &buffer, buffer.count)
        #expect(count > 0)
        #expect(
            String(decoding: buffer[..<max(0, count)].map { UInt8(bitPattern: $0) }, as: UTF8.self)
                == "/opt/with space:and colon/libNativeProbe.so")
    }

    @Test func nothingIsLeft() throws {
        let probe = try probe()
        Scratch.write("counts", to: "\(probe.folder)/1.0")
        probe.remove()
        #expect(access(probe.folder, F_OK) != 0)
    }

    /// A perfgate that was killed holds its lock no more; one that runs does.
    @Test func whatAKilledPerfgateLeftIsRemoved() throws {
        let abandoned = "/dev/shm/perfgate-probe-\(getpid())test"
        #expect(mkdir(abandoned, 0o700) == 0)
        Scratch.write("", to: abandoned + "/in-use")
        Scratch.write("counts", to: abandoned + "/1.0")
        let running = try probe()
        let other = try probe()
        defer {
            running.remove()
            other.remove()
        }
        #expect(access(abandoned, F_OK) != 0)
        #expect(access(running.folder, F_OK) == 0)
    }

    @Test func theLibraryLiesBesidePerfgateOrIsMissedByName() throws {
        let folder = try Scratch.folder("library")
        Scratch.write("", to: folder + "/libNativeProbe.so")
        #expect(try ProbeLibrary.find(besides: folder + "/perfgate") == folder + "/libNativeProbe.so")
        #expect(
            throws: CaptureError.file(
                path: "/nowhere/libNativeProbe.so",
                reason: "the native probe is not beside perfgate; build or install it too")
        ) { try ProbeLibrary.find(besides: "/nowhere/perfgate") }
    }
}
