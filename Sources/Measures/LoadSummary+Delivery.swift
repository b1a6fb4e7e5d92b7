/// Why a phase's load was not the load that was asked for, so that its numbers must not be judged.
package enum DeliveryProblem: Sendable, Equatable {
    /// Nothing was exchanged at all.
    case nothingSent
    /// Arrivals found no connection before the backlog's bound or the drain's.
    case dropped(Int, of: Int)
    /// Flows were started more slowly than asked, in starts per second.
    case tooSlow(achieved: Double, asked: Double, connectionsWereBusy: Bool)
    /// The same of one stage of a ramp, from 1.
    case stageTooSlow(Int, achieved: Double, asked: Double, connectionsWereBusy: Bool)
    /// One of several loads was not delivered.
    indirect case ofLoad(String, DeliveryProblem)
    /// So many flows were still pausing when the phase's drain ended, and were not done to their end.
    case cutShort(Int)
    /// The generator itself sent too late, 99th percentile against its limit, in nanoseconds.
    case late(p99: UInt64, limit: UInt64)
    /// The generator's thread was busy for this share of the time.
    case saturated(share: Double)
    /// A search for the capacity came to a rate that the generator did not deliver, for this reason.
    case searchFailed(String)
}

/// What ``LoadSummary/deliveryProblem(limits:)`` accepts.
package struct DeliveryLimits: Sendable, Equatable {
    /// The least achieved share of the asked rate.
    package var achievedShare = 0.99
    /// A phase may be this much longer than asked before its rate is looked at, in nanoseconds: in a short phase one
    /// late last arrival is more than a hundredth of the whole.
    package var grace: UInt64 = 100_000_000
    /// Lateness at the 99th percentile that is never a problem, in nanoseconds.
    ///
    /// Without real-time scheduling every generator's is 1 to 4 ms on two contended cores, which the service's own
    /// latency shows as well; 10 ms is beyond what ordinary scheduling does, so that something else was wrong.
    package var lateness: UInt64 = 10_000_000
    /// Lateness is no problem either while it is at most this share of the latency's 99th percentile.
    package var latenessShare = 0.1
    /// The largest share of the time the generator's thread may have been busy.
    package var busyShare = 0.8

    package init() {}
}

extension LoadSummary {
    /// Flow starts per second over the time in which flows were started, nil where fewer than two were.
    package var achievedRate: Double? {
        let started = arrivals - dropped
        guard started > 1, dispatchSpan > 0 else { return nil }
        return Double(started - 1) / (Double(dispatchSpan) / 1e9)
    }

    /// Why this phase's numbers must not be judged, nil when the load was delivered as asked.
    ///
    /// A closed loop asks for no rate, so only emptiness is a problem there; a generator that is busy all the time is
    /// what a closed loop is expected to be against a fast service.
    /// Of several loads each must have been delivered; one that the service could not take is named first.
    package func deliveryProblem(limits: DeliveryLimits = DeliveryLimits()) -> DeliveryProblem? {
        // Most windows of a search are not delivered for the service's fault, which is what is searched.
        if let capacity { return capacity.ending == .undelivered ? capacity.problem.map { .searchFailed($0) } : nil }
        guard let loads, !loads.isEmpty else { return ownProblem(limits) }
        let problems = loads.compactMap { part in
            part.summary.ownProblem(limits).map { DeliveryProblem.ofLoad(part.name, $0) }
        }
        return problems.first { !$0.isGeneratorsFault } ?? problems.first
    }

    private func ownProblem(_ limits: DeliveryLimits) -> DeliveryProblem? {
        if total.exchanges == 0 { return .nothingSent }
        // Every failed exchange ends one flow.
        let cut = flowsFailed - total.failed - total.timedOut
        if cut > 0 { return .cutShort(cut) }
        guard let asked = requestedRate else { return nil }
        if dropped > 0 { return .dropped(dropped, of: arrivals) }
        if let stages {
            if let problem = tooSlow(stages, limits) { return problem }
        } else if let achieved = achievedRate, achieved < asked * limits.achievedShare {
            let wanted = Double(arrivals - 1) / asked * 1e9
            if Double(dispatchSpan) - wanted > Double(limits.grace) {
                return .tooSlow(achieved: achieved, asked: asked, connectionsWereBusy: connectionsWereBusy)
            }
        }
        return generatorProblem(limits)
    }

