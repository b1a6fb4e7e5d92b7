/// Reads what a request sends.
struct BodyReader {
    let variables: Variables
    let readFile: (String) -> Result<[UInt8], FileProblem>

    /// Of a file, and of all parts of a form together.
    static let maximumBytes = 16 << 20
    static let maximumParts = 100

    /// The body a step has; nil without one, and after a report.
    func read(_ fields: Fields, method: String?) -> Scenario.Body? {
        let present = fields.present(KeyList.bodies)
        guard let first = present.first else {
            fields.member("content-type")?.report("\"content-type\" is of no use without a body")
            return nil
        }
        for second in present.dropFirst() {
            second.report("\(quoted(second.key)) beside \(quoted(first.key)): a step sends one body")
        }
        if let method, KeyList.methodsWithoutBody.contains(method.lowercased()) {
            first.report("a \(method) request has no body", hint: "use post, put, patch or delete")
        }
        let type = fields.optional("content-type").flatMap { contentType($0) }
        if first.key == "multipart", let member = fields.member("content-type") {
            member.report("the type of a form is set by perfgate", hint: "its parts can have types")
        }
        guard let (content, usual) = content(first) else { return nil }
        return Scenario.Body(contentType: type ?? usual, content: content)
    }

    /// The body's content and its usual type.
    private func content(_ member: Member) -> (Scenario.Body.Content, String)? {
        switch member.key {
        case "json":
            let reader = JSONBodyReader(variables: variables)
            return reader.read(member.value).map { (.text($0), "application/json") }
        case "text": return text(member.value).map { (.text($0), "text/plain; charset=utf-8") }
        case "multipart": return parts(member.value).map { (.form($0), "multipart/form-data") }
        default: return file(member.value).map { (.bytes($0), "application/octet-stream") }
        }
    }

    private func text(_ cursor: Cursor) -> Template? {
        guard let text = cursor.text() else { return nil }
        return TemplateReader(variables: variables, cursor: cursor).read(text, for: .body)
    }

    private func file(_ cursor: Cursor) -> [UInt8]? {
        guard let path = cursor.line("the path of a file") else { return nil }
        switch readFile(path) {
        case .failure(let problem):
            cursor.report("cannot read \(quoted(path)): \(shortened(problem.reason))")
        case .success(let bytes):
            if bytes.count <= Self.maximumBytes { return bytes }
            cursor.report("\(quoted(path)) has \(bytes.count) bytes; at most \(Self.maximumBytes) are sent")
        }
        return nil
    }

    private func parts(_ cursor: Cursor) -> [Scenario.FormPart]? {
        guard let items = cursor.items() else { return nil }
        if items.isEmpty { cursor.report("the form has no part") }
        if items.count > Self.maximumParts {
            cursor.report("the form has \(items.count) parts; at most \(Self.maximumParts) are sent")
            return nil
        }
        let parts = items.compactMap { part($0) }
        let size = parts.reduce(0) { $0 + $1.literalSize }
        if size > Self.maximumBytes {
            cursor.report("the form has \(size) bytes; at most \(Self.maximumBytes) are sent")
            return nil
        }
        return parts
    }

    private func part(_ cursor: Cursor) -> Scenario.FormPart? {
        guard let fields = cursor.fields(.formPart) else { return nil }
        let name = fields.required("name", example: "name: photo").flatMap { $0.line("a name") }
        let filename = fields.optional("filename").map { $0.line("a name") }
        let type = fields.optional("content-type").map { contentType($0) }
        let present = fields.present(["text", "file"])
        for second in present.dropFirst() {
            second.report("\(quoted(second.key)) beside \(quoted(present[0].key)): a part holds one of them")
        }
        guard let first = present.first else {
            cursor.report("the part holds nothing", hint: "write text or file")
            return nil
        }
        if first.key == "text" {
            guard let text = text(first.value), let name else { return nil }
            return Scenario.FormPart(
                name: name, filename: filename ?? nil, contentType: type ?? nil, content: .text(text))
        }
        guard let bytes = file(first.value), let name, let path = first.value.scalar?.text else { return nil }
        let usual = path.split(separator: "/").last.map(String.init)
        return Scenario.FormPart(
            name: name, filename: filename ?? usual, contentType: type ?? "application/octet-stream",
            content: .bytes(bytes))
    }

    private func contentType(_ cursor: Cursor) -> String? {
        guard let type = cursor.line("a media type like application/json") else { return nil }
        guard type.contains("/"), type.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) else {
            cursor.report("\(quoted(type)) is not a media type", hint: "for example application/json")
            return nil
        }
        return type
    }
}

extension Scenario.FormPart {
    fileprivate var literalSize: Int {
        switch content {
        case .bytes(let bytes): bytes.count
        case .text(let template):
            template.segments.reduce(0) { sum, segment in
                if case .literal(let text) = segment { sum + text.utf8.count } else { sum }
            }
        }
    }
}
