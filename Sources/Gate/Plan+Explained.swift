import Measures
import Plans
import Verdicts

extension Plan {
    /// The plan by whose load a regression is explained: instead of a search, a rate that both sides can take, so that
    /// both do the same.
    func explained(_ verdict: Verdict) -> Plan {
        guard let search else { return self }
        let finding = verdict.findings.first { $0.key == MetricKey(.throughputAtBudget) && $0.kind == .regressed }
        let rate = [finding?.candidate, finding?.baseline].compactMap { $0 }.min()
        return steady(at: rate ?? search.from)
    }
}
