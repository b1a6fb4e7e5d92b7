#if canImport(Glibc)
    @preconcurrency import Glibc
#endif

/// The variables the process was started with, as name and value.
///
/// To be called before other threads run: nothing guards the list against a change.
func processEnvironment() -> [(name: String, value: String)] {
    var variables: [(name: String, value: String)] = []
    var entry = environ
    while let text = entry.pointee {
        let parts = String(cString: text).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        if parts.count == 2 {
            variables.append((String(parts[0]), String(parts[1])))
        }
        entry += 1
    }
    return variables
}
