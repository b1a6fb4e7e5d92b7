package import Profiles

/// Live tasks as Go writes goroutines with `debug=1`.
///
///     goroutine profile: total 12
///     7 @ 0x43e5 0x4406
///     # labels: {"state":"suspended on a continuation"}
///     #	0x43e5	Shop.order(_:)	/src/Order.swift:40
///     #	created by
///     #	0x4406	Shop.route(_:)	/src/Routes.swift:12
package enum TaskText {
    /// - Parameter total: all tasks that have not ended, listed or not.
    package static func render(total: Int, _ profile: AddressProfile, _ symbols: Symbols) -> String {
        var text = "goroutine profile: total \(total)\n"
        for sample in profile.samples {
            // The line of addresses is where tasks are; what made them has addresses of its own below.
            let waiting = sample.frames.prefix { $0 != .mark(NativeTasks.mark) }
            text += "\(sample.values.first ?? 0) \(StackText.addresses(waiting))\n"
            if !sample.labels.isEmpty {
                let labels = sample.labels.map { "\"\(escaped($0.key))\":\"\(escaped($0.text))\"" }
                text += "# labels: {\(labels.joined(separator: ", "))}\n"
            }
            text += StackText.lines(sample.frames, symbols) + "\n"
        }
        for comment in profile.comments { text += "# \(comment)\n" }
        return text
    }

    private static func escaped(_ text: String) -> String {
        text.unicodeScalars.reduce(into: "") { result, scalar in
            if scalar == "\"" || scalar == "\\" { result += "\\" }
            result += scalar.value < 0x20 ? " " : String(scalar)
        }
    }
}
