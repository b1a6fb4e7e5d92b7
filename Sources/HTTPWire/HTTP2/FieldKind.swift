/// What a header field means to an HTTP/2 endpoint (RFC 9113, section 8), found once and kept with entries of tables.
enum FieldKind: UInt8, Sendable {
    case plain
    case status
    case contentLength
    /// A pseudo-header field no response has.
    case otherPseudo
    /// A field of HTTP/1.1 connections, which HTTP/2 forbids.
    case connectionSpecific
    case upperCaseName
    case malformedName
    case malformedValue

    init(name: UnsafeRawBufferPointer, value: UnsafeRawBufferPointer) {
        self = Self.ofName(name)
        switch self {
        case .upperCaseName, .malformedName: return
        default: break
        }
        if Self.isMalformed(value: value) {
            self = .malformedValue
        } else if name.count == 2, name[0] == 0x74, name[1] == 0x65, !Octets.equals(value, ignoringCase: "trailers") {
            self = .connectionSpecific
        }
    }

    private static func ofName(_ name: UnsafeRawBufferPointer) -> FieldKind {
        guard let first = name.first else { return .malformedName }
        let isPseudo = first == Octets.colon
        for index in (isPseudo ? 1 : 0)..<name.count {
            let byte = name[index]
            guard Octets.isToken(byte) else { return .malformedName }
            if byte &- 0x41 < 26 { return .upperCaseName }
        }
        if isPseudo { return Octets.equals(name, ignoringCase: ":status") ? .status : .otherPseudo }
        switch name.count {
        case 7 where Octets.equals(name, ignoringCase: "upgrade"),
            10 where Octets.equals(name, ignoringCase: "connection"),
            10 where Octets.equals(name, ignoringCase: "keep-alive"),
            16 where Octets.equals(name, ignoringCase: "proxy-connection"),
            17 where Octets.equals(name, ignoringCase: "transfer-encoding"):
            return .connectionSpecific
        case 14 where Octets.equals(name, ignoringCase: "content-length"): return .contentLength
        default: return .plain
        }
    }

    /// Control characters, and blanks at either end, which a value has no need of once lines do not end it.
    @inline(__always)
    private static func isMalformed(value: UnsafeRawBufferPointer) -> Bool {
        guard let first = value.first, let last = value.last else { return false }
        if first == Octets.space || first == Octets.tab || last == Octets.space || last == Octets.tab { return true }
        return Octets.firstForbidden(inFieldValue: value) != nil
    }
}
