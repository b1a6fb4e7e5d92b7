import Measures
import Plans
import Testing

/// Documents nobody meant: whatever they are, the readers answer.
@Suite struct HostileInputTests {
    @Test func everyBeginningOfAPlanIsAnswered() {
        let bytes = Array(wholePlan.utf8)
        var plans = 0
        for count in 0...bytes.count {
            let text = String(decoding: bytes.prefix(count), as: UTF8.self)
            if (try? Reading().plan(text)) != nil { plans += 1 }
        }
        #expect(plans > 0 && plans < bytes.count / 2)
    }

    @Test func everyBeginningOfBudgetsIsAnswered() {
        let bytes = Array(wholeBudgets.utf8)
        for count in 0..<bytes.count {
            let text = String(decoding: bytes.prefix(count), as: UTF8.self)
            #expect((try? Reading().budgets(text)) == nil, "\(count) bytes")
        }
    }

    @Test(arguments: 0..<4)
    func spoiledPlansAreAnswered(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let reading = Reading()
        for _ in 0..<500 {
            let text = generator.spoil(wholePlan, with: smallPlan)
            expectPlaces(in: text) { () throws(Diagnostics) in try reading.plan(text) }
        }
    }

    @Test(arguments: 0..<4)
    func spoiledBudgetsAreAnswered(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let reading = Reading()
        for _ in 0..<1000 {
            let text = generator.spoil(wholeBudgets, with: smallBudgets)
            expectPlaces(in: text) { () throws(Diagnostics) in try reading.budgets(text, steps: ["log in"]) }
        }
    }

    @Test(arguments: 0..<4)
    func spoiledTablesAreAnswered(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var reading = Reading()
        for _ in 0..<300 {
            let table = generator.spoil(
                "name,city\r\n\"ann\",\"Os\"\"lo\"\nbob,\"Bergen,\nwest\"\n", with: "\r\n\",\"\n")
            reading.files["ci/users.csv"] = Array(table.utf8)
            expectPlaces(in: smallPlan) { () throws(Diagnostics) in try reading.plan(smallPlan) }
        }
    }

    @Test func aliasesThatWouldGrowWithoutEndAreRefusedAtOnce() {
        var text = "a0: &a0 [x, x]\n"
        for level in 1...40 { text += "a\(level): &a\(level) [*a\(level - 1), *a\(level - 1)]\n" }
        text += "? *a40\n: 1\n? *a40\n: 2\n"
        #expect(
            Reading.diagnostics { () throws(Diagnostics) in try Reading().plan(text) }
                == "perfgate.yml:1:5: anchors and aliases are not taken (write the value where it is used)\n")
    }

    @Test func longLinesOfManyValuesAreReadInLinearTime() {
        let text = "{ \"version\": [" + String(repeating: "1,", count: 100_000) + "1] }"
        let found = Reading.diagnostics { () throws(Diagnostics) in try Reading().budgets(text) }
        #expect(
            found == """
                thresholds.json:1:1: "budgets" is missing (for example "budgets": { "latency.p90": { "max": "250ms" } })
                thresholds.json:1:14: version: expected a whole number, found a list

                """)
    }

    /// Every diagnostic names a place that exists, a message and no line break.
    private func expectPlaces<Value>(in text: String, _ read: () throws(Diagnostics) -> Value) {
        do {
            _ = try read()
        } catch {
            #expect(!error.all.isEmpty)
            let lines = text.unicodeScalars.count { "\n\r\u{85}\u{2028}\u{2029}".unicodeScalars.contains($0) } + 2
            for diagnostic in error.all {
                #expect((1...lines).contains(diagnostic.place.line), "\(diagnostic.text)")
                #expect(diagnostic.place.column >= 1)
                #expect(!diagnostic.message.isEmpty)
                #expect(!diagnostic.text.contains { $0.isNewline })
            }
        }
    }
}

extension SeededGenerator {
    /// A text with one to six changes: bytes replaced, removed, doubled, moved or taken from another text.
    mutating func spoil(_ text: String, with other: String) -> String {
        var bytes = Array(text.utf8)
        let spare = Array(other.utf8)
        let special = Array("{}[]:,\"'&*!|>%@`#-?~\\\n\t \u{0}0129.eE+xyünull".utf8)
        for _ in 0..<Int.random(in: 1...6, using: &self) where !bytes.isEmpty {
            let start = Int.random(in: 0..<bytes.count, using: &self)
            let end = min(bytes.count, start + Int.random(in: 1...30, using: &self))
            switch Int.random(in: 0..<6, using: &self) {
            case 0: bytes[start] = special[Int.random(in: 0..<special.count, using: &self)]
            case 1: bytes[start] = UInt8.random(in: 0...255, using: &self)
            case 2: bytes.removeSubrange(start..<end)
            case 3: bytes.insert(contentsOf: bytes[start..<end], at: start)
            case 4: bytes.insert(special[Int.random(in: 0..<special.count, using: &self)], at: start)
            default:
                let first = Int.random(in: 0..<spare.count, using: &self)
                let last = min(spare.count, first + Int.random(in: 1...30, using: &self))
                bytes.replaceSubrange(start..<end, with: spare[first..<last])
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
