import Profiles

/// Tasks that are never done: no request waits for them, however long they wait.
///
/// From the first look to the end of the load they are taken to grow steadily, as requests do.
struct LeakedTasks {
    private struct Place: Hashable {
        var state: WaitState
        var frames: [Frame]

        init(_ group: TaskGroup) {
            state = group.state
            frames = group.frames
        }
    }

    private var counts: [Place: (first: Int, left: Int)] = [:]

    /// From the first look during the load, and from one when all was quiet again; nothing without the latter.
    init(first: TaskDump?, left: TaskDump?) {
        for group in left?.groups ?? [] { counts[Place(group), default: (0, 0)].left += group.count }
        for group in first?.groups ?? [] { counts[Place(group)]?.first += group.count }
    }

    /// How many of a group's tasks are such, at a moment from 0 (the first look) to 1 (the last).
    func count(like group: TaskGroup, at progress: Double) -> Double {
        guard let known = counts[Place(group)] else { return 0 }
        let first = Double(min(known.first, known.left))
        return first + (Double(known.left) - first) * progress
    }
}
