import ProbeLayout

extension ProbeFile {
    /// Which figures this process has, and why it lacks the others.
    package func figures() throws(ProbeError) -> [ProbeFigure: ProbeAvailability] {
        let header = try header()
        var result: [ProbeFigure: ProbeAvailability] = [:]
        withUnsafeBytes(of: header.reasons) { reasons in
            for figure in ProbeFigure.allCases {
                let reason = figure.index < reasons.count ? ProbeReason.words(reasons[figure.index]) : nil
                result[figure] = reason.map { .unavailable($0) } ?? .exact
            }
        }
        if result[.asyncLets] == .exact, header.async_lets_seen == 0, header.next_task_id == 0 {
            result[.asyncLets] = .unavailable(
                "they are not counted where they begin, and the Swift runtime's own count of tasks cannot be read")
        }
        if result[.tasksCompleted] == .exact, result[.taskLayout] != .exact {
            result[.tasksCompleted] = .unverified(
                "async lets that complete cannot be told from other tasks in this version of the Swift runtime")
        }
        if result[.asyncStacks] == .exact, header.stacks_with_gaps > 0 {
            result[.asyncStacks] = .unverified(
                "\(header.stacks_with_gaps) stacks lack functions, because code of the program was built without frame "
                    + "pointers; the Swift package manager keeps them")
        }
        return result
    }

    /// What the probe does now.
    package func mode() throws(ProbeError) -> ProbeMode { ProbeMode(rawValue: try header().control) }

    /// Makes the probe do this, and no more; takes effect with the next allocation of each thread.
    ///
    /// What needs memory gets it here first: a process that wrote where there is none would die.
    package func set(_ mode: ProbeMode) throws(ProbeError) {
        let header = try header()
        let figures = try figures()
        // What it does already may be in vain, as listing the tasks of a program without any.
        let new = mode.subtracting(ProbeMode(rawValue: header.control))
        for (bit, figure) in [(ProbeMode.liveTasks, ProbeFigure.liveTasks), (.exactStacks, .exactStacks)]
        where new.contains(bit) {
            if let reason = figures[figure]?.reason { throw .unavailable(figure, reason: reason) }
        }
        let sampling = ProbeMode(rawValue: header.control).intersection(.cpu)
        guard sampling.contains(mode.intersection(.cpu)) else {
            throw .unavailable(.cpu, reason: "it was not asked for when the program was started")
        }
        var regions = header.regions
        try reserve(PL_REGION_STACKS, PL_STACKS_AT, PL_STACKS_SIZE, when: !mode.isEmpty, &regions)
        try reserve(PL_REGION_TASKS, PL_TASKS_AT, PL_TASKS_SIZE, when: mode.contains(.liveTasks), &regions)
        try reserve(PL_REGION_BLOCKS, PL_BLOCKS_AT, PL_BLOCKS_SIZE, when: mode.contains(.liveBlocks), &regions)
        guard write(regions, at: \.regions), write(mode.rawValue, at: \.control) else {
            throw .file(path: path, reason: "cannot be written")
        }
    }

    private func reserve(
        _ region: Int, _ offset: Int, _ size: Int, when needed: Bool, _ regions: inout UInt64
    ) throws(ProbeError) {
        guard needed, regions & UInt64(region) == 0 else { return }
        if let reason = descriptor.reserve(size, at: offset) {
            throw .noRoom(path: path, reason: reason)
        }
        regions |= UInt64(region)
    }

    private func write(_ value: UInt64, at field: KeyPath<pl_header, UInt64>) -> Bool {
        guard let offset = MemoryLayout<pl_header>.offset(of: field) else { return false }
        return descriptor.write(value, at: UInt64(offset))
    }
}
