internal import Measures

extension PlanReader {
    /// Load before the steady phase when the plan does not say.
    static let defaultWarmup = Duration.seconds(2)
    /// Virtual users of a ramp, which may have none for a while.
    static let usersOfRampTaken = 0...10_000

    enum ExecutorName: String, CaseIterable {
        case constantArrivalRate = "constant-arrival-rate"
        case rampingArrivalRate = "ramping-arrival-rate"
        case constantUsers = "constant-vus"
        case rampingUsers = "ramping-vus"
        case findCapacity = "find-capacity"

        /// What a load that runs together with others can be.
        static let ofSeveral = allCases.filter { $0 != .findCapacity }
    }

    static func load(_ cursor: Cursor) -> Load? {
        cursor.fields(.load).flatMap { load($0) }
    }

    /// One load, on its own or of a list.
    static func load(_ fields: Fields) -> Load? {
        let executor = fields.required("executor", example: "executor: constant-arrival-rate")?.word(ExecutorName.self)
        // Only a ramp may begin with nothing.
        let rate = fields.optional("rate").flatMap { Self.rate($0, zero: executor == .rampingArrivalRate) }
        let users = fields.optional("users").flatMap {
            $0.wholeNumber(executor == .rampingUsers ? usersOfRampTaken : Load.usersTaken)
        }
        let connections =
            fields.optional("connections").map { $0.wholeNumber(Load.usersTaken) } ?? Load.defaultConnections
        let warmup = fields.optional("warmup").map { $0.duration(zero: true) } ?? defaultWarmup
        let timeout = fields.optional("timeout").map { $0.duration() } ?? Load.defaultTimeout
        if let executor, executor != .findCapacity {
            refuse(fields, keysOfSearch, "it is for find-capacity", "remove it")
        }
        let work: Load.Work?
        let shape: (executor: Load.Executor, connections: Int)?
        switch executor {
        case .constantArrivalRate:
            refuse(fields, ["users"], "constant-arrival-rate starts flows by the clock, not by users", "write rate")
            refuse(fields, ["stages"], "the rate of constant-arrival-rate is constant", "use ramping-arrival-rate")
            _ = fields.required("rate", example: "rate: 500/s")
            work = Self.work(fields)
            if let rate, case .requests(let requests)? = work, Double(requests) / rate > longestRound {
                fields.member("requests")?.report("so many requests take more than 24 hours at this rate")
            }
            shape = rate.flatMap { rate in connections.map { (.constantArrivalRate(perSecond: rate), $0) } }
        case .rampingArrivalRate:
            refuse(fields, ["users"], "ramping-arrival-rate starts flows by the clock, not by users", "write rate")
            refuse(fields, ["requests", "duration"], ofStages, "write how long each of the stages is")
            _ = fields.required("rate", example: "rate: 10/s")
            let ramp = fields.required("stages", example: "stages: [ { rate: 100/s, duration: 10s } ]").flatMap {
                Self.ramp(
                    $0, from: rate, key: "rate", other: ("users", "the stages of ramping-arrival-rate are rates")
                ) { Self.rate($0, zero: true) }
            }
            work = ramp.map { .duration($0.length) }
            shape = ramp.flatMap { ramp in connections.map { (.rampingArrivalRate(ramp), $0) } }
        case .constantUsers:
            refuse(fields, ["rate"], "constant-vus runs as fast as its users get answers", "write users")
            refuse(fields, ["connections"], "every user of constant-vus has its own connection", "write users")
            refuse(fields, ["stages"], "the users of constant-vus are always as many", "write users")
            _ = fields.required("users", example: "users: 20")
            work = Self.work(fields)
            shape = users.map { (.constantUsers($0), $0) }
        case .rampingUsers:
            refuse(fields, ["rate"], "ramping-vus runs as fast as its users get answers", "write users")
            refuse(fields, ["connections"], "every user of ramping-vus has its own connection", "write users")
            refuse(fields, ["requests", "duration"], ofStages, "write how long each of the stages is")
            _ = fields.required("users", example: "users: 0")
            let ramp = fields.required("stages", example: "stages: [ { users: 20, duration: 10s } ]").flatMap {
                Self.ramp(
                    $0, from: users.map { Double($0) }, key: "users",
                    other: ("rate", "the stages of ramping-vus are numbers of users")
                ) { $0.wholeNumber(usersOfRampTaken).map { Double($0) } }
            }
            work = ramp.map { .duration($0.length) }
            shape = ramp.map { (.rampingUsers($0), Int($0.peak)) }
        case .findCapacity:
            refuse(fields, ["rate"], "find-capacity tries the rates from \"from\" to \"to\"", "write from and to")
            refuse(fields, ["users"], "find-capacity starts flows by the clock, not by users", "write from and to")
            refuse(fields, ["stages"], "find-capacity chooses its rates by itself", "write from and to")
            refuse(fields, ["requests", "duration"], ofSearch, "write how long a window is")
            let search = search(fields)
            work = search.map { .duration($0.length) }
            shape = search.flatMap { search in connections.map { (.findCapacity(search), $0) } }
        case nil:
            shape = nil
            work = nil
        }
        guard let shape, let warmup, let timeout, let work else { return nil }
        return Load(
            executor: shape.executor, connections: shape.connections, warmup: warmup, work: work, timeout: timeout)
    }

    /// In seconds, as for a duration.
    private static let longestRound = 86_400.0

    private static let ofStages = "the work of a ramp is the length of its stages"

    private static let ofSearch = "the work of find-capacity is the windows it takes"

    static func refuse(_ fields: Fields, _ keys: [String], _ reason: String, _ hint: String) {
        for member in fields.present(keys) {
            member.report("\(quoted(member.key)) does not belong here: \(reason)", hint: hint)
        }
    }

    static func rate(_ cursor: Cursor, zero: Bool) -> Double? {
        guard let rate = cursor.quantity(.rate) else { return nil }
        guard rate.sign == .plus, zero || rate > 0, rate <= Load.maximumRate else {
            cursor.report(
                "expected \(zero ? "" : "more than ")0/s to 1000000/s, found \(quoted(cursor.scalar?.text ?? ""))")
            return nil
        }
        return rate
    }

    private static func work(_ fields: Fields) -> Load.Work? {
        let requests = fields.optional("requests").flatMap { $0.wholeNumber(Load.requestsTaken) }
        let duration = fields.optional("duration").flatMap { $0.duration() }
        if fields.member("requests") != nil, let second = fields.member("duration") {
            second.report("\"duration\" and \"requests\" exclude one another", hint: "keep one of them")
            return nil
        }
        if fields.optional("requests") == nil, fields.optional("duration") == nil {
            _ = fields.required("requests", example: "requests: 2000, or duration: 10s")
        }
        return requests.map { .requests($0) } ?? duration.map { .duration($0) }
    }
}
