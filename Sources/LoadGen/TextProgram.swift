import HTTPWire
import Plans

/// A template made ready for rendering: literal bytes, and places whose variables are looked up by number.
struct TextProgram: Sendable {
    enum Part: Sendable {
        case literal(Range<Int>)
        case data(set: Int, column: Int)
        case captured(slot: Int)
        case iteration
        case user
    }

    /// What happens to a value on its way into the text.
    enum Encoding: Sendable {
        case verbatim
        case json
        case url
        /// Nothing is changed, but a control character makes the rendering fail.
        case fieldValue
    }

    private let literals: [UInt8]
    private let parts: [Part]
    private let encoding: Encoding

    /// Reads a template; `slots` numbers the variables captured by earlier steps.
    init(_ template: Template, encoding: Encoding, slots: [String: Int], data: [DataBytes]) throws(LoadError) {
        var literals: [UInt8] = []
        var parts: [Part] = []
        for segment in template.segments {
            switch segment {
            case .literal(let text):
                let start = literals.count
                literals.append(contentsOf: text.utf8)
                parts.append(.literal(start..<literals.count))
            case .variable(.data(let set, let column)):
                guard data.indices.contains(set), data[set].hasColumn(column) else {
                    throw .invalidPlan("a template names column \(column) of data set \(set), which does not exist")
                }
                parts.append(.data(set: set, column: column))
            case .variable(.captured(let name)):
                guard let slot = slots[name] else {
                    throw .invalidPlan("no earlier step of the flow captures \"\(name)\"")
                }
                parts.append(.captured(slot: slot))
            case .variable(.iteration): parts.append(.iteration)
            case .variable(.user): parts.append(.user)
            }
        }
        self.literals = literals
        self.parts = parts
        self.encoding = encoding
    }

    init(literal: [UInt8]) {
        literals = literal
        parts = [.literal(0..<literal.count)]
        encoding = .verbatim
    }

    /// The whole text, where it has no variables.
    var constant: [UInt8]? {
        for part in parts { guard case .literal = part else { return nil } }
        return literals
    }

    /// The text's literal bytes, for checks when the plan is read.
    var literalBytes: [UInt8] { literals }

    /// Writes the text; false when a value cannot stand where it is put, or was never captured.
    @inline(__always)
    func render(into buffer: RenderBuffer, for user: VirtualUser, data: [DataBytes]) -> Bool {
        var sound = true
        for part in parts {
            switch part {
            case .literal(let range):
                literals.withUnsafeBytes { buffer.append(UnsafeRawBufferPointer(rebasing: $0[range])) }
            case .data(let set, let column):
                data[set].with(user, column: column) { value in
                    if !write(value, into: buffer) { sound = false }
                }
            case .captured(let slot):
                let found = user.captures.with(slot) { value in
                    if !write(value, into: buffer) { sound = false }
                }
                if !found { sound = false }
            case .iteration: buffer.append(decimal: user.iteration)
            case .user: buffer.append(decimal: UInt64(user.index))
            }
        }
        return sound
    }

    private func write(_ value: UnsafeRawBufferPointer, into buffer: RenderBuffer) -> Bool {
        switch encoding {
        case .verbatim: buffer.append(value)
        case .json: for byte in value { Self.writeJSON(byte, into: buffer) }
        case .url: for byte in value { Self.writeURL(byte, into: buffer) }
        case .fieldValue:
            for byte in value where !Octets.isFieldValue(byte) { return false }
            buffer.append(value)
        }
        return true
    }

    private static func writeJSON(_ byte: UInt8, into buffer: RenderBuffer) {
        switch byte {
        case 0x22, 0x5C:
            buffer.append(0x5C)
            buffer.append(byte)
        case 0..<0x20:
            buffer.append(0x5C)
            buffer.append(0x75)
            buffer.append(0x30)
            buffer.append(0x30)
            buffer.append(hexDigit(byte >> 4))
            buffer.append(hexDigit(byte & 15))
        default: buffer.append(byte)
        }
    }

    /// Leaves unreserved characters (RFC 3986, section 2.3) and percent-encodes all others.
    private static func writeURL(_ byte: UInt8, into buffer: RenderBuffer) {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E: buffer.append(byte)
        default:
            buffer.append(0x25)
            buffer.append(hexDigit(byte >> 4))
            buffer.append(hexDigit(byte & 15))
        }
    }

    private static func hexDigit(_ nibble: UInt8) -> UInt8 { nibble < 10 ? 0x30 + nibble : 0x37 + nibble }
}
