/// What every program stands on, by the names it has.
extension NativeFunction {
    // MARK: Swift

    static let runtimeModules: Set<String> = [
        "Swift", "_Concurrency", "_StringProcessing", "_RegexParser", "RegexBuilder", "_Differentiation",
        "_Backtracing", "Runtime", "Synchronization", "Distributed", "Observation", "_Observation", "_Volatile", "Cxx",
        "CxxStdlib", "Dispatch", "Foundation", "FoundationEssentials", "FoundationInternationalization",
        "FoundationNetworking", "FoundationXML", "_FoundationCShims", "_FoundationCollections", "_FoundationICU",
        "CoreFoundation", "Glibc", "Musl", "SwiftGlibc", "SwiftMusl", "SwiftOverlayShims", "SwiftShims", "__C",
        "__C_Synthesized", "Builtin",
    ]

    /// Beginnings of names of code that stands in no source.
    private static let made = [
        "reabstraction thunk", "outlined ", "type metadata ", "lazy protocol witness ", "protocol witness table ",
        "base witness table ", "associated type ", "associated conformance ", "instantiation function ",
        "block copy helper ", "block destroy helper ", "merged type metadata ", "generic protocol witness table ",
        "default associated ", "method lookup function ", "objectdestroy", "class metadata ", "dynamic self ",
        "coroutine continuation ",
    ]

    /// Words of such names that others stand before.
    private static let madeInside = [" value witness for ", "type metadata accessor for ", " lazy protocol witness "]

    static func isMadeByCompiler(_ name: String) -> Bool {
        made.contains { name.hasPrefix($0) } || madeInside.contains { name[...].place(of: $0) != nil }
    }

    // MARK: Other languages

    private static let namespaces = [
        "swift::", "__swift::", "std::", "__gnu_cxx::", "__cxxabiv1::", "__cxxabi", "icu_", "operator new",
        "operator delete",
    ]

    static func isRuntimeNamespace(_ name: String) -> Bool {
        namespaces.contains { name.hasPrefix($0) }
    }

    /// Beginnings of names that are kept for the system and for the runtimes.
    ///
    /// They matter where everything is linked into one executable; in a library of its own the file says it.
    private static let prefixes = [
        "swift_", "_swift_", "__swift_", "dispatch_", "_dispatch_", "__dispatch_", "___dispatch_", "libdispatch_",
        "_os_object_", "voucher_", "_voucher_", "_Block_", "CF", "_CF", "__CF", "pthread_", "__pthread_", "__libc_",
        "__GI_", "__cxa_", "_Unwind_", "__gxx_", "__memcpy_", "__memmove_", "__memset_", "__memcmp_", "__str", "_IO_",
        "_dl_", "__tls_", "sem_", "perfgate_probe_",
    ]

    private static let symbols: Set<String> = [
        "malloc", "calloc", "realloc", "reallocarray", "free", "cfree", "posix_memalign", "aligned_alloc", "memalign",
        "valloc", "pvalloc", "malloc_usable_size", "_int_malloc", "_int_free", "_int_realloc", "sysmalloc",
        "malloc_consolidate", "memcpy", "memmove", "memset", "memcmp", "memchr", "strlen", "strcmp", "strdup",
        "strndup", "strcpy", "strchr", "_start", "__start", "start_thread", "clone", "__clone", "clone3", "__clone3",
        "_init", "_fini", "exit", "abort", "raise", "getenv", "setenv", "syscall", "read", "write", "readv",
        "writev", "recv", "send", "recvmsg", "sendmsg", "recvmmsg", "sendmmsg", "accept", "accept4", "connect", "poll",
        "ppoll", "select", "epoll_wait", "epoll_pwait", "epoll_pwait2", "epoll_ctl", "nanosleep", "clock_nanosleep",
        "clock_gettime", "futex", "open", "open64", "openat", "close", "fopen", "fopen64", "fclose", "opendir",
        "readdir", "mmap", "munmap", "getaddrinfo", "asprintf", "vasprintf", "printf", "fprintf", "vfprintf",
        "snprintf", "vsnprintf", "qsort", "qsort_r", "tsearch", "async_Main", "completeTask",
        "completeTaskAndRelease", "completeTaskWithClosure",
    ]

    static func isRuntimeSymbol(_ name: String) -> Bool {
        symbols.contains(name)
            || prefixes.contains { prefix in
                guard name.hasPrefix(prefix) else { return false }
                // Foundation's C names go on with a capital: `CFArrayCreate`, not `CFG_read`.
                guard prefix.hasSuffix("CF") else { return true }
                let rest = name.utf8.dropFirst(prefix.utf8.count).prefix(2)
                return rest.count == 2 && rest.allSatisfy { (0x41...0x5A).contains($0 & 0xDF) }
                    && rest.contains { (0x61...0x7A).contains($0) }
            }
    }

    // MARK: Files

    private static let libraries: Set<String> = [
        "libc", "libm", "libpthread", "librt", "libdl", "libresolv", "libnsl", "libutil", "ld-linux-x86-64",
        "ld-linux-aarch64", "ld-musl-x86_64", "ld-musl-aarch64", "libstdc++", "libgcc_s", "libc++", "libc++abi",
        "libunwind", "libdispatch", "libBlocksRuntime", "libFoundation", "libFoundationEssentials",
        "libFoundationInternationalization", "libFoundationNetworking", "libFoundationXML", "lib_FoundationICU",
        "libNativeProbe", "libjemalloc", "libtcmalloc", "libtcmalloc_minimal", "libmimalloc", "libasan", "libtsan",
    ]

    /// Whether a file is that of a library every program stands on, as `/lib/libc.so.6` or `/…/libswiftCore.so`.
    static func isRuntimeLibrary(_ path: String) -> Bool {
        if path == "[vdso]" || path == "[vsyscall]" { return true }
        let file = path.split(separator: "/").last ?? ""
        guard let place = file.place(of: ".so") else { return false }
        let rest = file[place...].dropFirst(3)
        guard rest.isEmpty || rest.hasPrefix(".") else { return false }
        // As `libc-2.31`, which older systems have.
        let stem = file[..<place]
        let name = String(stem)
        if libraries.contains(name) { return true }
        if let dash = stem.lastIndex(of: "-"), stem[dash...].dropFirst().allSatisfy({ $0.isNumber || $0 == "." }) {
            return libraries.contains(String(stem[..<dash]))
        }
        let swift = ["libswift", "libswift_"]
        return swift.contains { name.hasPrefix($0) }
            && swiftLibraries.contains(String(name.dropFirst("libswift".count)))
    }

    private static let swiftLibraries: Set<String> = [
        "Core", "Glibc", "Musl", "Dispatch", "Observation", "Synchronization", "Distributed", "RegexBuilder",
        "Runtime", "_Concurrency", "_StringProcessing", "_RegexParser", "_Differentiation", "_Volatile",
        "_Builtin_float", "_math", "Cxx", "CxxStdlib", "_Backtracing", "SwiftOnoneSupport", "RemoteMirror",
    ]
}
