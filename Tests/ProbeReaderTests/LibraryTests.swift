import TestSupport
import Testing

/// What the preloaded file itself promises.
@Suite struct LibraryTests {
    private func readelf(_ option: String) throws -> String {
        let result = try Command("/usr/bin/readelf", [option, "-W", ProbePrograms.library], in: "/").wait()
        #expect(result.status == 0)
        return result.output
    }

    /// Anything else would have to be found wherever any program starts; where it is not, none does.
    @Test func needsTheCLibraryOnly() throws {
        let needed = try readelf("-d").split(separator: "\n").filter { $0.contains("(NEEDED)") }
        #expect(!needed.isEmpty)
        for line in needed {
            #expect(line.hasSuffix("[libc.so.6]") || line.hasSuffix("[ld-linux-x86-64.so.2]"), "\(line)")
        }
    }

    /// A name that is visible here would take the place of the same name in the service.
    @Test func showsOnlyWhatItStandsInFrontOf() throws {
        let lines = try readelf("--dyn-syms").split(separator: "\n").map { $0.split(separator: " ") }
        // The linker's own marks for the ends of the parts have no type.
        let visible = lines.filter {
            $0.count == 8 && ["GLOBAL", "WEAK"].contains($0[4]) && $0[6] != "UND" && $0[3] != "NOTYPE"
        }
        let names = Set(visible.map { String($0[7]) })
        #expect(
            names == [
                "aligned_alloc", "calloc", "free", "malloc", "memalign", "mmap", "mmap64", "posix_memalign",
                "pthread_create", "pvalloc", "realloc", "reallocarray", "sigaction", "signal", "valloc",
            ])
    }
}
