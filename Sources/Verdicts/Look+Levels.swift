import Plans

extension Look {
    /// What an adjusted p must not exceed to be a proof at this look.
    func level(_ severity: Budget.Severity) -> Double {
        switch severity {
        case .error, .info: familyError
        case .warn: falseDiscoveryRate
        }
    }

    /// What the least of all p values of a family must not exceed; what is only for information is no family.
    func leastAlpha(_ severity: Budget.Severity, tests: Int) -> Double {
        severity == .info ? level(severity) : level(severity) / Double(max(1, tests))
    }
}
