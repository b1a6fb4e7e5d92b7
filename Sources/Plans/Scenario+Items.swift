extension Scenario {
    /// One thing a virtual user does in a flow.
    package indirect enum Item: Sendable, Equatable {
        case request(Step)
        case think(Think)
        /// The items so many times, at least once.
        case repetition(Int, [Item])
        /// The first items where the condition holds, else the others.
        case choice(Condition, [Item], otherwise: [Item])
    }

    /// A pause, drawn evenly from a range that includes both ends.
    package struct Think: Sendable, Equatable {
        package var shortest: Duration
        package var longest: Duration

        package init(from shortest: Duration, to longest: Duration) {
            self.shortest = shortest
            self.longest = longest
        }
    }

    /// Whether a captured value is as expected.
    ///
    /// A value that was not captured equals and contains nothing.
    package struct Condition: Sendable, Equatable {
        package var variable: String
        package var test: Test
        /// Whether the test must fail instead.
        package var isNegated: Bool

        package init(variable: String, test: Test, isNegated: Bool = false) {
            self.variable = variable
            self.test = test
            self.isNegated = isNegated
        }

        package enum Test: Sendable, Equatable {
            case exists
            case equals(Template)
            case contains(Template)
        }
    }
}

extension Scenario {
    /// How much some items are, with every repetition counted.
    package struct Extent: Sendable, Equatable {
        /// Requests, where conditions go the shorter way, and where they go the longer one.
        package var fewest = 0
        package var most = 0
        /// Pauses at most, and how long they are together at most, in nanoseconds.
        package var pauses = 0
        package var thinking = 0

        /// Whether the number of requests does not depend on what the service answers.
        package var isFixed: Bool { fewest == most }

        /// No figure grows beyond this, so that nothing overflows before it is refused.
        private static let bound = 1 << 48

        /// One after the other.
        fileprivate static func + (a: Self, b: Self) -> Self {
            Self(
                fewest: min(a.fewest + b.fewest, bound), most: min(a.most + b.most, bound),
                pauses: min(a.pauses + b.pauses, bound), thinking: min(a.thinking + b.thinking, bound))
        }

        fileprivate func repeated(_ times: Int) -> Self {
            func product(_ figure: Int) -> Int {
                let (product, overflow) = figure.multipliedReportingOverflow(by: times)
                return overflow ? Self.bound : min(product, Self.bound)
            }
            return Self(
                fewest: product(fewest), most: product(most), pauses: product(pauses), thinking: product(thinking))
        }

        /// Either one or the other.
        fileprivate static func | (a: Self, b: Self) -> Self {
            Self(
                fewest: min(a.fewest, b.fewest), most: max(a.most, b.most), pauses: max(a.pauses, b.pauses),
                thinking: max(a.thinking, b.thinking))
        }
    }
}

extension Sequence<Scenario.Item> {
    /// How much the items are: with all their requests, or with those of one step.
    package func extent(of step: String? = nil) -> Scenario.Extent {
        reduce(Scenario.Extent()) { $0 + $1.extent(of: step) }
    }

    /// All requests, as they are written.
    package var requests: [Scenario.Step] {
        flatMap { item -> [Scenario.Step] in
            switch item {
            case .request(let step): [step]
            case .think: []
            case .repetition(_, let items): items.requests
            case .choice(_, let items, let others): items.requests + others.requests
            }
        }
    }
}

extension Scenario.Item {
    package func extent(of step: String? = nil) -> Scenario.Extent {
        switch self {
        case .request(let request):
            let count = step == nil || step == request.name ? 1 : 0
            return Scenario.Extent(fewest: count, most: count)
        case .think(let think):
            return Scenario.Extent(pauses: 1, thinking: Int(think.longest / .nanoseconds(1)))
        case .repetition(let times, let items): return items.extent(of: step).repeated(times)
        case .choice(_, let items, let others): return items.extent(of: step) | others.extent(of: step)
        }
    }
}
