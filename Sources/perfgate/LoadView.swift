import Gate
import LoadGen
import Measures

/// Shows load while it is made: a table of one row on a terminal, drawn anew every second; lines elsewhere.
struct LoadView {
    private static let head = ["time", "requests", "requests/s", "failed", "mean latency", "max latency"]
    private static let widths = [14, 10, 10, 8, 12, 11]
    /// Seconds after which a log gets a line only every ten.
    private static let seldom = 10

    let terminal: Terminal
    let isQuiet: Bool

    /// Draws until there is nothing more to come, and takes away what should not stay.
    func show(_ events: AsyncStream<LoadEvent>) async {
        var mark = LoadProgress.beginning
        var isTable = false
        for await event in events {
            if isQuiet { guard case .leftBehind = event else { continue } }
            switch event {
            case .connecting(let address): note("connecting to \(address)", &isTable)
            case .warmingUp:
                note("warming up", &isTable)
                mark = LoadProgress.beginning
            case .loading:
                note("loading", &isTable)
                mark = LoadProgress.beginning
                if terminal.isInteractive {
                    isTable = true
                    terminal.status(columns(Self.head))
                    terminal.nextLine()
                    draw(.beginning, mark)
                }
            case .progress(let progress):
                if isTable || !terminal.isInteractive { draw(progress, mark) }
                mark = progress
            case .tearingDown: note("tearing down", &isTable)
            case .leftBehind(let warning):
                clear(isTable)
                isTable = false
                terminal.diagnostic("warning: \(warning)")
            }
        }
        clear(isTable)
    }

    private func note(_ text: String, _ isTable: inout Bool) {
        clear(isTable)
        isTable = false
        if terminal.isInteractive { terminal.status(text) } else { terminal.diagnostic(text) }
    }

    private func clear(_ isTable: Bool) {
        guard terminal.isInteractive, !isQuiet else { return }
        terminal.status("")
        if isTable {
            terminal.previousLine()
            terminal.status("")
        }
    }

    private func draw(_ progress: LoadProgress, _ mark: LoadProgress) {
        let seconds = Int(progress.elapsed / .seconds(1))
        let time = "\(seconds)" + (progress.expected.map { " of \(Int(($0 / .seconds(1)).rounded(.up)))" } ?? "") + " s"
        let span = (progress.elapsed - mark.elapsed) / .seconds(1)
        let new = progress.exchanges - mark.exchanges
        let rate = span > 0 ? Unit.rate.text((Double(new) / span).rounded()) : "–"
        let mean = progress.meanLatency(since: mark).map { Unit.time.text($0) } ?? "–"
        let maximum = progress.exchanges > 0 ? Unit.time.text(Double(progress.latencyMaximum)) : "–"
        if terminal.isInteractive {
            terminal.status(
                columns([time, "\(progress.exchanges)", rate, "\(progress.failed)", mean, maximum]))
        } else if seconds <= Self.seldom || seconds.isMultiple(of: Self.seldom) {
            terminal.diagnostic(
                "\(time): \(progress.exchanges) requests, \(rate), \(progress.failed) failed, mean latency \(mean), "
                    + "max \(maximum)")
        }
    }

    private func columns(_ cells: [String]) -> String {
        zip(cells, Self.widths).map { cell, width in
            String(repeating: " ", count: max(0, width - cell.count)) + cell
        }.joined(separator: "  ")
    }
}
