package import ProbeReader

/// What there is, and why something is not.
package enum IndexPage {
    /// - Parameters:
    ///   - executable: the program.
    ///   - refusals: why a page has nothing to show now, by page.
    package static func render(
        executable: String, refusals: [ProbeQuestion.Page: String], figures: [ProbeFigure: ProbeAvailability]
    ) -> String {
        var html = """
            <!DOCTYPE html>
            <html lang="en"><head><meta charset="utf-8"><title>/debug/pprof/</title></head><body>
            <h1>Profiles of \(escaped(executable))</h1>
            <table>

            """
        for page in ProbeQuestion.Page.allCases where page != .index {
            let note = refusals[page].map { "<br><em>Not now: \(escaped($0)).</em>" } ?? ""
            html += "<tr><td><a href=\"/debug/pprof/\(page.rawValue)\(query(page))\">\(page.rawValue)</a></td>"
            html += "<td>\(escaped(words(page)))\(note)</td></tr>\n"
        }
        html += "</table>\n<h2>What is counted</h2>\n<table>\n"
        for figure in ProbeFigure.allCases {
            let reason = figures[figure]?.reason
            html += "<tr><td>\(escaped(figure.words))</td><td>\(reason.map { escaped($0) } ?? "yes")</td></tr>\n"
        }
        return html + "</table>\n</body></html>\n"
    }

    private static func query(_ page: ProbeQuestion.Page) -> String {
        switch page {
        case .heap, .goroutine, .tasks: "?debug=1"
        case .allocs: "?seconds=10"
        case .profile: "?seconds=30"
        case .index: ""
        }
    }

    private static func words(_ page: ProbeQuestion.Page) -> String {
        switch page {
        case .allocs: "Every allocation since stacks are recorded; with ?seconds=N those of the next N seconds."
        case .heap: "What is allocated and not freed; with ?debug=1 as text, with counters that are exact."
        case .goroutine: "Tasks that have not ended, under the name that tools for Go ask for."
        case .tasks: "Tasks that have not ended: where each waits, and what made it."
        case .profile: "Samples of processor time over ?seconds=N, 30 if not said."
        case .index: ""
        }
    }

    private static func escaped(_ text: String) -> String {
        text.reduce(into: "") { result, character in
            switch character {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            default: result.append(character)
            }
        }
    }
}
