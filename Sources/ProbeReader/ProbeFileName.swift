/// `PID.GENERATION`, the name of a probe's file.
struct ProbeFileName: Comparable, CustomStringConvertible {
    let pid: Int32
    let generation: UInt32

    init?(_ text: Substring) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, let pid = Int32(parts[0]), let generation = UInt32(parts[1]) else { return nil }
        self.pid = pid
        self.generation = generation
        // One way only to write a number: no sign, no zeros in front.
        guard pid > 0, description == text else { return nil }
    }

    var description: String { "\(pid).\(generation)" }

    static func < (one: Self, other: Self) -> Bool { (one.pid, one.generation) < (other.pid, other.generation) }
}
