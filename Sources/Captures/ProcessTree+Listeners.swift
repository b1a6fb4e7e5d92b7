#if canImport(Glibc)
    import Glibc
#endif

extension ProcessTree {
    /// Where a service can be listened for.
    package enum Door: Sendable, Equatable {
        /// A TCP port of this machine.
        case port(Int)
        /// A Unix socket by its path, as its owner wrote it.
        case socket(paths: [String])
    }

    /// Those of the service's processes that listen at the door; nil where that cannot be known.
    package func listeners(at door: Door) -> [Int32]? {
        let sockets =
            switch door {
            case .port(let port): Self.listening(on: port, in: files)
            case .socket(let paths): Self.listening(at: paths, in: files)
            }
        guard let sockets, let members = try? members().get() else { return nil }
        let names = Set(sockets.map { "socket:[\($0)]" })
        return members.filter { id in
            let folder = "\(files)/\(id)/fd"
            return ProcFile.entries(folder).contains {
                ProcFile.target(of: "\(folder)/\($0)").map(names.contains) ?? false
            }
        }
    }

    /// The inodes of the Unix sockets that listen at one of the paths.
    private static func listening(at paths: [String], in files: String) -> [Substring]? {
        guard let table = ProcFile.text("\(files)/self/net/unix") else { return nil }
        return table.split(separator: "\n").dropFirst().compactMap { line in
            // Number, references, protocol, flags, type, state, inode, path; the flag is that of a listener.
            let fields = line.split(separator: " ", maxSplits: 7)
            guard fields.count == 8, fields[3] == "00010000", paths.contains(String(fields[7])) else { return nil }
            return fields[6]
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
