/// Goroutines that do the same at the same place.
package struct TaskGroup: Sendable, Hashable, Codable {
    package let count: Int
    package let state: WaitState
    /// The stack without the runtime's frames at both ends; the first frame is where the program blocks.
    ///
    /// A stack that is all runtime is kept whole.
    package let frames: [Frame]
    /// The `go` statement that began them, where the source tells.
    package let createdBy: Frame?
    /// Whole minutes they have waited; nil = the source does not tell, or none has waited for a minute.
    package let waitMinutes: ClosedRange<Int>?
    /// Whether the runtime itself has found them unreachable.
    package let leaked: Bool

    package init(
        count: Int,
        state: WaitState,
        frames: [Frame],
        createdBy: Frame? = nil,
        waitMinutes: ClosedRange<Int>? = nil,
        leaked: Bool = false
    ) {
        self.count = count
        self.state = state
        self.frames = frames
        self.createdBy = createdBy
        self.waitMinutes = waitMinutes
        self.leaked = leaked
    }

    /// A stack as it is shown and compared: without plumbing at the leaf and without the runtime's start at the root.
    ///
    /// A stack that is all plumbing, such as that of `go mutex.Lock()`, loses only what every form of a dump hides.
    static func visible(_ frames: [Frame]) -> [Frame] {
        var end = frames.count
        while end > 0, ["runtime.goexit", "runtime.main"].contains(frames[end - 1].function) { end -= 1 }
        let site =
            frames[..<end].firstIndex { !WaitState.isPlumbing($0.function) }
            ?? frames[..<end].firstIndex { !$0.function.hasPrefix("runtime.") }
        guard let site else { return frames }
        return Array(frames[site..<end])
    }

    /// The order of a dump: the largest group first, then by site and state.
    static func precedes(_ left: TaskGroup, _ right: TaskGroup) -> Bool {
        if left.count != right.count { return left.count > right.count }
        if left.frames != right.frames { return left.frames.lexicographicallyPrecedes(right.frames) }
        if left.state.label != right.state.label { return left.state.label < right.state.label }
        if left.createdBy != right.createdBy {
            guard let first = left.createdBy else { return true }
            guard let second = right.createdBy else { return false }
            return first < second
        }
        return !left.leaked && right.leaked
    }
}

/// Groups in the making: tasks are added one by one or many at once, and equal ones meet.
struct TaskGroups {
    private struct Key: Hashable {
        let state: WaitState
        let frames: [Frame]
        let createdBy: Frame?
        let leaked: Bool
    }

    private struct Tally {
        var count = 0
        var minutes: ClosedRange<Int>?
        /// Whether some have waited for less than a minute.
        var someShort = false
    }

    private var tallies: [Key: Tally] = [:]
    private(set) var total = 0

    mutating func add(
        _ count: Int,
        _ state: WaitState,
        _ frames: [Frame],
        createdBy: Frame? = nil,
        minutes: Int? = nil,
        leaked: Bool = false
    ) {
        let (sum, overflow) = total.addingReportingOverflow(count)
        // A text may claim any number; beyond all numbers it claims nothing.
        guard count > 0, !overflow else { return }
        total = sum
        let key = Key(state: state, frames: TaskGroup.visible(frames), createdBy: createdBy, leaked: leaked)
        var tally = tallies[key] ?? Tally()
        tally.count += count
        if let minutes {
            let known = tally.minutes ?? minutes...minutes
            tally.minutes = min(known.lowerBound, minutes)...max(known.upperBound, minutes)
        } else {
            tally.someShort = true
        }
        tallies[key] = tally
    }

    func sorted() -> [TaskGroup] {
        tallies
            .map { key, tally in
                TaskGroup(
                    count: tally.count,
                    state: key.state,
                    frames: key.frames,
                    createdBy: key.createdBy,
                    waitMinutes: tally.minutes.map { tally.someShort ? 0...$0.upperBound : $0 },
                    leaked: key.leaked
                )
            }
            .sorted(by: TaskGroup.precedes)
    }
}