    /// Whether the generator itself sent too late or was busy all the time; nil where neither is so.
    package func generatorProblem(_ limits: DeliveryLimits) -> DeliveryProblem? {
        if let p99 = lateness.value(at: 0.99) {
            let share = Double(total.latency.value(at: 0.99) ?? 0) * limits.latenessShare
            let limit = max(limits.lateness, UInt64(share))
            if p99 > limit { return .late(p99: p99, limit: limit) }
        }
        if elapsed > 0 {
            let share = Double(generatorCPU) / Double(elapsed)
            if share > limits.busyShare { return .saturated(share: share) }
        }
        return nil
    }

    /// Whoever kept the arrivals waiting longer is to blame.
    private var connectionsWereBusy: Bool { connectionWait.sum > lateness.sum }

    /// A rate that was not kept in one stage can look kept in the whole, once a slower stage has let the service catch up.
    private func tooSlow(_ stages: [StageDelivery], _ limits: DeliveryLimits) -> DeliveryProblem? {
        for (index, stage) in stages.enumerated() where stage.lag > limits.grace {
            guard stage.achievedRate < stage.requestedRate * limits.achievedShare else { continue }
            return .stageTooSlow(
                index + 1, achieved: stage.achievedRate, asked: stage.requestedRate,
                connectionsWereBusy: connectionsWereBusy)
        }
        return nil
    }
}

extension DeliveryProblem {
    /// Whether the machine or the generator is to blame and not the service, so that trying again may help.
    package var isGeneratorsFault: Bool {
        switch self {
        case .ofLoad(_, let problem): problem.isGeneratorsFault
        case .late, .saturated, .searchFailed, .tooSlow(_, _, connectionsWereBusy: false),
            .stageTooSlow(_, _, _, connectionsWereBusy: false):
            true
        case .nothingSent, .dropped, .tooSlow, .stageTooSlow, .cutShort: false
        }
    }
}

extension DeliveryProblem: CustomStringConvertible {
    /// What was wrong and what to change in the plan, in sentences without their final stop.
    package var description: String { words(rate: "load.rate", connections: "load.connections") }

    /// The same, where the rate and the connections were asked for by these names.
    package func words(rate: String, connections: String) -> String {
        switch self {
        case .nothingSent:
            "no request was sent; check the flows' weights and the amount of work in the plan"
        case .dropped(let count, let arrivals):
            "\(count) of \(arrivals) arrivals found no free connection in time; "
                + "lower \(rate) or raise \(connections)"
        case .tooSlow(let achieved, let asked, true):
            "\(Unit.digits(achieved)) of \(Unit.digits(asked)) flows per second were started because all "
                + "connections were busy: the service could not keep up; lower \(rate) or raise \(connections)"
        case .tooSlow(let achieved, let asked, false):
            "\(Unit.digits(achieved)) of \(Unit.digits(asked)) flows per second were started because the load "
                + "generator fell behind; lower \(rate) or give the machine more processor time"
        case .stageTooSlow(let stage, let achieved, let asked, let connectionsWereBusy):
            "in stage \(stage), \(Unit.digits(achieved)) of \(Unit.digits(asked)) flows per second were started because "
                + (connectionsWereBusy
                    ? "all connections were busy: the service could not keep up; lower the rates in load.stages or raise "
                        + "\(connections)"
                    : "the load generator fell behind; lower the rates in load.stages or give the machine more processor "
                        + "time")
        case .cutShort(let count):
            "\(count) flows were still pausing when the load's drain ended, and were not done to their end; shorten their "
                + "pauses"
        case .ofLoad(let name, let problem): "load \"\(name)\": \(problem)"
        case .late(let p99, let limit):
            "the load generator sent 1 in 100 requests more than \(Self.milliseconds(p99)) ms late "
                + "(limit \(Self.milliseconds(limit)) ms); the machine is too busy to measure on: "
                + "lower \(rate), stop other work or permit real-time scheduling"
        case .searchFailed(let reason): reason
        case .saturated(let share):
            "the load generator's thread was busy \(Unit.fixed(share * 100, 0)) % of the time; lower \(rate)"
        }
    }

    private static func milliseconds(_ nanoseconds: UInt64) -> String {
        "\(Double((nanoseconds + 50_000) / 100_000) / 10)"
    }
}
