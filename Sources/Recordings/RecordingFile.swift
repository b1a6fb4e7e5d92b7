import Measures

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The recording as bytes of `recording.json`, and back.
package enum RecordingFile {
    /// Why bytes are not a recording.
    package enum Problem: Error, Equatable, Sendable {
        case tooLarge(bytes: Int)
        case notJSON(String)
        case schema(found: Int)
        case malformed(path: String, reason: String)

        package var message: String {
            switch self {
            case .tooLarge(let bytes):
                "it has \(bytes) bytes; a recording has at most \(RecordingFile.maximumBytes)"
            case .notJSON(let reason): "it is not JSON: \(reason)"
            case .schema(let found):
                "it has schema version \(found); this perfgate reads version \(Recording.currentSchema)"
            case .malformed(let path, let reason): "at \(path.isEmpty ? "its top" : path): \(reason)"
            }
        }
    }

    package static let maximumBytes = 512 << 20
    /// No count of requests, tasks or threads is larger, so that sums over a whole file cannot overflow.
    package static let maximumCount = 1 << 36
    /// No value of a metric is larger, so that means and squares of values stay finite.
    static let maximumValue = 1e100
    private static let maximumName = 4096

    /// Sorted keys, so that equal recordings are equal bytes.
    package static func encode(_ recording: Recording) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return [UInt8](try encoder.encode(recording))
    }

    package static func decode(_ bytes: [UInt8]) throws(Problem) -> Recording {
        guard bytes.count <= maximumBytes else { throw .tooLarge(bytes: bytes.count) }
        let data = Data(bytes)
        struct Head: Decodable { let schema: Int }
        do {
            let head = try JSONDecoder().decode(Head.self, from: data)
            guard head.schema == Recording.currentSchema else { throw Problem.schema(found: head.schema) }
            let recording = try JSONDecoder().decode(Recording.self, from: data)
            try validate(recording)
            return recording
        } catch let problem as Problem {
            throw problem
        } catch let error as DecodingError {
            throw problem(from: error)
        } catch {
            throw .notJSON("\(error)")
        }
    }

    /// What the types cannot say: a side twice in a round, or file names that lead out of the folder.
    private static func validate(_ recording: Recording) throws(Problem) {
        let known = Set(recording.sides.map(\.role))
        guard known.count == recording.sides.count else {
            throw .malformed(path: "sides", reason: "a side is described twice")
        }
        guard (1...Recording.maximumRounds).contains(recording.plannedRounds) else {
            throw .malformed(path: "plannedRounds", reason: "\(recording.plannedRounds) is no number of rounds")
        }
        for (index, round) in recording.rounds.enumerated() {
            let sides = round.halves.map(\.side)
            let path = "rounds[\(index)]"
            guard Set(sides).count == sides.count, Set(sides).isSubset(of: known) else {
                throw .malformed(path: path, reason: "its halves do not match the sides")
            }
            guard round.voided != nil || Set(sides) == known else {
                throw .malformed(path: path, reason: "a half is missing")
            }
            for half in round.halves {
                try validate(half, path: path)
                for capture in [half.before, half.after, half.repetition?.after].compactMap({ $0 }) {
                    try validate(Array(capture.profiles.values), path: path)
                }
                for (key, value) in half.values where !(abs(value) <= maximumValue) {
                    throw .malformed(path: "\(path).values.\(key.text)", reason: "it is no number that was measured")
                }
            }
        }
        for (index, explanation) in recording.explanations.enumerated() {
            try validate(Array(explanation.profiles.values), path: "explanations[\(index)]")
            try validate(explanation.requests, "explanations[\(index)].requests")
            guard let rate = explanation.ratePerSecond else { continue }
            guard rate >= 0, rate <= maximumValue, rate == 0 || rate >= 1 / maximumValue else {
                throw .malformed(
                    path: "explanations[\(index)].ratePerSecond", reason: "it is no rate that was measured")
            }
        }
    }

    private static func validate(_ half: HalfRound, path: String) throws(Problem) {
        let load = half.load
        let path = "\(path).\(half.side.rawValue)"
        try validate(load, "\(path).load")
        try validate(half.repetition?.requests ?? 0, "\(path).repetition.requests")
        let captures = [("before", half.before), ("after", half.after)]
        for (name, capture) in captures + (half.repetition.map { [("repetition.after", $0.after)] } ?? []) {
            try validate(capture.tasks ?? 0, "\(path).\(name).tasks")
            try validate(capture.process, "\(path).\(name).process")
        }
        try validate(half.window.tasksPeak ?? 0, "\(path).window.tasksPeak")
        try validate(half.window.threadsPeak ?? 0, "\(path).window.threadsPeak")
        try validate(half.window.start, "\(path).window.start")
        try validate(half.window.end, "\(path).window.end")
        try validate(half.environment, "\(path).environment")
        try validate(half.window.native, "\(path).window.native")
    }

    private static func validate(_ load: LoadSummary, _ path: String) throws(Problem) {
        let counts = [
            ("arrivals", load.arrivals), ("flowsCompleted", load.flowsCompleted), ("flowsFailed", load.flowsFailed),
            ("dropped", load.dropped), ("skipped", load.skipped), ("connectionsOpened", load.connectionsOpened),
        ]
        for (name, count) in counts { try validate(count, "\(path).\(name)") }
        for stage in load.stages ?? [] { try validate(stage.arrivals, "\(path).stages") }
        for step in [load.total] + load.steps {
            let counts = [step.completed, step.failed, step.timedOut, step.checksFailed] + step.failures.map(\.count)
            for count in counts { try validate(count, "\(path).\(step.name.isEmpty ? "total" : "steps")") }
        }
        try validate(load.capacity, "\(path).capacity")
        for (index, part) in (load.loads ?? []).enumerated() {
            guard part.summary.capacity == nil else {
                throw .malformed(path: "\(path).loads[\(index)]", reason: "a load of several is a search")
            }
            guard part.summary.loads == nil else {
                throw .malformed(path: "\(path).loads[\(index)]", reason: "a load of several has several loads")
            }
            try validate(part.summary, "\(path).loads[\(index)].summary")
        }
    }

    /// No search tries more rates, each at most twice.
    private static let maximumWindows = 100

    private static func validate(_ capacity: CapacityRecord?, _ path: String) throws(Problem) {
        guard let capacity else { return }
        guard capacity.windows.count <= maximumWindows else {
            throw .malformed(path: "\(path).windows", reason: "there are more than \(maximumWindows)")
        }
        guard (0...1).contains(capacity.errorLimit) else {
            throw .malformed(path: "\(path).errorLimit", reason: "\(capacity.errorLimit) is no share from 0 to 1")
        }
        for (index, window) in capacity.windows.enumerated() {
            try validate(window.requests, "\(path).windows[\(index)].requests")
            guard window.rate > 0, window.rate <= maximumValue else {
                throw .malformed(
                    path: "\(path).windows[\(index)].rate", reason: "\(window.rate) is no finite number above 0")
            }
        }
    }

    private static func validate(_ native: NativeWindow?, _ path: String) throws(Problem) {
        guard let native else { return }
        let counts = [
            native.allocations, native.allocatedBytes, native.dispatchAllocations, native.frees, native.tasksCreated,
        ]
        for rate in [native.seconds] + counts.compactMap({ $0?.idlePerSecond }) where !(0...maximumValue).contains(rate)
        {
            throw .malformed(path: path, reason: "\(rate) is no finite number from 0")
        }
        guard native.allocator?.utf8.count ?? 0 <= maximumName else {
            throw .malformed(path: "\(path).allocator", reason: "it is too long for a name")
        }
    }

    private static func validate(_ environment: Environment, _ path: String) throws(Problem) {
        let figures = [
            ("steal", environment.steal), ("loadAverage", environment.loadAverage), ("pressure", environment.pressure),
            ("throttled", environment.throttled), ("frequency", environment.frequency),
            ("suspended", environment.suspended),
        ]
        for (name, figure) in figures {
            guard let figure else { continue }
            guard figure.isFinite, figure >= 0 else {
                throw .malformed(path: "\(path).\(name)", reason: "\(figure) is no finite number from 0")
            }
        }
    }

    private static func validate(_ process: ProcessCounters?, _ path: String) throws(Problem) {
        guard let process else { return }
        try validate(process.threads, "\(path).threads")
        try validate(process.descriptors, "\(path).descriptors")
        guard let kinds = process.descriptorKinds else { return }
        guard kinds.count <= DescriptorKind.most else {
            throw .malformed(path: "\(path).descriptorKinds", reason: "it has more than \(DescriptorKind.most) kinds")
        }
        for (kind, count) in kinds {
            guard kind.utf8.count <= maximumName else {
                throw .malformed(path: "\(path).descriptorKinds", reason: "a kind is too long for a name")
            }
            try validate(count, "\(path).descriptorKinds")
        }
    }

    private static func validate(_ count: Int, _ path: String) throws(Problem) {
        guard (0...maximumCount).contains(count) else {
            throw .malformed(path: path, reason: "\(count) is no count from 0 to \(maximumCount)")
        }
    }

    private static func validate(_ names: [String], path: String) throws(Problem) {
        for name in names.sorted() {
            let parts = name.split(separator: "/", omittingEmptySubsequences: false)
            // An empty part is an absolute path, a trailing slash or no name at all.
            guard parts.allSatisfy({ !["", ".", ".."].contains($0) }), !name.utf8.contains(0) else {
                throw .malformed(path: "\(path).profiles", reason: "\"\(name)\" is no file name in the folder")
            }
        }
    }

    private static func problem(from error: DecodingError) -> Problem {
        func path(_ context: DecodingError.Context) -> String {
            context.codingPath.map { $0.intValue.map { "[\($0)]" } ?? ".\($0.stringValue)" }.joined()
                .drop { $0 == "." }.description
        }
        switch error {
        case .keyNotFound(let key, let context):
            return .malformed(path: path(context), reason: "\"\(key.stringValue)\" is missing")
        case .typeMismatch(_, let context), .valueNotFound(_, let context):
            return .malformed(path: path(context), reason: context.debugDescription)
        case .dataCorrupted(let context):
            return context.codingPath.isEmpty
                ? .notJSON(context.debugDescription)
                : .malformed(path: path(context), reason: context.debugDescription)
        @unknown default:
            return .notJSON("\(error)")
        }
    }
}
