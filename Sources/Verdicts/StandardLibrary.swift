/// Which functions belong to a language's standard library and not to the service.
enum StandardLibrary {
    /// Whether a function, named as Go names it, is of Go's standard library or runtime.
    ///
    /// The first element of its package path decides; modules of users have a domain there, or are `main`.
    static func contains(_ function: String) -> Bool {
        goPackages.contains(String(function.prefix { $0 != "/" && $0 != "." }))
    }

    /// Whether a function is of Go's own profile endpoints.
    static func servesProfiles(_ function: String) -> Bool {
        function.hasPrefix("runtime/pprof.") || function.hasPrefix("net/http/pprof.")
    }

    /// First elements of the package paths of Go 1.27's standard library, from `go list std`.
    private static let goPackages: Set<String> = [
        "archive", "bufio", "builtin", "bytes", "cmp", "compress", "container", "context", "crypto", "database",
        "debug", "embed", "encoding", "errors", "expvar", "flag", "fmt", "go", "hash", "html", "image", "index",
        "internal", "io", "iter", "log", "maps", "math", "mime", "net", "os", "path", "plugin", "reflect", "regexp",
        "runtime", "slices", "sort", "strconv", "strings", "structs", "sync", "syscall", "testing", "text", "time",
        "unicode", "unique", "unsafe", "uuid", "vendor", "weak",
    ]
}
