import ProbePages

/// An answer to a request below `/debug/pprof/`, for whatever serves HTTP.
public struct ProbeResponse: Sendable, Equatable {
    /// The status of HTTP.
    public var status: Int
    /// The value of the field `Content-Type`.
    public var contentType: String
    /// The content, never compressed beyond what its format is.
    public var body: [UInt8]

    /// A response of these parts.
    public init(status: Int, contentType: String, body: [UInt8]) {
        self.status = status
        self.contentType = contentType
        self.body = body
    }

    init(_ answer: ProbeAnswer) {
        self.init(status: answer.status, contentType: answer.contentType, body: answer.body)
    }
}
