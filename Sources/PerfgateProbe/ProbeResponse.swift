import ProbePages

/// An answer to a request below `/debug/pprof/`, for whatever serves HTTP.
public struct ProbeResponse: Sendable, Equatable {
    public var status: Int
    public var contentType: String
    public var body: [UInt8]

    public init(status: Int, contentType: String, body: [UInt8]) {
        self.status = status
        self.contentType = contentType
        self.body = body
    }

    init(_ answer: ProbeAnswer) {
        self.init(status: answer.status, contentType: answer.contentType, body: answer.body)
    }
}
