import Measures
import Recordings
import TestSupport
import Testing

/// A recording as bytes and back, and bytes that are none.
@Suite struct RecordingFileTests {
    private func text(_ recording: Recording = Example.recording()) throws -> String {
        String(decoding: try RecordingFile.encode(recording), as: UTF8.self)
    }

    /// What reading the text fails with, in words; nil when it succeeds.
    private func refusal(_ text: String) -> String? {
        do {
            _ = try RecordingFile.decode(Array(text.utf8))
            return nil
        } catch {
            return error.message
        }
    }

    private func refusal(_ change: (inout Recording) -> Void) throws -> String? {
        var recording = Example.recording()
        change(&recording)
        return refusal(try text(recording))
    }

    // MARK: round trip

    @Test func roundTrip() throws {
        let recording = Example.recording()
        let bytes = try RecordingFile.encode(recording)
        let again = try RecordingFile.decode(bytes)
        #expect(again == recording)
        #expect(try RecordingFile.encode(again) == bytes)
    }

    /// Dictionaries have no order of their own; the file has one.
    @Test func sameRecordingSameBytes() throws {
        let first = try RecordingFile.encode(Example.recording())
        for _ in 0..<5 { #expect(try RecordingFile.encode(Example.recording()) == first) }
    }

    /// What an earlier perfgate did not read is not known; the rest of its recording is.
    @Test func recordingOfAnEarlierTool() throws {
        let fields = #/"(minorFaults|majorFaults)":[0-9]+,|"scheduling":\{[^}]*\},/#
        let text = try text()
        let earlier = text.replacing(fields, with: "")
        #expect(!earlier.contains("Faults") && text.contains("Faults"))
        #expect(!earlier.contains("\"scheduling\"") && text.contains("\"scheduling\""))
        var expected = Example.recording()
        for round in expected.rounds.indices {
            for half in expected.rounds[round].halves.indices {
                for counters in [
                    \HalfRound.before.process, \HalfRound.after.process, \HalfRound.window.start, \HalfRound.window.end,
                ] as [WritableKeyPath<HalfRound, ProcessCounters?>] {
                    expected.rounds[round].halves[half][keyPath: counters]?.minorFaults = nil
                    expected.rounds[round].halves[half][keyPath: counters]?.majorFaults = nil
                    expected.rounds[round].halves[half][keyPath: counters]?.scheduling = nil
                }
            }
        }
        #expect(try RecordingFile.decode(Array(earlier.utf8)) == expected)
    }

    @Test func failedRunWithoutRounds() throws {
        var recording = Example.recording(rounds: 0)
        recording.failure = "the service did not become ready within 30 s"
        #expect(try RecordingFile.decode(try RecordingFile.encode(recording)) == recording)
    }

    @Test func voidedRoundMayBeHalf() throws {
        #expect(
            try refusal { recording in
                recording.rounds[0].voided = "steal"
                recording.rounds[0].halves.removeLast()
            } == nil)
    }

    // MARK: refusals

    @Test func notJSON() {
        for text in ["", "{", "nonsense", "\u{0}", "[1,2"] {
            #expect(refusal(text)?.hasPrefix("it is not JSON: ") == true, "\(text)")
        }
    }

    @Test func wrongSchema() throws {
        #expect(refusal("{\"schema\":1}") == "it has schema version 1; this perfgate reads version 2")
        #expect(refusal("{\"schema\":0}") == "it has schema version 0; this perfgate reads version 2")
        #expect(refusal("{}") == "at its top: \"schema\" is missing")
        #expect(refusal("{\"schema\":2}") == "at its top: \"tool\" is missing")
    }

