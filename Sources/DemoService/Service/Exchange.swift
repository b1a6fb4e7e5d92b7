import NIOCore
import NIOHTTP1

/// A request that has arrived completely.
struct Request: Sendable {
    let head: HTTPRequestHead
    let body: Body

    /// What followed the head.
    enum Body: Sendable {
        case complete(ByteBuffer)
        case tooLarge
    }

    /// The target up to the question mark.
    var path: Substring {
        head.uri.prefix { $0 != "?" }
    }

    /// The first value of a query parameter, taken as it stands.
    func query(_ name: String) -> Substring? {
        guard let question = head.uri.firstIndex(of: "?") else { return nil }
        for parameter in head.uri[question...].dropFirst().split(separator: "&") {
            let parts = parameter.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if parts[0] == name {
                return parts.count == 2 ? parts[1] : ""
            }
        }
        return nil
    }
}

/// A JSON answer.
struct Response: Sendable {
    var status: HTTPResponseStatus
    var body: ByteBuffer
    var keepsAlive = true

    init(_ status: HTTPResponseStatus, _ value: JSONValue) {
        self.status = status
        self.body = value.rendered()
    }

    static func problem(_ status: HTTPResponseStatus, _ text: String) -> Response {
        Response(status, .object([("error", .string(text))]))
    }
}
