/// The control groups a process is in, as the folders in which the kernel shows them.
///
/// Both versions, and a machine that mixes them: a controller belongs to a hierarchy of its own (version 1) or to the
/// one hierarchy of all (version 2).
package struct ControlGroups: Sendable, Equatable {
    package enum Controller: String, Sendable, CaseIterable {
        case cpu
        case cpuset
        case memory
    }

    /// A group's folders: its own first, then those around it, up to where the hierarchy is mounted.
    package struct Chain: Sendable, Equatable {
        package let version: Int
        package let folders: [String]

        package init(version: Int, folders: [String]) {
            self.version = version
            self.folders = folders
        }
    }

    private var chains: [Controller: Chain] = [:]
    /// In the hierarchy of version 2, which accounts pressure whatever it controls; nil where there is none.
    package private(set) var unified: Chain?

    /// From the texts of `/proc/self/cgroup` and `/proc/self/mountinfo`.
    package init(membership: String, mounts: String) {
        let mounts = mounts.split(separator: "\n").compactMap { Mount($0) }
        for line in membership.split(separator: "\n") {
            // `4:memory:/a/b`, and `0::/a/b` for version 2; the path is last and may hold colons.
            let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard fields.count == 3 else { continue }
            if fields[0] == "0", fields[1].isEmpty {
                let mount = mounts.first { $0.version == 2 }
                unified = mount.flatMap { $0.chain(of: fields[2]) }
                continue
            }
            let names = fields[1].split(separator: ",")
            for controller in Controller.allCases where names.contains(Substring(controller.rawValue)) {
                let mount = mounts.first { $0.version == 1 && $0.options.contains(Substring(controller.rawValue)) }
                chains[controller] = mount.flatMap { $0.chain(of: fields[2]) }
            }
        }
    }

    /// Those of this process.
    package static func ofThisProcess() -> ControlGroups {
        ControlGroups(
            membership: ProcFile.text("/proc/self/cgroup") ?? "", mounts: ProcFile.text("/proc/self/mountinfo") ?? "")
    }

    /// Where a controller's limits and counters are; nil when it cannot be found.
    package func chain(_ controller: Controller) -> Chain? { chains[controller] ?? unified }

    /// A line of `mountinfo` that mounts a hierarchy.
    private struct Mount {
        let version: Int
        /// The part of the hierarchy that is mounted, and where.
        let root: String
        let point: String
        let options: [Substring]

        init?(_ line: Substring) {
            let fields = line.split(separator: " ")
            guard let dash = fields.firstIndex(of: "-"), dash >= 6, fields.count > dash + 3 else { return nil }
            switch fields[dash + 1] {
            case "cgroup": version = 1
            case "cgroup2": version = 2
            default: return nil
            }
            root = Self.unescaped(fields[3])
            point = Self.unescaped(fields[4])
            options = fields[dash + 3].split(separator: ",")
        }

        func chain(of path: Substring) -> Chain? {
            let names = path.split(separator: "/")
            let above = root.split(separator: "/")
            // A group outside of what is mounted, as seen from a container, is shown as `/..` or not below the root.
            guard path.hasPrefix("/"), names.starts(with: above), !names.contains("..") else { return nil }
            let below = names.dropFirst(above.count)
            // The kernel bounds the depth of a path, a text does not.
            guard below.count <= 128 else { return nil }
            let folders = (0...below.count).map { count in
                ([Substring(point)] + below.prefix(count)).joined(separator: "/")
            }
            return Chain(version: version, folders: folders.reversed())
        }

        /// `mountinfo` writes spaces, tabs, line ends and backslashes as three octal digits.
        private static func unescaped(_ field: Substring) -> String {
            var result: [UInt8] = []
            var rest = field.utf8[...]
            while let byte = rest.popFirst() {
                let digits = rest.prefix(3)
                if byte == UInt8(ascii: "\\"), digits.count == 3, let code = UInt8(Substring(digits), radix: 8) {
                    result.append(code)
                    rest = rest.dropFirst(3)
                } else {
                    result.append(byte)
                }
            }
            return String(decoding: result, as: UTF8.self)
        }
    }
}
