package import Plans

/// Which flow each arrival runs: a pure function of the seed and the arrival's number.
///
/// Arrivals are cut into cycles as long as the reduced weights' sum. In every cycle each flow has exactly its share,
/// in an order drawn from the seed and the cycle's number, so that two sides of a comparison do the same work.
package struct ArrivalPlan: Sendable {
    /// For every flow, the first place behind its own in a cycle that is not shuffled yet.
    private let bounds: [UInt64]
    /// Requests of every flow; where conditions decide, the fewest.
    private let stepCounts: [Int]
    /// Why a number of requests cannot be made exactly, or nil.
    let unfixed: String?
    private let seed: UInt64
    /// Arrivals in one cycle.
    package let cycle: UInt64

    /// Reads the weights; a weight of 0 is a flow that never runs.
    package init(flows: [Scenario.Flow], seed: UInt64) throws(LoadError) {
        var divisor = 0
        for flow in flows {
            guard flow.weight >= 0 else { throw .invalidPlan("the flow \"\(flow.name)\" has a negative weight") }
            guard !flow.items.isEmpty else { throw .invalidPlan("the flow \"\(flow.name)\" has no steps") }
            // In a closed loop such flows could follow one another without end, at one instant.
            guard flow.items.extent().fewest > 0 else {
                throw .invalidPlan("the flow \"\(flow.name)\" may end without a request")
            }
            divisor = Self.greatestCommonDivisor(divisor, flow.weight)
        }
        guard divisor > 0 else { throw .invalidPlan("no flow has a weight above 0") }
        var bounds: [UInt64] = []
        var sum: UInt64 = 0
        for flow in flows {
            sum += UInt64(flow.weight / divisor)
            guard sum <= 1 << 32 else { throw .invalidPlan("the flows' weights are too large") }
            bounds.append(sum)
        }
        self.bounds = bounds
        self.seed = seed
        cycle = sum
        stepCounts = flows.map { $0.items.extent().fewest }
        unfixed = flows.first { !$0.items.extent().isFixed }.map {
            "the flow \"\($0.name)\" does not make a fixed number of requests"
        }
    }

    /// The flow arrival `number` runs, as an index into the scenario.
    package func flow(at number: UInt64) -> Int {
        if bounds.count == 1 { return 0 }
        let (turn, place) = number.quotientAndRemainder(dividingBy: cycle)
        let drawn = shuffled(place, turn: turn)
        var low = 0
        var high = bounds.count - 1
        while low < high {
            let middle = (low + high) / 2
            if bounds[middle] > drawn { high = middle } else { low = middle + 1 }
        }
        return low
    }

    /// The fewest arrivals, from number 0, whose flows together make at least this many requests.
    ///
    /// Exact where every flow makes a fixed number; with conditions there may be more.
    package func arrivals(forRequests requests: Int) -> Int {
        guard requests > 0 else { return 0 }
        var perCycle = 0
        var start: UInt64 = 0
        for (flow, bound) in bounds.enumerated() {
            let (steps, overflow) = Int(bound - start).multipliedReportingOverflow(by: stepCounts[flow])
            let (sum, overflows) = perCycle.addingReportingOverflow(steps)
            perCycle = overflow || overflows ? .max : sum
            start = bound
        }
        // The last whole cycle is walked too, so that the walk never ends short of the wanted steps.
        let whole = max(0, requests / perCycle - 1)
        var arrivals = whole * Int(cycle)
        var steps = whole * perCycle
        while steps < requests {
            steps += stepCounts[flow(at: UInt64(arrivals))]
            arrivals += 1
        }
        return arrivals
    }

    /// A permutation of the cycle's places: a four-round Feistel network, walked until it lands inside the cycle.
    private func shuffled(_ place: UInt64, turn: UInt64) -> UInt64 {
        let bits = max(2, UInt64.bitWidth - (cycle - 1).leadingZeroBitCount)
        let half = UInt64((bits + 1) / 2)
        let mask = (UInt64(1) << half) - 1
        let key = mixed(seed ^ mixed(turn))
        var value = place
        repeat {
            var left = value >> half
            var right = value & mask
            for round in 0..<4 as Range<UInt64> {
                (left, right) = (right, left ^ (mixed(key &+ round << 56 ^ right) & mask))
            }
            value = left << half | right
        } while value >= cycle
        return value
    }

    private static func greatestCommonDivisor(_ a: Int, _ b: Int) -> Int {
        var (a, b) = (a, b)
        while b != 0 { (a, b) = (b, a % b) }
        return a
    }
}
