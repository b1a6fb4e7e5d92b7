/// What goes back to whoever asked.
package struct ProbeAnswer: Sendable, Equatable {
    package var status: Int
    package var contentType: String
    package var body: [UInt8]

    package init(status: Int = 200, contentType: String, body: [UInt8]) {
        self.status = status
        self.contentType = contentType
        self.body = body
    }

    package static func text(_ text: String, status: Int = 200) -> Self {
        Self(status: status, contentType: "text/plain; charset=utf-8", body: Array(text.utf8))
    }

    package static func page(_ html: String) -> Self {
        Self(contentType: "text/html; charset=utf-8", body: Array(html.utf8))
    }

    package static func profile(_ bytes: [UInt8]) -> Self {
        Self(contentType: "application/octet-stream", body: bytes)
    }

    package init(_ refusal: ProbeRefusal) { self = .text(refusal.message + "\n", status: refusal.status) }
}
