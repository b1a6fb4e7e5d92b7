import HTTPWire
import Plans

/// The parts of a form made ready for rendering (RFC 7578).
struct FormProgram: Sendable {
    private enum Piece: Sendable {
        case literal([UInt8])
        case text(TextProgram)
    }

    /// What stands between the parts, and in none of their literals.
    let boundary: String
    private let boundaryBytes: [UInt8]
    private let pieces: [Piece]

    init(_ parts: [Scenario.FormPart], slots: [String: Int], data: [DataBytes]) throws(LoadError) {
        var contents: [Piece] = []
        for part in parts {
            switch part.content {
            case .bytes(let bytes): contents.append(.literal(bytes))
            case .text(let template):
                let text = try TextProgram(template, encoding: .verbatim, slots: slots, data: data)
                contents.append(text.constant.map { .literal($0) } ?? .text(text))
            }
        }
        let boundary = Self.boundary(
            besides: contents.map { content in
                switch content {
                case .literal(let bytes): bytes
                case .text(let text): text.literalBytes
                }
            })
        var pieces: [Piece] = []
        var literal: [UInt8] = []
        for (part, content) in zip(parts, contents) {
            literal += Self.head(of: part, boundary: boundary).utf8
            switch content {
            case .literal(let bytes): literal += bytes
            case .text:
                pieces += [.literal(literal), content]
                literal = []
            }
            literal += "\r\n".utf8
        }
        pieces.append(.literal(literal + Array("--\(boundary)--\r\n".utf8)))
        self.boundary = boundary
        self.pieces = pieces
        boundaryBytes = Array(boundary.utf8)
    }

    /// Writes the form; a variable that brings the boundary along would end its part early.
    func render(
        into buffer: RenderBuffer, for user: VirtualUser, data: [DataBytes]
    ) throws(StepProgram.RenderFailure) {
        for piece in pieces {
            switch piece {
            case .literal(let bytes): buffer.append(bytes)
            case .text(let text):
                let start = buffer.count
                guard text.render(into: buffer, for: user, data: data) else { throw .body }
                let content = UnsafeRawBufferPointer(rebasing: buffer.bytes[start...])
                let isSplit = boundaryBytes.withUnsafeBytes { ByteSearch.contains(content, $0) }
                if isSplit { throw .boundary }
            }
        }
    }

    private static func head(of part: Scenario.FormPart, boundary: String) -> String {
        var head = "--\(boundary)\r\nContent-Disposition: form-data; name=\"\(escaped(part.name))\""
        if let filename = part.filename { head += "; filename=\"\(escaped(filename))\"" }
        if let type = part.contentType { head += "\r\nContent-Type: \(type)" }
        return head + "\r\n\r\n"
    }

    /// The name as browsers write it; control characters were refused when the plan was read.
    private static func escaped(_ name: String) -> String { name.replacing("\"", with: "%22") }

    /// The same for the same parts on both sides of a comparison, and found in none of them.
    private static func boundary(besides contents: [[UInt8]]) -> String {
        let digest = contents.joined().reduce(0xcbf2_9ce4_8422_2325 as UInt64) {
            ($0 ^ UInt64($1)) &* 0x100_0000_01b3
        }
        return boundary(besides: contents, from: digest)
    }

    /// The first of the boundaries from a number on that none of the contents has.
    static func boundary(besides contents: [[UInt8]], from first: UInt64) -> String {
        var number = first
        while true {
            let digits = String(mixed(number), radix: 16)
            let boundary = "perfgate-" + String(repeating: "0", count: 16 - digits.count) + digits
            let isThere = contents.contains { content in
                content.withUnsafeBytes { content in
                    Array(boundary.utf8).withUnsafeBytes { ByteSearch.contains(content, $0) }
                }
            }
            if !isThere { return boundary }
            number &+= 1
        }
    }
}
