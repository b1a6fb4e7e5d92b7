/// All goroutines of a process at one moment, grouped.
package struct TaskDump: Sendable, Hashable, Codable {
    /// The largest first.
    package let groups: [TaskGroup]
    /// Goroutines in all groups.
    package let total: Int
    /// Blocks of text that looked like a goroutine and could not be read; they are in no group.
    package let unparsed: Int
    /// Whether the source ends before the dump does.
    package let truncated: Bool

    /// A dump of known groups.
    package init(groups: [TaskGroup], unparsed: Int = 0, truncated: Bool = false) {
        self.groups = groups.sorted(by: TaskGroup.precedes)
        total = groups.reduce(0) { $0 + $1.count }
        self.unparsed = unparsed
        self.truncated = truncated
    }

    init(_ groups: TaskGroups, unparsed: Int = 0, truncated: Bool = false) {
        self.groups = groups.sorted()
        total = groups.total
        self.unparsed = unparsed
        self.truncated = truncated
    }

    /// Reads a binary goroutine or goroutineleak profile, in which the wait states are inferred from the runtime's
    /// frames, or the native probe's profile of tasks.
    package init(profile: Profile) throws(ProfileError) {
        if let column = profile.sampleTypeIndex(named: NativeTasks.sampleType) {
            self.init(NativeTasks.groups(profile, column: column))
            return
        }
        let column = profile.sampleTypeIndex(named: "goroutine") ?? profile.sampleTypeIndex(named: "goroutineleak")
        guard let column else { throw .notTasks(sampleTypes: profile.sampleTypes.map(\.type)) }
        let leaked = profile.sampleTypes[column].type == "goroutineleak"
        var groups = TaskGroups()
        for stack in StackCounts(profile, column: column).stacks {
            let state = WaitState.inferred(from: stack.frames, complete: true)
            groups.add(Int(stack.value), state, stack.frames, leaked: leaked)
        }
        self.init(groups)
    }

    /// Reads text: `goroutine?debug=1`, `goroutine?debug=2`, or a log with the dump of a killed or crashed process.
    package init(text: String, limits: ProfileLimits = .standard) throws(ProfileError) {
        self = try Self.read(Array(text.utf8), limits)
    }

    /// Reads whatever it is: binary or text, compressed or not.
    package init(anyFormat bytes: [UInt8], limits: ProfileLimits = .standard) throws(ProfileError) {
        let raw = try Gzip.inflateIfNeeded(bytes, limits: limits)
        guard !raw.isEmpty else { throw .empty }
        let profile: Profile
        do throws(ProfileError) {
            profile = try Profile(pprof: raw, limits: limits)
        } catch {
            // Text never holds a zero byte; what does is a damaged profile, and its own error says more.
            if raw.contains(0) { throw error }
            self = try Self.read(raw, limits)
            return
        }
        try self.init(profile: profile)
    }

    private static func read(_ bytes: [UInt8], _ limits: ProfileLimits) throws(ProfileError) -> TaskDump {
        guard bytes.count <= limits.rawBytes else { throw .limit(.rawBytes, allowed: limits.rawBytes) }
        let lines = TextLines(bytes)
        let dump = CountText.read(lines, limits) ?? TraceText.read(lines, limits)
        guard let dump else { throw .notATaskDump }
        return dump
    }
}
