package import ProbeReader
package import Profiles

/// The heap as Go writes it with `debug=1`: stacks, if there are any, and the counters, which are exact.
///
/// A line of Go's that has no honest equivalent is not there. There is no collector, so it never ran and never paused;
/// `gc=1` asks for nothing.
package enum HeapText {
    /// - Parameter stacks: with the columns `alloc_objects`, `alloc_space` and those of what is in use, or nil.
    package static func render(
        _ counters: ProbeCounters, _ figures: [ProbeFigure: ProbeAvailability], _ stacks: AddressProfile?,
        _ symbols: Symbols
    ) -> String {
        let objects = Int64(bitPattern: counters.allocations &- counters.frees)
        var text =
            "heap profile: \(max(0, objects)): \(max(0, counters.liveBytes)) "
            + "[\(counters.allocations): \(counters.bytes)] @ heap/1\n"
        for sample in stacks?.samples ?? [] where sample.values.count == 4 {
            let values = sample.values
            text += "\(values[2]): \(values[3]) [\(values[0]): \(values[1])] \(StackText.addresses(sample.frames))\n"
            text += StackText.lines(sample.frames, symbols) + "\n"
        }
        for comment in stacks?.comments ?? ["stacks of allocations are not recorded"] { text += "# \(comment)\n" }
        text += "\n# runtime.MemStats\n"
        for (name, value) in statistics(counters, objects, figures) { text += "# \(name) = \(value)\n" }
        return text
    }

    private static func statistics(
        _ counters: ProbeCounters, _ objects: Int64, _ figures: [ProbeFigure: ProbeAvailability]
    ) -> [(String, String)] {
        var result: [(String, String)] = []
        let hasLiveBytes = figures[.liveBytes] == .exact
        let live = "\(max(0, counters.liveBytes))"
        if hasLiveBytes { result.append(("Alloc", live)) }
        result += [
            ("TotalAlloc", "\(counters.bytes)"), ("Mallocs", "\(counters.allocations)"), ("Frees", "\(counters.frees)"),
        ]
        // libdispatch allocates more or less as threads happen to meet; whoever compares can leave that out.
        if figures[.dispatchSplit] == .exact {
            result += [
                ("DispatchMallocs", "\(counters.dispatchAllocations)"),
                ("DispatchTotalAlloc", "\(counters.dispatchBytes)"),
            ]
        }
        if hasLiveBytes { result += [("HeapAlloc", live), ("HeapInuse", live)] }
        result += [
            ("HeapObjects", "\(max(0, objects))"), ("LastGC", "0"),
            ("PauseNs", "[" + [String](repeating: "0", count: 256).joined(separator: " ") + "]"), ("NumGC", "0"),
            ("NumForcedGC", "0"), ("GCCPUFraction", "0"),
        ]
        return result
    }
}
