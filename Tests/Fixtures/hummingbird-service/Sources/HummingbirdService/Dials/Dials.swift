/// The known ways in which the service can be made worse; zero is off.
struct Dials {
    var extraAllocations = 0
    var extraTasks = 0
    var extraRounds: UInt64 = 0
    /// Every so many-th request leaks a task.
    var leakTaskEvery: UInt64 = 0
    var retainBytes = 0
}

extension Dials {
    private static let prefix = "HB_"

    /// Reads every `HB_` variable and throws all problems at once.
    ///
    /// An unknown name is a problem too: a mistyped dial would otherwise look like a gate that does not notice.
    init(environment: [String: String]) throws(UsageProblems) {
        var problems: [String] = []
        for (name, value) in environment.sorted(by: { $0.key < $1.key }) where name.hasPrefix(Self.prefix) {
            if let problem = set(name, to: value) {
                problems.append(problem)
            }
        }
        guard problems.isEmpty else { throw UsageProblems(all: problems) }
    }

    private mutating func set(_ name: String, to value: String) -> String? {
        switch name {
        case "HB_EXTRA_ALLOCATIONS": Self.read(name, value, atMost: 1_000_000, into: &extraAllocations)
        case "HB_EXTRA_TASKS": Self.read(name, value, atMost: 10_000, into: &extraTasks)
        case "HB_EXTRA_CPU": Self.read(name, value, atMost: 10_000_000_000, into: &extraRounds)
        case "HB_LEAK_TASK": Self.read(name, value, atMost: 1_000_000_000, into: &leakTaskEvery)
        case "HB_RETAIN": Self.read(name, value, atMost: 64 << 20, into: &retainBytes)
        default: "\(name): there is no such dial"
        }
    }

    private static func read<Number: FixedWidthInteger>(
        _ name: String, _ text: String, atMost most: Number, into number: inout Number
    ) -> String? {
        guard let value = Number(text), (0...most).contains(value) else {
            return "\(name)='\(text)': expected a whole number from 0 to \(most)"
        }
        number = value
        return nil
    }
}
