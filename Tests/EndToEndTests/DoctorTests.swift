import Foundation
import TestSupport
import Testing

/// `perfgate doctor` as a user runs it.
@Suite(.alone) struct DoctorTests {
    private let gate: Gate

    init() throws { gate = try Gate(plan: "", budgets: "{}") }

    @Test func aMachineThatCanMeasure() throws {
        let result = try gate.perfgate(["doctor"])
        #expect(result.status == 0, "\(result.output)\(result.error)")
        #expect(result.output.hasPrefix("perfgate "))
        #expect(result.output.contains("\n\nperfgate can measure here. "))
        #expect(result.error == "")
    }

    @Test func forPrograms() throws {
        struct Document: Decodable {
            let schema: Int
            let canMeasure: Bool
        }
        let result = try gate.perfgate(["doctor", "--format", "json"])
        #expect(result.status == 0)
        let document = try JSONDecoder().decode(Document.self, from: Data(result.output.utf8))
        #expect(document.schema == 1)
        #expect(document.canMeasure)
    }

    /// With one descriptor left, a socket can be listened on but none connected to it.
    @Test func aMachineThatCannotMeasure() throws {
        let limited = "ulimit -n 4 && exec \(Gate.executable) doctor"
        let result = try Command("/bin/sh", ["-c", limited], in: gate.folder).wait()
        #expect(result.status == 1)
        #expect(
            result.sentences.hasSuffix(
                "perfgate cannot measure here: sockets: a socket cannot be made: Too many open files."),
            "\(result.output)")
    }
}
