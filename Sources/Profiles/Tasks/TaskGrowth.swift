/// How a group of goroutines changed between two dumps.
package struct TaskGrowth: Sendable, Hashable, Codable {
    /// The group as it is after, or as it was before when it has gone.
    package let group: TaskGroup
    package let before: Int
    package let after: Int

    package init(group: TaskGroup, before: Int, after: Int) {
        self.group = group
        self.before = before
        self.after = after
    }

    package var change: Int { after - before }
}

extension TaskDump {
    /// The groups of one state, stack and creator whose count changed, the largest growth first.
    ///
    /// The runtime's own mark of a leak does not separate groups here: the dump before may lack it only because the
    /// collector had not looked yet.
    package static func growth(before: TaskDump, after: TaskDump) -> [TaskGrowth] {
        struct Key: Hashable {
            let state: WaitState
            let frames: [Frame]
            let createdBy: Frame?
        }
        func key(_ group: TaskGroup) -> Key {
            Key(state: group.state, frames: group.frames, createdBy: group.createdBy)
        }
        var counts: [Key: (group: TaskGroup, before: Int, after: Int)] = [:]
        // Groups come in order, so the one kept is the largest of its key, and of the dump after if that has any.
        for group in after.groups {
            let known = counts[key(group)]
            counts[key(group)] = (known?.group ?? group, 0, (known?.after ?? 0) + group.count)
        }
        for group in before.groups {
            let known = counts[key(group)]
            counts[key(group)] = (known?.group ?? group, (known?.before ?? 0) + group.count, known?.after ?? 0)
        }
        return counts.values
            .filter { $0.before != $0.after }
            .map { TaskGrowth(group: $0.group, before: $0.before, after: $0.after) }
            .sorted { left, right in
                left.change != right.change
                    ? left.change > right.change : TaskGroup.precedes(left.group, right.group)
            }
    }
}
