#if canImport(Glibc)
    import Glibc
#endif

/// Where the tests run: the checkout and its files.
package enum Repository {
    /// The top of the checkout, without a trailing slash.
    package static let root: String = {
        let parts = #filePath.split(separator: "/", omittingEmptySubsequences: false)
        return parts.dropLast(3).joined(separator: "/")
    }()

    /// The Python that has what the tests ask of it, which `ci/prepare test` installs.
    package static let python =
        getenv("PERFGATE_PYTHON").map { String(cString: $0) } ?? root + "/.build/tools/venv/bin/python"

    /// The bytes of a file, or nil when it cannot be read.
    package static func bytes(_ path: String) -> [UInt8]? {
        guard let file = fopen(path, "rb") else { return nil }
        defer { fclose(file) }
        var result: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = fread(&chunk, 1, chunk.count, file)
            if count == 0 { return ferror(file) == 0 ? result : nil }
            result.append(contentsOf: chunk[..<count])
        }
    }

    /// The text of a file, or nil when it cannot be read.
    package static func contents(_ path: String) -> String? {
        bytes(path).map { String(decoding: $0, as: UTF8.self) }
    }

    /// The names in a folder, in order and without those that begin with a dot; none where it cannot be read.
    package static func names(in folder: String) -> [String] {
        guard let handle = opendir(folder) else { return [] }
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

    static func write(_ text: String, to path: String) {
        var directory = ""
        for part in path.split(separator: "/").dropLast() {
            directory += "/" + part
            mkdir(directory, 0o755)
        }
        guard let file = fopen(path, "wb") else { return }
        defer { fclose(file) }
        let bytes = Array(text.utf8)
        fwrite(bytes, 1, bytes.count, file)
    }
}
