import HTTPWire
import Plans

/// Compares a whole response with what its step expects.
struct ResponseJudge {
    let user: VirtualUser
    let data: [DataBytes]
    let scratch: RenderBuffer
    let matcher: PatternMatcher
    /// From the sending of the request to the end of the response, in nanoseconds.
    let serviceTime: UInt64

    /// Why the response fails, nil when it passes every check; captured values are kept in the user.
    func failure() -> String? {
        let step = user.step
        for check in step.checks {
            if let reason = failure(of: check) { return reason }
        }
        for capture in step.captures {
            if let reason = take(capture) { return reason }
        }
        return nil
    }

    private func failure(of check: CheckProgram) -> String? {
        let status = user.status
        switch check {
        case .acceptedStatus:
            return (200..<400).contains(status) ? nil : "status \(status), expected 200 to 399"
        case .status(let accepted):
            if accepted.contains(status) { return nil }
            return "status \(status), expected \(ReasonText.ranges(accepted))"
        case .header(let name, let key, let contains):
            guard render(contains) else { return "the expected value of header \(name) has a variable without value" }
            var isThere = false
            let hit: Bool? = user.response.firstValue(named: key) { value in
                isThere = true
                return ByteSearch.contains(value, scratch.bytes) ? true : nil
            }
            if hit == true { return nil }
            return isThere ? "header \(name) does not contain \(quoted)" : "header \(name) is missing"
        case .body(let contains):
            if let reason = obstacle { return reason }
            guard render(contains) else { return "the expected body text has a variable without value" }
            let hit = user.body.withUnsafeBytes { ByteSearch.contains($0, scratch.bytes) }
            return hit ? nil : "the body does not contain \(quoted)"
        case .bodyMatches(let pattern):
            if let reason = obstacle { return reason }
            let hit = user.body.withUnsafeBytes { matcher.matches(pattern, in: $0) }
            return hit ? nil : "the body does not match \"\(pattern.text)\""
        case .json(let path, let elements, let expected, let bytes):
            if let reason = obstacle { return reason }
            return user.body.withUnsafeBytes { body in
                switch look(elements, in: body) {
                case .failure(let reason): reason
                case .success(let found):
                    matches(found, expected, bytes, in: body)
                        ? nil
                        : "\(path) is \(words(found, in: body))"
                            + ", expected \(words(expected))"
                }
            }
        case .size(let minimum, let maximum):
            if let reason = encoding { return reason }
            let size = user.bodyBytes
            if let minimum, size < minimum { return "the body has \(size) bytes, expected \(minimum) or more" }
            if let maximum, size > maximum { return "the body has \(size) bytes, expected \(maximum) or fewer" }
            return nil
        case .time(let maximum):
            // Without the time it took: every response would be a reason of its own.
            return serviceTime <= maximum ? nil : "the response took longer than \(ReasonText.time(maximum))"
        }
    }

    private func take(_ capture: CaptureProgram) -> String? {
        // Words are made for failures alone.
        var what: String { "capture \(capture.variable)" }
        switch capture.source {
        case .header(let name, let key):
            // The value is copied out first: the store may not be changed while the user's parser is being read.
            scratch.removeAll()
            let found: Bool? = user.response.firstValue(named: key) { value in
                scratch.append(value)
                return true
            }
            guard found == true else { return "\(what): header \(name) is missing" }
        case .json(let path, let elements):
            if let reason = obstacle { return "\(what): \(reason)" }
            let reason: String? = user.body.withUnsafeBytes { body in
                switch look(elements, in: body) {
                case .failure(let reason): return "\(what): \(reason)"
                case .success(let found):
                    guard copy(found, from: body) else { return "\(what): \(path) is \(words(found, in: body))" }
                    return nil
                }
            }
            if let reason { return reason }
        case .pattern(let pattern):
            if let reason = obstacle { return "\(what): \(reason)" }
            let found = user.body.withUnsafeBytes { matcher.find(pattern, in: $0) }
            guard let found else { return "\(what): the body does not match \"\(pattern.text)\"" }
            guard let range = pattern.hasGroup ? found.group : found.whole else {
                return "\(what): the group of \"\(pattern.text)\" took no part in the match"
            }
            scratch.removeAll()
            user.body.withUnsafeBytes { scratch.append(UnsafeRawBufferPointer(rebasing: $0[range])) }
        }
        guard scratch.count <= LoadGeneratorOptions.capturedBytes else {
            return "\(what): the value is larger than \(LoadGeneratorOptions.capturedBytes) bytes"
        }
        user.captures.set(capture.slot, scratch.bytes)
        return nil
    }

