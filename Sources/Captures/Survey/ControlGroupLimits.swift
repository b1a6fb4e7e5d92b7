/// What a control group, and those around it, let a process have.
struct ControlGroupLimits {
    /// Processors, as a share of time: 1.5; nil without a limit.
    let processors: Double?
    let memoryBytes: UInt64?

    /// The narrowest of each along the groups of this process.
    init(_ groups: ControlGroups) {
        processors = (groups.chain(.cpu)?.folders ?? []).compactMap { folder in
            Self.processors(
                limit: ProcFile.text("\(folder)/cpu.max"), quota: ProcFile.text("\(folder)/cpu.cfs_quota_us"),
                period: ProcFile.text("\(folder)/cpu.cfs_period_us"))
        }.min()
        memoryBytes = (groups.chain(.memory)?.folders ?? []).compactMap { folder in
            let text = ProcFile.text("\(folder)/memory.max") ?? ProcFile.text("\(folder)/memory.limit_in_bytes")
            return text.flatMap { Self.memory($0) }
        }.min()
    }

    /// From `cpu.max` (`150000 100000`, `max 100000`) of version 2, or the two files of version 1, where −1 is none.
    static func processors(limit: String?, quota: String?, period: String?) -> Double? {
        var fields = (limit ?? "").split { $0 == " " || $0 == "\n" }.map(String.init)
        if limit == nil { fields = [quota ?? "", period ?? ""].map { String($0.prefix { $0 != "\n" }) } }
        guard fields.count == 2, let quota = UInt64(fields[0]), let period = UInt64(fields[1]), quota > 0, period > 0
        else { return nil }
        return Double(quota) / Double(period)
    }

    /// From `memory.max`, or version 1's file, where no limit is a number next to the largest there is.
    static func memory(_ text: String) -> UInt64? {
        guard let bytes = UInt64(text.prefix { $0 != "\n" }), bytes < 1 << 62 else { return nil }
        return bytes
    }
}