    @Test func tooLarge() {
        #expect(
            RecordingFile.Problem.tooLarge(bytes: 600_000_000).message
                == "it has 600000000 bytes; a recording has at most 536870912")
    }

    @Test func sideTwice() throws {
        #expect(try refusal { $0.sides[1].role = .baseline } == "at sides: a side is described twice")
    }

    @Test func halves() throws {
        #expect(
            try refusal { $0.rounds[1].halves[1].side = .baseline } == "at rounds[1]: its halves do not match the sides"
        )
        #expect(try refusal { $0.sides.removeLast() } == "at rounds[0]: its halves do not match the sides")
        #expect(try refusal { $0.rounds[0].halves.removeLast() } == "at rounds[0]: a half is missing")
    }

    @Test(arguments: ["/etc/passwd", "../secret", "a/../../b", "", ".", "a/", "a//b", "a\u{0}b", ".."])
    func namesThatLeadOut(name: String) throws {
        let sentence = "is no file name in the folder"
        #expect(
            try refusal { $0.rounds[0].halves[0].before.profiles["heap"] = name }
                == "at rounds[0].profiles: \"\(name)\" \(sentence)")
        #expect(
            try refusal { $0.rounds[1].halves[1].after.profiles["heap"] = name }
                == "at rounds[1].profiles: \"\(name)\" \(sentence)")
        #expect(
            try refusal { $0.explanations[0].profiles["heap"] = name }
                == "at explanations[0].profiles: \"\(name)\" \(sentence)")
    }

    @Test func namesThatStay() throws {
        for name in ["a", "a/b.pb.gz", "..a", "a..b"] {
            #expect(try refusal { $0.rounds[0].halves[0].before.profiles["heap"] = name } == nil)
        }
    }

    @Test(arguments: [-1, Int.max, Int.min, (1 << 36) + 1])
    func counts(count: Int) throws {
        let sentence = "\(count) is no count from 0 to 68719476736"
        let at = "at rounds[0].baseline"
        #expect(try refusal { $0.rounds[0].halves[0].load.total.completed = count } == "\(at).load.total: \(sentence)")
        #expect(
            try refusal { $0.rounds[0].halves[0].load.steps[1].timedOut = count } == "\(at).load.steps: \(sentence)")
        #expect(
            try refusal { $0.rounds[0].halves[0].load.total.failures[0].count = count }
                == "\(at).load.total: \(sentence)")
        #expect(try refusal { $0.rounds[0].halves[0].load.dropped = count } == "\(at).load.dropped: \(sentence)")
        #expect(try refusal { $0.rounds[0].halves[0].after.tasks = count } == "\(at).after.tasks: \(sentence)")
        #expect(
            try refusal { $0.rounds[0].halves[0].before.process?.descriptors = count }
                == "\(at).before.process.descriptors: \(sentence)")
        #expect(
            try refusal { $0.rounds[0].halves[0].before.process?.descriptorKinds = ["socket": count] }
                == "\(at).before.process.descriptorKinds: \(sentence)")
        #expect(
            try refusal { $0.rounds[0].halves[0].window.tasksPeak = count } == "\(at).window.tasksPeak: \(sentence)")
        #expect(try refusal { $0.explanations[0].requests = count } == "at explanations[0].requests: \(sentence)")
    }

    @Test func severalLoads() throws {
        let at = "at rounds[0].baseline.load"
        func refusal(_ change: (inout LoadSummary) -> Void) throws -> String? {
            try self.refusal { recording in
                var part = LoadSummary(stepNames: ["list"], requestedRate: 5)
                change(&part)
                recording.rounds[0].halves[0].load.loads = [LoadPart(name: "a", start: 0, summary: part)]
            }
        }
        #expect(try refusal { _ in } == nil)
        #expect(
            try refusal { $0.dropped = -1 }?.hasPrefix("\(at).loads[0].summary.dropped: ") == true)
        #expect(
            try refusal { $0.stages = [StageDelivery(requestedRate: 5, length: 5, arrivals: -1, lag: 0)] }?
                .hasPrefix("\(at).loads[0].summary.stages: ") == true)
        #expect(
            try refusal { part in part.loads = [LoadPart(name: "b", start: 0, summary: part)] }
                == "\(at).loads[0]: a load of several has several loads")
    }

    @Test func searches() throws {
        let at = "at rounds[0].baseline.load.capacity"
        func refusal(_ change: (inout CapacityRecord) -> Void) throws -> String? {
            try self.refusal { recording in
                let window = CapacityRecord.Window(rate: 5, requests: 9, outcome: .held)
                var capacity = CapacityRecord(windows: [window], ending: .found, errorLimit: 0.1)
                change(&capacity)
                recording.rounds[0].halves[0].load.capacity = capacity
            }
        }
        #expect(try refusal { _ in } == nil)
        #expect(try refusal { $0.windows[0].rate = 0 } == "\(at).windows[0].rate: 0.0 is no finite number above 0")
        #expect(try refusal { $0.windows[0].requests = -1 }?.hasPrefix("\(at).windows[0].requests: ") == true)
        #expect(try refusal { $0.errorLimit = 1.5 } == "\(at).errorLimit: 1.5 is no share from 0 to 1")
        #expect(
            try refusal { $0.windows = Array(repeating: $0.windows[0], count: 101) }
                == "\(at).windows: there are more than 100")
        let ofSeveral = try self.refusal { recording in
            var part = LoadSummary(stepNames: ["list"], requestedRate: 5)
            part.capacity = CapacityRecord(windows: [], ending: .found, errorLimit: 0)
            recording.rounds[0].halves[0].load.loads = [LoadPart(name: "a", start: 0, summary: part)]
        }
        #expect(ofSeveral == "at rounds[0].baseline.load.loads[0]: a load of several is a search")
    }

    @Test func kindsOfDescriptors() throws {
        let at = "at rounds[0].baseline.before.process.descriptorKinds"
        func refusal(_ kinds: [String: Int]?) throws -> String? {
            try self.refusal { $0.rounds[0].halves[0].before.process?.descriptorKinds = kinds }
        }
        func kinds(_ count: Int) -> [String: Int] {
            Dictionary(uniqueKeysWithValues: (0..<count).map { ("/tmp/\($0)", 1) })
        }
        #expect(try refusal(nil) == nil)
        #expect(try refusal(kinds(50)) == nil)
        #expect(try refusal(kinds(51)) == "\(at): it has more than 50 kinds")
        let long = String(repeating: "x", count: 4097)
        #expect(try refusal([long: 1]) == "\(at): a kind is too long for a name")
    }

    @Test func environment() throws {
        let at = "at rounds[0].baseline.environment"
        let figures: [(String, WritableKeyPath<Environment, Double?>)] = [
            ("steal", \.steal), ("loadAverage", \.loadAverage), ("pressure", \.pressure), ("throttled", \.throttled),
            ("frequency", \.frequency), ("suspended", \.suspended),
        ]
        for (name, figure) in figures {
            for value in [0, 0.25, 3000, nil] {
                #expect(try refusal { $0.rounds[0].halves[0].environment[keyPath: figure] = value } == nil)
            }
            #expect(
                try refusal { $0.rounds[0].halves[0].environment[keyPath: figure] = -0.5 }
                    == "\(at).\(name): -0.5 is no finite number from 0")
        }
    }

    @Test func unknownMetric() throws {
        let text = try text().replacing("\"latency.p50\":", with: "\"latency.p51\":")
        #expect(refusal(text)?.contains("latency.p51") == true, "\(refusal(text) ?? "none")")
    }

    @Test func numbersOutOfRange() throws {
        for (number, replacement) in [
            ("\"seed\":18446744073709551615", "\"seed\":18446744073709551616"),
            ("\"seconds\":12.5", "\"seconds\":1e999"), ("\"cores\":2", "\"cores\":2.5"),
            ("\"number\":1", "\"number\":1e300"),
        ] {
            let whole = try text()
            let changed = whole.replacing(number, with: replacement)
            #expect(changed != whole, "\(number)")
            #expect(refusal(changed) != nil, "\(replacement)")
        }
    }

    @Test func inconsistentHistogram() throws {
        let changed = try text().replacing(
            "\"buckets\":[]", with: "\"buckets\":[1,18446744073709551615,2,1]", maxReplacements: 1)
        #expect(refusal(changed)?.hasSuffix("the counts overflow") == true)
    }

    // MARK: hostile bytes

    /// A file cut anywhere is refused in words.
    @Test func everyTruncation() throws {
        let bytes = try RecordingFile.encode(Example.recording(rounds: 0))
        for count in bytes.indices {
            #expect(throws: RecordingFile.Problem.self) { try RecordingFile.decode(Array(bytes[..<count])) }
        }
        let whole = try RecordingFile.encode(Example.recording(rounds: 1))
        for count in stride(from: 0, to: whole.count, by: 97) {
            #expect(throws: RecordingFile.Problem.self) { try RecordingFile.decode(Array(whole[..<count])) }
        }
    }

    /// Changed bytes are a recording or a problem with a sentence, never the end of the process.
    @Test func mutations() throws {
        let whole = try RecordingFile.encode(Example.recording(rounds: 1))
        var generator = SeededGenerator(seed: 7)
        var refused = 0
        for _ in 0..<1500 {
            var bytes = whole
            for _ in 0...generator.below(4) {
                let index = generator.below(bytes.count)
                switch generator.below(4) {
                case 0: bytes[index] = UInt8(truncatingIfNeeded: generator.next())
                case 1: bytes.remove(at: index)
                case 2: bytes.insert(contentsOf: Array("99999999999999999999".utf8), at: index)
                default: bytes[index] = Array("0123456789-.eE\"{}[],:".utf8)[generator.below(21)]
                }
            }
            do {
                _ = try RecordingFile.decode(bytes)
            } catch {
                refused += 1
                #expect(!error.message.isEmpty)
            }
        }
        #expect(refused > 750)
    }

    @Test func deepNesting() {
        #expect(refusal(String(repeating: "[", count: 100_000))?.hasPrefix("it is not JSON: ") == true)
        #expect(refusal("{\"schema\":" + String(repeating: "[", count: 100_000))?.hasPrefix("it is not JSON: ") == true)
    }
}
