import Measures
import Plans
import Recordings
import Verdicts

#if canImport(Glibc)
    import Glibc
#endif

/// A machine that runs both versions of a service which do not differ, as a model of what disturbs a measurement.
///
/// All in logarithms. Every half-round has its slot: the machine drifts (first-order autoregression, 0.9 from slot to
/// slot, standard deviation 1.5 %), neighbours burst in (8 % of the slots, 10 % on average, two slots long), and the second
/// slot of a round is slower. Every launch has an effect of its own, and every metric its own noise. The sizes are of the
/// order published for shared runners; at `scale` 1 the differences of a round have a standard deviation of about 5 % for
/// the median latency, 12 % for its 99th percentile and 2.5 % for processor time.
struct Runner {
    /// Of what the machine does and of the metrics' own noise: 0.4 is a quiet machine, 1 a typical one, 2.5 a bad one.
    var scale = 1.0
    /// Standard deviation of the effect of a launch.
    var launch = 0.01
    /// How much slower the second slot of a round is.
    var secondSlot = 0.01
    /// Whether every round launches each side afresh, or each side is launched but once.
    var relaunches = true
    /// Whether the order of the sides is drawn as a run draws it, or the baseline always comes first.
    var drawsOrder = true

    static let quiet = Runner(scale: 0.4)
    static let typical = Runner()
    static let bad = Runner(scale: 2.5)

    /// A figure of the service: how much of what the machine does it feels, and its own noise.
    struct Figure {
        var key: MetricKey
        var exposure: Double
        var noise: Double
        /// The allowed change.
        var limit: Double
    }

    /// Twelve figures as a scenario with two gated steps has them.
    static let figures: [Figure] = [
        Figure(key: MetricKey(.latencyP50), exposure: 1, noise: 0.02, limit: 0.05),
        Figure(key: MetricKey(.latencyP90), exposure: 1.3, noise: 0.03, limit: 0.08),
        Figure(key: MetricKey(.latencyP99), exposure: 2, noise: 0.06, limit: 0.15),
        Figure(key: MetricKey(.throughput), exposure: -1, noise: 0.02, limit: 0.05),
        Figure(key: MetricKey(.cpuPerRequest), exposure: 0.35, noise: 0.01, limit: 0.05),
        Figure(key: MetricKey(.memoryPeakRSS), exposure: 0.05, noise: 0.006, limit: 0.05),
        Figure(key: MetricKey(.latencyP50, step: "list"), exposure: 1, noise: 0.03, limit: 0.05),
        Figure(key: MetricKey(.latencyP90, step: "list"), exposure: 1.3, noise: 0.04, limit: 0.08),
        Figure(key: MetricKey(.latencyP99, step: "list"), exposure: 2, noise: 0.08, limit: 0.15),
        Figure(key: MetricKey(.latencyP50, step: "get"), exposure: 1, noise: 0.03, limit: 0.05),
        Figure(key: MetricKey(.latencyP90, step: "get"), exposure: 1.3, noise: 0.04, limit: 0.08),
        Figure(key: MetricKey(.latencyP99, step: "get"), exposure: 2, noise: 0.08, limit: 0.15),
    ]

    /// Budgets of severity error for the figures, all with the same limit or each with its own.
    static func budgets(_ figures: [Figure] = figures, limit: Double? = nil) -> Budgets {
        let all = figures.enumerated().map { index, figure in
            let (limit, isRate) = (limit ?? figure.limit, figure.key.metric == .throughput)
            return Budget.limit(
                figure.key.metric, step: figure.key.step, maxIncrease: isRate ? nil : limit,
                maxDecrease: isRate ? limit : nil, line: index + 1)
        }
        return Budgets(all: all, source: "")
    }

    /// The values of all rounds; a design with the same seed meets the same machine and the same launches.
    func trial(rounds: Int, figures: [Figure] = figures, _ generator: inout Generator) -> Trial {
        var trial = Trial(.latencyP50, [], [])
        var values: [Side: [[Double]]] = [:]
        for side in Side.allCases { values[side] = figures.map { _ in [] } }
        var drawn = SideOrder(sides: Side.allCases, seed: generator.next())
        var launches: [Side: Double] = [:]
        var drift = 0.015 * generator.gaussian()
        var burst = 0.0
        for _ in 0..<rounds {
            let order = drawsOrder ? drawn.next() : Side.allCases
            for (slot, side) in order.enumerated() {
                drift = 0.9 * drift + 0.015 * (1 - 0.81).squareRoot() * generator.gaussian()
                // Half of the bursts end with the slot; as many begin as keep 8 % of the slots busy.
                let (change, size) = (generator.uniform(), -0.1 * log(generator.uniform()))
                if burst == 0, change < 0.5 * 0.08 / 0.92 { burst = size } else if change < 0.5 { burst = 0 }
                let machine = scale * (drift + burst) + (slot == 1 ? secondSlot * scale : 0)
                let effect = launch * generator.gaussian()
                if relaunches || launches[side] == nil { launches[side] = effect }
                for (index, figure) in figures.enumerated() {
                    let own = scale * figure.noise * generator.gaussian()
                    let value = figure.exposure * machine + (launches[side] ?? 0) + own
                    values[side]?[index].append(1e6 * exp(value))
                }
            }
        }
        trial.rounds = rounds
        trial.baseline = Self.keyed(values[.baseline] ?? [], figures)
        trial.candidate = Self.keyed(values[.candidate] ?? [], figures)
        return trial
    }

    private static func keyed(_ values: [[Double]], _ figures: [Figure]) -> [MetricKey: [Double]] {
        Dictionary(uniqueKeysWithValues: zip(figures.map(\.key), values))
    }
}

extension Trial {
    /// The verdict of a run that ends at the first look at which all is decided.
    func gate(_ budgets: Budgets) -> Verdict {
        let whole = recording
        for look in LookSchedule(rounds: whole.plannedRounds).looks.dropLast() {
            var part = whole
            part.rounds = Array(whole.rounds.prefix(look))
            let verdict = Judge.judge(Comparison(part), budgets: budgets)
            if verdict.isDecided { return verdict }
        }
        return Judge.judge(Comparison(whole), budgets: budgets)
    }

    /// The changes for the worse of a key, one per round, on the scale of logarithms.
    func differences(_ key: MetricKey) -> [Double] {
        let sign: Double = key.metric == .throughput ? -1 : 1
        return zip(baseline?[key] ?? [], candidate[key] ?? []).map { sign * log($1 / $0) }
    }
}