    private enum Looked {
        case success(JSONScanner.Found)
        case failure(String)
    }

    private func look(_ elements: [JSONScanner.Element], in body: UnsafeRawBufferPointer) -> Looked {
        do throws(JSONScanner.Failure) {
            return .success(try JSONScanner.find(elements, in: body))
        } catch {
            switch error {
            case .malformed(let offset): return .failure("the body is not valid JSON (at byte \(offset))")
            case .tooDeep: return .failure("the body's JSON is nested deeper than \(JSONScanner.maximumDepth) levels")
            }
        }
    }

    /// Copies a scalar's text into the scratch; objects, arrays, null and nothing have none.
    private func copy(_ found: JSONScanner.Found, from body: UnsafeRawBufferPointer) -> Bool {
        scratch.removeAll()
        switch found {
        case .string(let range): JSONText.decode(body, range) { scratch.append($0) }
        case .number(let range): scratch.append(UnsafeRawBufferPointer(rebasing: body[range]))
        case .bool(let value): scratch.append(Array((value ? "true" : "false").utf8))
        case .nothing, .null, .object, .array: return false
        }
        return true
    }

    private func matches(
        _ found: JSONScanner.Found, _ expected: JSONScalar, _ bytes: [UInt8], in body: UnsafeRawBufferPointer
    ) -> Bool {
        switch (found, expected) {
        case (.string(let range), .string): JSONText.equals(body, range, bytes)
        case (.number(let range), .number(let number)): Double(String(decoding: body[range], as: UTF8.self)) == number
        case (.bool(let value), .bool(let wanted)): value == wanted
        case (.null, .null): true
        default: false
        }
    }

    /// Why the body cannot be looked at.
    private var obstacle: String? { encoding ?? overflow }

    private var encoding: String? {
        guard user.response.hasContentEncoding, !user.isDecoding, user.response.bodyBytes > 0 else { return nil }
        var names: [String] = []
        user.response.forEachField { name, value in
            if Octets.equals(name, ignoringCase: "content-encoding") {
                names.append(String(decoding: value, as: UTF8.self))
            }
        }
        let coding = names.joined(separator: ", ")
        if coding.isEmpty || coding.lowercased() == "identity" { return nil }
        let what = "the body is encoded with \"\(coding)\""
        return user.step.decodes
            ? "\(what), and only gzip or deflate is decoded" : "\(what) although the step accepts no encoding"
    }

    private var overflow: String? {
        user.bodyOverflowed ? "the body is larger than \(LoadGeneratorOptions.keptBodyBytes) bytes" : nil
    }

    private func render(_ text: TextProgram) -> Bool {
        scratch.removeAll()
        return text.render(into: scratch, for: user, data: data)
    }

    private var quoted: String { "\"\(ReasonText.excerpt(scratch.bytes))\"" }

    private func words(_ found: JSONScanner.Found, in body: UnsafeRawBufferPointer) -> String {
        switch found {
        case .nothing: "missing"
        case .string(let range):
            "\"\(ReasonText.excerpt(UnsafeRawBufferPointer(rebasing: body[range])))\""
        case .number(let range): ReasonText.excerpt(UnsafeRawBufferPointer(rebasing: body[range]))
        case .bool(let value): value ? "true" : "false"
        case .null: "null"
        case .object: "an object"
        case .array: "an array"
        }
    }

    private func words(_ scalar: JSONScalar) -> String {
        switch scalar {
        case .string(let text): "\"\(text)\""
        case .number(let number):
            number == number.rounded() && abs(number) < 1e15 ? String(Int64(number)) : String(number)
        case .bool(let value): value ? "true" : "false"
        case .null: "null"
        }
    }
}
