#if canImport(Glibc)
    import Glibc
#endif

extension ProcessTree {
    /// Those of the service's processes that listen on a TCP port of this machine; nil where that cannot be known.
    package func listeners(on port: Int) -> [Int32]? {
        guard let sockets = Self.listening(on: port, in: files), let members = try? members().get() else { return nil }
        let names = Set(sockets.map { "socket:[\($0)]" })
        return members.filter { id in
            let folder = "\(files)/\(id)/fd"
            return ProcFile.entries(folder).contains {
                ProcFile.target(of: "\(folder)/\($0)").map(names.contains) ?? false
            }
        }
    }

    /// The inodes of the sockets that listen on the port, from the kernel's tables for both families.
    private static func listening(on port: Int, in files: String) -> [Substring]? {
        let tables = ["tcp", "tcp6"].compactMap { ProcFile.text("\(files)/self/net/\($0)") }
        guard !tables.isEmpty else { return nil }
        return tables.flatMap { table in
            table.split(separator: "\n").dropFirst().compactMap { line -> Substring? in
                // Number, local address, remote address, state, …, and as the tenth the inode.
                let fields = line.split(separator: " ")
                guard fields.count > 9, fields[3] == "0A", let colon = fields[1].lastIndex(of: ":"),
                    Int(fields[1][fields[1].index(after: colon)...], radix: 16) == port
                else { return nil }
                return fields[9]
            }
        }
    }
}
