@testable import HTTPWire

/// What must hold of a session of HTTP/2 whatever the peer says; for the tests and for `ci/fuzz`.
enum HTTP2Exercise {
    private static let slots = 3

    /// What came of a connection, with everything that was written.
    private struct Outcome: Equatable {
        var events: [String] = []
        /// The pieces of bodies, by slot.
        var bodies = [[UInt8]](repeating: [], count: HTTP2Exercise.slots)
        var written: [UInt8] = []
        var failure: HTTP2Error?
    }

    /// What does not hold, nil where all does.
    ///
    /// The first byte says what is asked: bits 0 to 2 for a body in each of three requests, bit 3 for TLS. The rest is
    /// what the peer says, without a preface.
    static func problem(_ input: [UInt8]) -> String? {
        guard let how = input.first else { return nil }
        let bytes = Array(input.dropFirst())
        var problem: String?
        let difference = Cuts.compared(bytes) { outcome(how, bytes, cuts: $0, &problem) }.difference
        problem = problem ?? difference
        return problem
    }

    private static func outcome(_ how: UInt8, _ bytes: [UInt8], cuts: [Int], _ problem: inout String?) -> Outcome {
        var session = HTTP2Session(slots: slots, isEncrypted: how & 8 != 0)
        var outcome = Outcome()
        for slot in 0..<slots {
            let body = how >> UInt8(slot) & 1 == 0 ? "" : String(repeating: "b", count: 30_000)
            let request = Array("POST /\(slot) HTTP/1.1\r\nHost: h\r\n\r\n\(body)".utf8)
            guard case .opened = request.withUnsafeBytes({ session.request($0, slot: slot) }) else {
                problem = "a request was not opened"
                return outcome
            }
        }
        let asked = session.output.count
        take(session.output.count, of: &session, &outcome)
        var start = 0
        for end in cuts + [bytes.count] {
            bytes[start..<end].withUnsafeBytes { feed($0, to: &session, &outcome) }
            start = end
            take(session.output.count, of: &session, &outcome)
            for slot in 0..<slots where session[slot].fieldCount > 256 || session[slot].bytes.count > 1 << 16 {
                problem = "a head is larger than its limits"
            }
            if session.decoder.size > 4096 || session.block.count > 65 * HTTP2Frame.largestPayload
                || session.partial.count > HTTP2Frame.largestPayload + 9
            {
                problem = "the session holds more than its limits"
            }
            if session.openStreams < 0 || session.openStreams > slots { problem = "streams are miscounted" }
        }
        // Every answer of the session's is at most twice as long as the frame it answers.
        let bodies = 3 * 30_000 + 9 * 200
        if outcome.written.count > asked + bodies + 2 * bytes.count + 64 { problem = "too much was written" }
        outcome.events.append("open: \((0..<slots).map { session.isOpen($0) }), room: \(session.room)")
        return outcome
    }

    private static func take(_ count: Int, of session: inout HTTP2Session, _ outcome: inout Outcome) {
        outcome.written += session.output.prefix(count)
        session.wrote(count)
    }

    private static func feed(
        _ bytes: UnsafeRawBufferPointer, to session: inout HTTP2Session, _ outcome: inout Outcome
    ) {
        guard outcome.failure == nil else { return }
        var input = bytes
        do throws(HTTP2Error) {
            while let event = try session.next(&input) {
                switch event {
                case .settings: outcome.events.append("settings")
                case .head(let slot):
                    var fields: [String] = []
                    session[slot].forEachField { fields.append("\(Array($0)): \(Array($1))") }
                    outcome.events.append("head \(slot): \(session[slot].status) \(fields)")
                case .body(let slot, let piece): outcome.bodies[slot] += piece
                case .end(let slot): outcome.events.append("end \(slot): \(session[slot].bodyBytes)")
                case .failed(let slot, let error): outcome.events.append("failed \(slot): \(error)")
                case .goAway(let last, let reason): outcome.events.append("goaway \(last): \(reason)")
                }
            }
        } catch {
            outcome.failure = error
        }
    }
}
