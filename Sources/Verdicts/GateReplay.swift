package import Measures
import Plans
import Recordings

/// How many gates of an unchanged service raised an alarm.
package struct FalseAlarms: Sendable, Equatable {
    package var gates = 0
    /// Gates that called it regressed.
    package var failed = 0
    /// Gates whose time was up before every budget was decided, and gates that could not judge at all.
    package var inconclusive = 0
    package var unjudged = 0
    /// Rounds of all gates together.
    package var rounds = 0
    /// How often each metric was called regressed by a budget of severity error.
    package var culprits: [MetricKey: Int] = [:]

    package init() {}

    /// The share of failed gates with its Wilson interval of 95 % confidence (Journal of the American Statistical
    /// Association, 1927); nil of no gate.
    package var rate: CalibratedFigure.Estimate? {
        guard gates > 0 else { return nil }
        let count = Double(gates)
        let share = Double(failed) / count
        let z = SpecialFunctions.normalUpperQuantile(tail: 0.025)
        let center = (share + z * z / (2 * count)) / (1 + z * z / count)
        let reach = z / (1 + z * z / count) * (share * (1 - share) / count + z * z / (4 * count * count)).squareRoot()
        // Where none or all failed, the ends are zero and one but for rounding.
        return CalibratedFigure.Estimate(
            estimate: share, low: failed == 0 ? 0 : center - reach, high: failed == gates ? 1 : center + reach)
    }

    mutating func count(_ verdict: Verdict) {
        gates += 1
        rounds += verdict.look.rounds
        switch verdict.outcome {
        case .passed: break
        case .regressed: failed += 1
        case .inconclusive: inconclusive += 1
        case .failed: unjudged += 1
        }
        let metrics = verdict.findings.filter { $0.kind == .regressed && $0.severity == .error }.map(\.key)
        for key in Set(metrics) { culprits[key, default: 0] += 1 }
    }
}

/// Runs gates on rounds that are there already, with the looks at which a real one would have ended.
struct GateReplay {
    private let template: Recording
    private let budgets: Budgets
    private let looks: [Int]

    init(_ recording: Recording, budgets: Budgets) {
        template = recording.empty
        self.budgets = budgets
        looks = LookSchedule(rounds: recording.plannedRounds).looks
    }

    /// The verdict on the first rounds at the first look that decides it, or at the last.
    func judge(_ rounds: some RandomAccessCollection<Round>) -> Verdict? {
        var verdict: Verdict?
        for look in looks where look <= rounds.count {
            let judged = Judge.judge(Comparison(template.with(rounds.prefix(look))), budgets: budgets)
            verdict = judged
            if judged.isDecided { break }
        }
        return verdict
    }

    /// One gate after the other, each with the rounds that follow those of the last.
    ///
    /// A gate is begun only where all rounds it may need are there: with those that happen to end early alone, the
    /// rate would be another one.
    func measured(_ rounds: [Round]) -> FalseAlarms {
        var result = FalseAlarms()
        var rest = rounds[...]
        while rest.count >= looks[looks.count - 1], let verdict = judge(rest) {
            result.count(verdict)
            rest = rest.dropFirst(verdict.look.rounds)
        }
        return result
    }

    /// Gates of rounds drawn with replacement, in each of which the sides change their names or not by chance.
    func reshuffled(_ rounds: [Round], gates: Int, seed: UInt64) -> FalseAlarms {
        var result = FalseAlarms()
        guard !rounds.isEmpty else { return result }
        // Only the verdict is wanted, and a copy of a histogram is most of a round.
        let plain = rounds.map(\.withoutHistograms)
        let swapped = plain.map(\.swapped)
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<gates {
            let drawn = (0..<looks[looks.count - 1]).map { _ in
                let index = Int.random(in: 0..<rounds.count, using: &generator)
                return Bool.random(using: &generator) ? swapped[index] : plain[index]
            }
            if let verdict = judge(drawn) { result.count(verdict) }
        }
        return result
    }
}

extension Recording {
    /// The same run without its rounds.
    fileprivate var empty: Recording {
        var result = self
        result.rounds = []
        result.explanations = []
        result.failure = nil
        result.ending = nil
        return result
    }

    /// The same run with these rounds, numbered anew.
    fileprivate func with(_ rounds: some Sequence<Round>) -> Recording {
        var result = self
        result.rounds = rounds.enumerated().map { index, round in
            var round = round
            round.number = index + 1
            return round
        }
        return result
    }
}

extension Round {
    /// The baseline as the candidate and the candidate as the baseline.
    fileprivate var swapped: Round {
        var result = self
        for index in result.halves.indices {
            result.halves[index].side = result.halves[index].side == .baseline ? .candidate : .baseline
        }
        return result
    }

    /// The round with its values and counts alone, of which no load can be called undelivered any more.
    fileprivate var withoutHistograms: Round {
        var result = self
        for index in result.halves.indices {
            var load = Self.emptyLoad
            let total = result.halves[index].load.total
            load.total.completed = total.completed
            load.total.failed = total.failed
            load.total.timedOut = total.timedOut
            load.total.failures = total.failures
            load.capacity = result.halves[index].load.capacity
            result.halves[index].load = load
        }
        return result
    }

    private static let emptyLoad = LoadSummary(stepNames: [], requestedRate: nil)
}
