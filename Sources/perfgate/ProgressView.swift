import Gate
import LoadGen
import Measures
import Recordings
import Synchronization

/// Shows what a run does: one live line on a terminal, a line per event elsewhere.
final class ProgressView: Sendable {
    private struct State {
        var rounds = 0
        var sides = 1
        var halvesDone = 0
        var roundsDone = 0
        var prefix = ""
        var began: ContinuousClock.Instant?
        var lastShown: ContinuousClock.Instant?
    }

    private let terminal: Terminal
    private let isQuiet: Bool
    private let state = Mutex(State())

    init(terminal: Terminal, isQuiet: Bool) {
        self.terminal = terminal
        self.isQuiet = isQuiet
    }

    /// Removes the live line.
    func finish() {
        if terminal.isInteractive, !isQuiet { terminal.status("") }
    }

    @Sendable
    func show(_ event: GateEvent) {
        if isQuiet { guard case .leftBehind = event else { return } }
        switch event {
        case .preparing(let text): note(text)
        case .building(let side, let command): note("building the \(side.rawValue): \(command)")
        case .measuring(let sides, let rounds): measuring(sides, rounds)
        case .phase(let phase, let side, let round, let rounds): enter(phase, side, round, rounds)
        case .load(let progress): load(progress)
        case .voided(let reason): note("a round is voided and repeated: \(reason)")
        case .fitting(let rounds):
            state.withLock { $0.rounds = rounds }
            note("\(rounds) rounds fit into the time allowed")
        case .roundDone(let round, let rounds): done(round, rounds)
        case .explaining(let instrument, let side):
            note("explaining with a pass that records \(word(instrument)): \(side.rawValue)")
        case .leftBehind(let warning): note("warning: \(warning)")
        }
    }

    private func measuring(_ sides: [SideDescription], _ rounds: Int) {
        state.withLock {
            $0.rounds = rounds
            $0.sides = sides.count
            $0.began = .now
        }
        for side in sides { note("\(side.role.rawValue): \(side.name)") }
    }

    private func enter(_ phase: GateEvent.Phase, _ side: Side, _ round: Int, _ rounds: Int) {
        let line = state.withLock { state in
            if phase == .stopping { state.halvesDone += 1 }
            state.prefix = "round \(round)/\(rounds)  \(side.rawValue)  \(phase.rawValue)"
            return state.prefix + left(state)
        }
        if terminal.isInteractive { terminal.status(line) }
    }

    private func load(_ progress: LoadProgress) {
        guard terminal.isInteractive else { return }
        let line = state.withLock { state in
            let failed = progress.failed > 0 ? "  \(progress.failed) failed" : ""
            return "\(state.prefix)  \(Unit.rate.text(progress.achievedRate.rounded()))\(failed)" + left(state)
        }
        terminal.status(line)
    }

    private func done(_ round: Round, _ rounds: Int) {
        let parts = round.halves.sorted { $0.side.rawValue < $1.side.rawValue }.map { half in
            var text = half.side.rawValue
            if let value = half.values[MetricKey(.latencyP50)] { text += " p50 \(Unit.time.text(value))" }
            if let value = half.values[MetricKey(.cpuPerRequest)] { text += ", cpu \(Unit.time.text(value))" }
            if let value = half.values[MetricKey(.allocationsPerRequest)] {
                text += ", \(Unit.count.text(value)) allocations"
            }
            return text
        }
        let number = state.withLock { state in
            state.roundsDone += 1
            return state.roundsDone
        }
        note("round \(number)/\(rounds): " + parts.joined(separator: " | "))
    }

    private func note(_ text: String) {
        if terminal.isInteractive { terminal.status("") }
        terminal.diagnostic(text)
    }

    private func left(_ state: State) -> String {
        guard let began = state.began, state.halvesDone > 0 else { return "" }
        let remaining = state.rounds * state.sides - state.halvesDone
        let each = (ContinuousClock.now - began) / .seconds(1) / Double(state.halvesDone)
        let seconds = Int((each * Double(max(0, remaining))).rounded())
        return seconds >= 60 ? "  at most \(seconds / 60) min \(seconds % 60) s left" : "  at most \(seconds) s left"
    }

    private func word(_ instrument: Explanation.Instrument) -> String {
        switch instrument {
        case .allocations: "every allocation"
        case .time: "where time goes"
        }
    }
}
