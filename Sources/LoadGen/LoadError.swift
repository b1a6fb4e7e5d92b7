package import Plans

/// Why load could not be made or measured; what a service answers is never one of these.
package enum LoadError: Error, Sendable, Equatable {
    /// The plan asks for something the generator cannot do.
    case invalidPlan(String)
    /// Connections could not be opened ahead of the phase.
    case connect(address: String, reason: String, opened: Int, wanted: Int)
    /// A part of the scenario around the load failed, in this step where it is known.
    case part(Scenario.Part, step: String?, reason: String)
    /// The system had no thread or descriptor to give.
    case noThread(String)
    /// The service said nothing to so many requests in a row, the first of a phase or later ones, last for this reason.
    case silence(address: String, reason: String, exchanges: Int, hadAnswered: Bool)
    /// A phase was started while another one runs.
    case busy
    /// The task that ran the phase was cancelled.
    case cancelled
    /// The generator's books do not balance: a defect of the generator, so its numbers must not be used.
    case accounting(String)
}

extension LoadError {
    /// Whether a part of the scenario around the load failed.
    package var isOfPart: Bool {
        if case .part = self { true } else { false }
    }

    /// Whether the service could not be reached or said nothing.
    package var isOfService: Bool {
        switch self {
        case .connect, .silence: true
        case .invalidPlan, .part, .noThread, .busy, .cancelled, .accounting: false
        }
    }
}

extension LoadError: CustomStringConvertible {
    /// The error in one sentence without its final stop.
    package var description: String {
        switch self {
        case .invalidPlan(let reason): reason
        case .connect(let address, let reason, let opened, let wanted):
            "cannot connect to \(address): \(reason) (\(opened) of \(wanted) connections opened)"
        case .part(let part, let step?, let reason): "\(part.rawValue) failed in the step \"\(step)\": \(reason)"
        case .part(let part, nil, let reason): "\(part.rawValue) failed: \(reason)"
        case .noThread(let reason): "cannot start the load generator: \(reason)"
        case .silence(let address, let reason, let exchanges, let hadAnswered):
            "\(address) answered none of the \(hadAnswered ? "last" : "first") \(exchanges) requests: \(reason)"
        case .busy: "a phase of load runs already"
        case .cancelled: "the load was cancelled"
        case .accounting(let reason): "the load generator's counts do not add up: \(reason)"
        }
    }
}
