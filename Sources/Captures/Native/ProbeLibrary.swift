#if canImport(Glibc)
    import Glibc
#endif

/// The library that is preloaded into services.
package enum ProbeLibrary {
    static let name = "libNativeProbe.so"

    /// Where this executable lay when it was first asked: somebody may replace it while it runs.
    private static let found = Result { () throws(CaptureError) in try find(besides: ownExecutable() ?? "") }

    /// Beside perfgate's own executable, as a build leaves it, or in `../lib/perfgate`, as a package installs it.
    package static func find() throws(CaptureError) -> String { try found.get() }

    static func find(besides executable: String) throws(CaptureError) -> String {
        let folder = executable.split(separator: "/").dropLast().map { "/" + $0 }.joined()
        let places = ["\(folder)/\(name)", "\(folder)/../lib/perfgate/\(name)"]
        guard let found = places.first(where: { access($0, R_OK) == 0 }) else {
            throw .file(path: places[0], reason: "the native probe is not beside perfgate; build or install it too")
        }
        return found
    }

    private static func ownExecutable() -> String? {
        guard let path = realpath("/proc/self/exe", nil) else { return nil }
        defer { free(path) }
        return String(cString: path)
    }
}
