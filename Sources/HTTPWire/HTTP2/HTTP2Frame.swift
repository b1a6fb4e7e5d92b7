/// What frames of HTTP/2 are made of (RFC 9113, sections 4 and 6).
enum HTTP2Frame {
    static let headerBytes = 9
    /// The largest payload a peer may send, as nothing else is announced to it.
    static let largestPayload = 16_384
    static let largestWindow = 0x7FFF_FFFF
    /// What either side's windows are before anything is said about them.
    static let defaultWindow = 65_535

    enum Flags {
        static let endStream: UInt8 = 0x1
        static let acknowledgement: UInt8 = 0x1
        static let endHeaders: UInt8 = 0x4
        static let padded: UInt8 = 0x8
        static let priority: UInt8 = 0x20
    }

    enum Setting {
        static let headerTableSize: UInt16 = 1
        static let enablePush: UInt16 = 2
        static let maxConcurrentStreams: UInt16 = 3
        static let initialWindowSize: UInt16 = 4
        static let maxFrameSize: UInt16 = 5
        static let maxHeaderListSize: UInt16 = 6
    }
}

/// The type of a frame.
package enum HTTP2FrameKind: UInt8, Sendable {
    case data = 0
    case headers = 1
    case priority = 2
    case reset = 3
    case settings = 4
    case pushPromise = 5
    case ping = 6
    case goAway = 7
    case windowUpdate = 8
    case continuation = 9
    /// Any type RFC 9113 does not have.
    case unknown = 255
}

extension HTTP2FrameKind: CustomStringConvertible {
    /// The name in the standard.
    package var description: String {
        switch self {
        case .data: "DATA"
        case .headers: "HEADERS"
        case .priority: "PRIORITY"
        case .reset: "RST_STREAM"
        case .settings: "SETTINGS"
        case .pushPromise: "PUSH_PROMISE"
        case .ping: "PING"
        case .goAway: "GOAWAY"
        case .windowUpdate: "WINDOW_UPDATE"
        case .continuation: "CONTINUATION"
        case .unknown: "unknown"
        }
    }
}

/// Why a side gives a stream or the connection up, as it goes over the wire (RFC 9113, section 7).
package struct HTTP2Reason: RawRepresentable, Sendable, Hashable {
    package var rawValue: UInt32

    package init(rawValue: UInt32) { self.rawValue = rawValue }

    package static let noError = HTTP2Reason(rawValue: 0)
    package static let protocolError = HTTP2Reason(rawValue: 1)
    package static let internalError = HTTP2Reason(rawValue: 2)
    package static let flowControlError = HTTP2Reason(rawValue: 3)
    package static let streamClosed = HTTP2Reason(rawValue: 5)
    package static let frameSizeError = HTTP2Reason(rawValue: 6)
    package static let refusedStream = HTTP2Reason(rawValue: 7)
    package static let cancel = HTTP2Reason(rawValue: 8)
    package static let compressionError = HTTP2Reason(rawValue: 9)
    package static let enhanceYourCalm = HTTP2Reason(rawValue: 11)
}

extension HTTP2Reason: CustomStringConvertible {
    private static let names = [
        "NO_ERROR", "PROTOCOL_ERROR", "INTERNAL_ERROR", "FLOW_CONTROL_ERROR", "SETTINGS_TIMEOUT", "STREAM_CLOSED",
        "FRAME_SIZE_ERROR", "REFUSED_STREAM", "CANCEL", "COMPRESSION_ERROR", "CONNECT_ERROR", "ENHANCE_YOUR_CALM",
        "INADEQUATE_SECURITY", "HTTP_1_1_REQUIRED",
    ]

    /// The name in the standard, or the number of one that has none.
    package var description: String {
        rawValue < Self.names.count ? Self.names[Int(rawValue)] : "code \(rawValue)"
    }
}
