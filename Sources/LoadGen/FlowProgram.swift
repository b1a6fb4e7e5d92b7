import Plans

/// A flow made ready for running: instructions one after the other, which a virtual user follows without a stack.
final class FlowProgram: Sendable {
    enum Instruction: Sendable {
        /// Makes a request, by its place in `steps`.
        case request(Int)
        /// Waits for a time that is drawn, in nanoseconds; `span` is by how much the longest exceeds the shortest.
        case think(shortest: UInt64, span: UInt64)
        /// Sets the loop's counter to what is left after the first pass.
        case loop(Int, left: Int)
        /// Goes back to the loop's first instruction while passes are left.
        case again(Int, first: Int)
        /// Goes on where the condition holds, else elsewhere.
        ///
        /// The flow grows by so many requests beyond the fewest.
        case choose(condition: Int, otherwise: Int, growth: Int, otherGrowth: Int)
        case jump(Int)
    }

    let steps: [StepProgram]
    /// The first slot of its own: what the slots before it hold was captured ahead of all flows.
    let firstSlot: Int
    let instructions: [Instruction]
    let conditions: [ConditionProgram]
    /// The fewest requests of the whole flow.
    let fewest: Int
    /// By instruction, and behind the last: the fewest requests from there to the end, without going back.
    private let rest: [Int]
    /// By loop: the fewest requests of one pass.
    private let passes: [Int]

    /// Reads the items; `slots` numbers everything the flow captures and everything captured before it.
    init(
        _ items: [Scenario.Item], slots: [String: Int], firstSlot: Int, data: [DataBytes],
        step: (Scenario.Step) throws(LoadError) -> StepProgram
    ) throws(LoadError) {
        var compiler = Compiler(slots: slots, data: data)
        try compiler.add(items, after: 0, step)
        steps = compiler.steps
        self.firstSlot = firstSlot
        instructions = compiler.instructions
        conditions = compiler.conditions
        passes = compiler.passes
        rest = compiler.rest + [0]
        fewest = items.extent().fewest
    }

    private init() {
        (steps, firstSlot, instructions, conditions, rest, passes, fewest) = ([], 0, [], [], [0], [], 0)
    }

    /// What a user that has not begun is in.
    static let none = FlowProgram()

    var loopCount: Int { passes.count }

    /// By how much a pause exceeds its shortest: up to `span`, drawn evenly; `pause` numbers those of one iteration.
    static func drawn(_ span: UInt64, seed: UInt64, iteration: UInt64, pause: UInt64) -> UInt64 {
        if span == 0 { return 0 }
        let key = mixed(mixed(seed ^ 0x7468_696E_6B69_6E67) ^ iteration)
        return mixed(key &+ pause).multipliedFullWidth(by: span + 1).high
    }

    /// The fewest requests that are left of a flow.
    func requestsLeft(of user: VirtualUser) -> Int {
        var left = rest[user.position]
        for (loop, requests) in passes.enumerated() { left += user.passesLeft[loop] * requests }
        return left
    }
}

extension FlowProgram {
    private struct Compiler {
        let slots: [String: Int]
        let data: [DataBytes]
        var steps: [StepProgram] = []
        var instructions: [Instruction] = []
        var conditions: [ConditionProgram] = []
        var rest: [Int] = []
        var passes: [Int] = []

        init(slots: [String: Int], data: [DataBytes]) {
            self.slots = slots
            self.data = data
        }

        /// Adds the items; `after` is the fewest requests behind them.
        mutating func add(
            _ items: [Scenario.Item], after: Int, _ step: (Scenario.Step) throws(LoadError) -> StepProgram
        ) throws(LoadError) {
            var fewest = items.extent().fewest + after
            for item in items {
                let behind = fewest - item.extent().fewest
                defer { fewest = behind }
                switch item {
                case .request(let request):
                    append(.request(steps.count), fewest)
                    steps.append(try step(request))
                case .think(let think):
                    let shortest = think.shortest.clampedNanoseconds
                    let longest = max(shortest, think.longest.clampedNanoseconds)
                    append(.think(shortest: shortest, span: longest - shortest), fewest)
                case .repetition(let times, let inner):
                    guard times > 0 else { throw .invalidPlan("steps are repeated \(times) times") }
                    let loop = passes.count
                    passes.append(inner.extent().fewest)
                    append(.loop(loop, left: times - 1), fewest)
                    let first = instructions.count
                    try add(inner, after: behind, step)
                    append(.again(loop, first: first), behind)
                case .choice(let condition, let inner, let others):
                    let place = instructions.count
                    append(.jump(0), fewest)
                    try add(inner, after: behind, step)
                    let end = instructions.count
                    append(.jump(0), behind)
                    try add(others, after: behind, step)
                    instructions[end] = .jump(instructions.count)
                    let counts = (inner.extent().fewest, others.extent().fewest)
                    let least = min(counts.0, counts.1)
                    instructions[place] = .choose(
                        condition: conditions.count, otherwise: end + 1, growth: counts.0 - least,
                        otherGrowth: counts.1 - least)
                    conditions.append(try ConditionProgram(condition, slots: slots, data: data))
                }
            }
        }

        private mutating func append(_ instruction: Instruction, _ fewest: Int) {
            instructions.append(instruction)
            rest.append(fewest)
        }
    }
}

/// A condition made ready for running.
struct ConditionProgram: Sendable {
    private enum Test {
        case exists
        case equals(TextProgram)
        case contains(TextProgram)
    }

    private let slot: Int
    private let test: Test
    private let isNegated: Bool

    init(_ condition: Scenario.Condition, slots: [String: Int], data: [DataBytes]) throws(LoadError) {
        guard let slot = slots[condition.variable] else {
            throw .invalidPlan("no step of the flow captures \"\(condition.variable)\"")
        }
        self.slot = slot
        isNegated = condition.isNegated
        switch condition.test {
        case .exists: test = .exists
        case .equals(let text): test = .equals(try TextProgram(text, encoding: .verbatim, slots: slots, data: data))
        case .contains(let text):
            test = .contains(try TextProgram(text, encoding: .verbatim, slots: slots, data: data))
        }
    }

    /// Whether the condition holds for what the user has captured.
    func holds(for user: VirtualUser, scratch: RenderBuffer, data: [DataBytes]) -> Bool {
        var passes = false
        switch test {
        case .exists: passes = user.captures.with(slot) { _ in }
        case .equals(let text), .contains(let text):
            scratch.removeAll()
            // A text whose variable has no value is like no captured one.
            guard text.render(into: scratch, for: user, data: data) else { break }
            let isEquality = if case .equals = test { true } else { false }
            _ = user.captures.with(slot) { value in
                passes =
                    ByteSearch.contains(value, scratch.bytes) && (!isEquality || value.count == scratch.bytes.count)
            }
        }
        return passes != isNegated
    }
}
