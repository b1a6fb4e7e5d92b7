import TestSupport
import Testing

@testable import HTTPWire

extension String {
    func withBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        Array(utf8).withUnsafeBytes(body)
    }
}

/// What came of a connection, comparable as a whole; pieces of a body that follow each other are one.
enum Seen: Equatable {
    case settings
    case head(Int, status: Int, [String])
    case body(Int, String)
    case end(Int)
    case failed(Int, HTTP2Error)
    case goAway(UInt32, HTTP2Reason)
    case broken(HTTP2Error)
}

/// A session whose peer is the test.
final class ScriptedPeer {
    var session: HTTP2Session
    private(set) var seen: [Seen] = []
    /// What the session wrote, before the test looked at it.
    private(set) var largestOutput = 0

    /// A connection whose preface is done with.
    init(slots: Int = 4, isEncrypted: Bool = false, limits: HTTP2Session.Limits = .init(), firstStream: UInt32 = 1) {
        session = HTTP2Session(slots: slots, isEncrypted: isEncrypted, limits: limits, firstStream: firstStream)
        session.wrote(session.output.count)
    }

    var isClosing: Bool { session.isClosing }
    var room: Int { session.room }
    var openStreams: Int { session.openStreams }
    var failure: HTTP2Error? { session.failure }

    func response(_ slot: Int) -> ResponseHead { session[slot] }

    @discardableResult
    func request(_ text: String, slot: Int = 0) -> HTTP2Admission {
        text.withBytes { session.request($0, slot: slot) }
    }

    @discardableResult
    func get(_ slot: Int = 0) -> HTTP2Admission { request("GET / HTTP/1.1\r\nHost: h\r\n\r\n", slot: slot) }

    /// Hands bytes over in pieces that end at the given offsets; returns what came of them.
    @discardableResult
    func feed(_ bytes: [UInt8], cuts: [Int] = []) -> [Seen] {
        let before = seen.count
        var start = 0
        for end in cuts + [bytes.count] where end >= start {
            bytes[start..<end].withUnsafeBytes { piece in
                var input = piece
                do throws(HTTP2Error) {
                    while let event = try session.next(&input) { note(event) }
                    #expect(input.isEmpty)
                } catch {
                    if case .broken = seen.last { return }
                    seen.append(.broken(error))
                }
            }
            largestOutput = max(largestOutput, session.output.count)
            start = end
        }
        return Array(seen[min(before, seen.count)...])
    }

    private func note(_ event: HTTP2Event) {
        switch event {
        case .settings: seen.append(.settings)
        case .head(let slot): seen.append(.head(slot, status: session[slot].status, fields(slot)))
        case .body(let slot, let piece):
            let text = String(decoding: piece, as: UTF8.self)
            if case .body(slot, let before) = seen.last {
                seen[seen.count - 1] = .body(slot, before + text)
            } else {
                seen.append(.body(slot, text))
            }
        case .end(let slot): seen.append(.end(slot))
        case .failed(let slot, let error): seen.append(.failed(slot, error))
        case .goAway(let last, let reason): seen.append(.goAway(last, reason))
        }
    }

    func fields(_ slot: Int) -> [String] {
        var fields: [String] = []
        session[slot].forEachField { name, value in
            fields.append("\(String(decoding: name, as: UTF8.self)): \(String(decoding: value, as: UTF8.self))")
        }
        return fields
    }

    /// The frames written since the last look.
    func written() -> [WireFrame] {
        let frames = WireFrame.all(Array(session.output))
        session.wrote(session.output.count)
        return frames
    }
}

/// A decoder and what it made of blocks, as texts.
final class BlockReader {
    private var decoder: HPACKDecoder

    init(tableSize: Int = 4096, limits: HPACKDecoder.Limits = .init()) {
        decoder = HPACKDecoder(tableSize: tableSize, limits: limits)
    }

    var tableSize: Int { decoder.size }

    func outcome(_ block: [UInt8]) throws(HPACKError) -> (HPACKDecoder.Outcome, [String]) {
        var head = ResponseHead()
        let result: Result<HPACKDecoder.Outcome, HPACKError> = block.withUnsafeBytes { bytes in
            do throws(HPACKError) {
                return .success(try decoder.decode(bytes, into: &head))
            } catch {
                return .failure(error)
            }
        }
        let outcome = try result.get()
        var fields: [String] = []
        head.forEachField { name, value in
            fields.append("\(String(decoding: name, as: UTF8.self)): \(String(decoding: value, as: UTF8.self))")
        }
        return (outcome, fields)
    }

    func fields(_ block: [UInt8]) throws(HPACKError) -> [String] { try outcome(block).1 }
}

/// Bytes written as pairs of hexadecimal digits, blanks left out.
func octets(_ text: String) -> [UInt8] {
    let digits = text.utf8.compactMap(Octets.hexValue)
    return stride(from: 0, to: digits.count - 1, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
}
