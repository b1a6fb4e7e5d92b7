import Captures
import Testing

/// Where the kernel shows the groups of a process, from what it says of them.
@Suite struct ControlGroupsTests {
    private let second = "31 23 0:28 / /sys/fs/cgroup rw,nosuid shared:9 - cgroup2 cgroup2 rw,nsdelegate\n"
    private let first = """
        31 23 0:28 / /sys/fs/cgroup rw - tmpfs tmpfs rw,mode=755
        32 31 0:29 / /sys/fs/cgroup/cpu,cpuacct rw,relatime - cgroup cgroup rw,cpu,cpuacct
        35 31 0:32 / /sys/fs/cgroup/memory rw,relatime shared:1 master:2 - cgroup cgroup rw,memory

        """

    private func folders(
        _ controller: ControlGroups.Controller, _ membership: String, _ mounts: String
    ) -> [String]? {
        ControlGroups(membership: membership, mounts: mounts).chain(controller)?.folders
    }

    @Test func versionTwo() {
        let groups = ControlGroups(membership: "0::/system.slice/ci.service\n", mounts: second)
        let chain = ControlGroups.Chain(
            version: 2,
            folders: ["/sys/fs/cgroup/system.slice/ci.service", "/sys/fs/cgroup/system.slice", "/sys/fs/cgroup"])
        #expect(groups.unified == chain)
        for controller in ControlGroups.Controller.allCases { #expect(groups.chain(controller) == chain) }
    }

    @Test func versionOne() {
        let membership = "4:memory:/a/b:c\n2:cpu,cpuacct:/a\n1:name=systemd:/\n"
        let groups = ControlGroups(membership: membership, mounts: first)
        #expect(
            groups.chain(.cpu)
                == .init(version: 1, folders: ["/sys/fs/cgroup/cpu,cpuacct/a", "/sys/fs/cgroup/cpu,cpuacct"]))
        #expect(
            groups.chain(.memory)?.folders
                == ["/sys/fs/cgroup/memory/a/b:c", "/sys/fs/cgroup/memory/a", "/sys/fs/cgroup/memory"])
        #expect(groups.chain(.cpuset) == nil)
        #expect(groups.unified == nil)
    }

    @Test func bothAtOnce() {
        let unified = "41 31 0:38 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw\n"
        let groups = ControlGroups(membership: "2:cpu,cpuacct:/\n0::/x\n", mounts: first + unified)
        #expect(groups.chain(.cpu) == .init(version: 1, folders: ["/sys/fs/cgroup/cpu,cpuacct"]))
        #expect(groups.unified?.folders == ["/sys/fs/cgroup/unified/x", "/sys/fs/cgroup/unified"])
    }

    /// A container sees its own group as the mounted part of the hierarchy, and names it from the hierarchy's top.
    @Test func container() {
        let mount = "9 8 0:3 /docker/1f2e /sys/fs/cgroup/cpu ro - cgroup cgroup rw,cpu,cpuacct\n"
        #expect(folders(.cpu, "2:cpu:/docker/1f2e\n", mount) == ["/sys/fs/cgroup/cpu"])
        #expect(
            folders(.cpu, "2:cpu:/docker/1f2e/ci\n", mount) == ["/sys/fs/cgroup/cpu/ci", "/sys/fs/cgroup/cpu"])
    }

    @Test func outsideOfWhatIsMounted() {
        let mount = "9 8 0:3 /docker/1f2e /sys/fs/cgroup/cpu ro - cgroup cgroup rw,cpu,cpuacct\n"
        #expect(folders(.cpu, "2:cpu:/docker/1f2e3\n", mount) == nil)
        #expect(folders(.cpu, "0::/../other\n", second) == nil)
    }

    @Test func escapedNames() {
        let mount = #"9 8 0:3 / /mnt/a\040b\134c\9 rw - cgroup2 none rw"#
        #expect(folders(.cpu, "0::/", mount) == [#"/mnt/a b\c\9"#])
    }

    @Test(arguments: [
        "", "\n", "0", "0:", "0::", "0::relative", "::::", "0::/" + String(repeating: "a/", count: 200),
    ])
    func senselessMembership(text: String) {
        #expect(folders(.cpu, text, second) == nil)
    }

    @Test(arguments: [
        "", "\n", "-", "31 23 0:28 / /sys/fs/cgroup rw -", "31 - cgroup2 cgroup2 rw", "a b c d e f - x y z",
    ])
    func senselessMounts(text: String) {
        #expect(folders(.cpu, "0::/", text) == nil)
    }
}
