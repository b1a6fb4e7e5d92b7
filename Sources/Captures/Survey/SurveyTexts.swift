import Recordings

/// The figures of a survey in the texts the kernel shows them in.
enum SurveyTexts {
    /// A whole number alone in its file.
    static func number(_ text: String?) -> Int? {
        text.flatMap { Int($0.drop { $0 == " " }.prefix { $0 != "\n" }) }
    }

    /// The list on the line `Cpus_allowed_list:` of `/proc/self/status`.
    static func processorList(status: String) -> String? {
        for line in status.split(separator: "\n") where line.hasPrefix("Cpus_allowed_list:") {
            let list = line.dropFirst("Cpus_allowed_list:".count).drop { $0 == " " || $0 == "\t" }
            return count(ofList: String(list)) == nil ? nil : String(list)
        }
        return nil
    }

    /// How many numbers a list such as `0-3,8` holds; nil for what is no such list.
    static func count(ofList list: String) -> Int? {
        var total = 0
        for part in list.split(separator: ",", omittingEmptySubsequences: false) {
            let ends = part.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
            guard (1...2).contains(ends.count), let first = ends[0], let last = ends[ends.count - 1], first >= 0,
                last >= first, last < 1 << 20
            else { return nil }
            total += last - first + 1
            guard total < 1 << 24 else { return nil }
        }
        return total
    }

    /// Ports for outgoing connections, from `ip_local_port_range` and `/proc/net/sockstat`.
    static func ports(range: String?, sockets: String?) -> MachineSurvey.Ports? {
        let ends = (range ?? "").split { $0 == " " || $0 == "\t" || $0 == "\n" }.compactMap { Int($0) }
        guard ends.count == 2, ends[0] >= 0, ends[0] <= ends[1], ends[1] < 65_536 else { return nil }
        for line in (sockets ?? "").split(separator: "\n") where line.hasPrefix("TCP: ") {
            let fields = line.split(separator: " ").dropFirst()
            var figures: [Substring: Int] = [:]
            for (name, value) in zip(fields, fields.dropFirst()) { figures[name] = Int(value) }
            guard let used = figures["inuse"], let lingering = figures["tw"], (0..<1 << 30).contains(used),
                (0..<1 << 30).contains(lingering)
            else { return nil }
            return .init(first: ends[0], last: ends[1], taken: used + lingering)
        }
        return nil
    }

    /// Whether processors may exceed their nominal frequency, from the two files that say so.
    static func boost(general: String?, intelOff: String?) -> Bool? {
        if let off = number(intelOff), (0...1).contains(off) { return off == 0 }
        if let on = number(general), (0...1).contains(on) { return on == 1 }
        return nil
    }

    /// The setting of the machine, unless this process's personality turns randomisation off.
    static func randomization(setting: String?, personality: String?) -> Int? {
        // ADDR_NO_RANDOMIZE of personality(2).
        let flag: UInt32 = 0x4_0000
        let flags = personality.flatMap { UInt32($0.prefix { $0 != "\n" }, radix: 16) }
        if let flags, flags & flag != 0 { return 0 }
        return number(setting)
    }
}
