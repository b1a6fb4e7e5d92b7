/// The request line and header fields of one request, for callers off the hot path.
package struct RequestHead: Sendable, Equatable {
    package var method: String
    /// Path and query, beginning with a slash.
    package var target: String
    /// In the order they are sent; `Host` and `Content-Length` are added by ``rendered(for:bodyLength:)``.
    package var fields: [(name: String, value: String)]

    package init(method: String = "GET", target: String, fields: [(name: String, value: String)] = []) {
        self.method = method
        self.target = target
        self.fields = fields
    }

    package static func == (left: RequestHead, right: RequestHead) -> Bool {
        left.method == right.method && left.target == right.target
            && left.fields.elementsEqual(right.fields, by: ==)
    }

    /// The bytes to send, up to and including the empty line; `bodyLength` is nil for a request without a body.
    ///
    /// The endpoint's base path is put before the target. Anything that could end a line early is refused, never sent.
    package func rendered(for endpoint: Endpoint, bodyLength: Int? = nil) throws(RequestError) -> [UInt8] {
        guard !method.isEmpty, method.utf8.allSatisfy(Octets.isToken) else { throw .malformedMethod }
        guard target.hasPrefix("/"), target.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else { throw .malformedTarget }
        var bytes: [UInt8] = []
        bytes += "\(method) \(endpoint.path)\(target) HTTP/1.1\r\nHost: \(endpoint.hostField)\r\n".utf8
        for (name, value) in fields {
            guard !name.isEmpty, name.utf8.allSatisfy(Octets.isToken) else { throw .malformedFieldName }
            guard value.utf8.allSatisfy(Octets.isFieldValue) else { throw .malformedFieldValue(name: name) }
            bytes += "\(name): \(value)\r\n".utf8
        }
        if let bodyLength { bytes += "Content-Length: \(bodyLength)\r\n".utf8 }
        bytes += "\r\n".utf8
        return bytes
    }
}

/// Why a request cannot be written without changing its meaning.
package enum RequestError: Error, Sendable, Equatable {
    case malformedMethod
    case malformedTarget
    case malformedFieldName
    case malformedFieldValue(name: String)
}

extension RequestError: CustomStringConvertible {
    /// The error in one sentence without its final stop.
    package var description: String {
        switch self {
        case .malformedMethod: "the method has a character a method cannot have"
        case .malformedTarget: "the target does not begin with a slash or has a character a target cannot have"
        case .malformedFieldName: "a header field's name has a character a name cannot have"
        case .malformedFieldValue(let name): "the header \(name) has a line break or another control character"
        }
    }
}
