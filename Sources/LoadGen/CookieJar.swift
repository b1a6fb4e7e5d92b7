import HTTPWire

/// The cookies one virtual user was given by the one host it talks to (RFC 6265).
///
/// Instants are nanoseconds on the monotonic clock. `Secure` and `HttpOnly` are not looked at: a cookie with `Secure` is
/// sent over TLS, and without it too, as where a proxy would speak TLS for the service; no script could read a cookie.
final class CookieJar {
    /// The most cookies that are kept; the oldest one makes room.
    static let maximumCount = 50
    /// The most bytes of a name and its value, as browsers have it; a larger cookie is not taken.
    static let maximumBytes = 4096
    /// The most bytes of an attribute's value; a longer one counts as absent.
    static let maximumAttributeBytes = 1024

    private struct Cookie {
        var name: [UInt8]
        var value: [UInt8]
        var domain: [UInt8]
        var path: [UInt8]
        /// The largest number where it ends with the jar.
        var expiry: UInt64
        /// Counts up with every cookie that is taken.
        var number: Int
    }

    /// Longer paths first, and of one length the older ones, as they are sent.
    private var cookies: [Cookie] = []
    private var taken = 0
    /// Those that every flow begins with.
    private var base: [Cookie] = []
    /// In small letters.
    private let host: [UInt8]
    private let hostIsAddress: Bool

    init(host: String) {
        self.host = host.utf8.map(Octets.lowercased)
        let isVersion4 = host.utf8.allSatisfy { Octets.isDigit($0) || $0 == 0x2E }
        hostIsAddress = isVersion4 || host.utf8.contains(Octets.colon)
    }

    var count: Int { cookies.count }

    func removeAll() { cookies.removeAll(keepingCapacity: true) }

    /// Makes every flow begin with the cookies that are there now.
    func keepForFlows() { base = cookies }

    /// Forgets what the last flow was given.
    func beginFlow() {
        cookies.removeAll(keepingCapacity: true)
        cookies.append(contentsOf: base)
    }

    /// Takes the value of a `Set-Cookie` field, or ignores it where it is malformed or not meant for the host.
    ///
    /// `path` is that of the request, without its query. `wallClock` gives seconds since 1970 and is only asked where a
    /// date is given.
    func take(_ field: UnsafeRawBufferPointer, path: [UInt8], now: UInt64, wallClock: () -> Int64) {
        var parts = Self.parts(field)
        guard let pair = parts.next(), let equals = pair.firstIndex(of: Self.equals) else { return }
        let name = Octets.trimmed(UnsafeRawBufferPointer(rebasing: pair[..<equals]))
        let value = Octets.trimmed(UnsafeRawBufferPointer(rebasing: pair[(equals + 1)...]))
        guard !name.isEmpty, name.count + value.count <= Self.maximumBytes else { return }
        var cookie = Cookie(
            name: Array(name), value: Array(value), domain: host, path: Self.folder(of: path), expiry: .max,
            number: taken)
        var date: Int64?
        var age: Int64?
        var isForeign = false
        while let attribute = parts.next() {
            let split = attribute.firstIndex(of: Self.equals) ?? attribute.count
            let key = Octets.trimmed(UnsafeRawBufferPointer(rebasing: attribute[..<split]))
            let value = Octets.trimmed(UnsafeRawBufferPointer(rebasing: attribute.dropFirst(split + 1)))
            guard value.count <= Self.maximumAttributeBytes else { continue }
            if Octets.equals(key, ignoringCase: "max-age") {
                age = Self.seconds(value) ?? age
            } else if Octets.equals(key, ignoringCase: "expires") {
                date = CookieDate.seconds(value) ?? date
            } else if Octets.equals(key, ignoringCase: "path") {
                cookie.path = value.first == Self.slash ? Array(value) : Self.folder(of: path)
            } else if Octets.equals(key, ignoringCase: "domain"), !value.isEmpty {
                let domain = value.drop { $0 == Self.dot }.map(Octets.lowercased)
                isForeign = !covers(domain)
                cookie.domain = isForeign ? host : domain
            }
        }
        if isForeign { return }
        // An age counts more than a date (section 5.3).
        if let left = age ?? date.map({ $0.subtractingReportingOverflow(wallClock()).partialValue }) {
            cookie.expiry = left <= 0 ? 0 : now &+ UInt64(min(left, 1 << 32)) &* 1_000_000_000
        }
        keep(cookie, now: now)
    }

    private func keep(_ cookie: Cookie, now: UInt64) {
        var cookie = cookie
        if let place = cookies.firstIndex(where: {
            $0.name == cookie.name && $0.path == cookie.path && $0.domain == cookie.domain
        }) {
            cookie.number = cookies[place].number
            if cookie.expiry <= now { cookies.remove(at: place) } else { cookies[place] = cookie }
            return
        }
        guard cookie.expiry > now else { return }
        if cookies.count == Self.maximumCount { removeExpired(now) }
        if cookies.count == Self.maximumCount,
            let oldest = cookies.indices.min(by: { cookies[$0].number < cookies[$1].number })
        {
            cookies.remove(at: oldest)
        }
        taken += 1
        let place = cookies.firstIndex { $0.path.count < cookie.path.count } ?? cookies.count
        cookies.insert(cookie, at: place)
    }

    func removeExpired(_ now: UInt64) {
        if cookies.contains(where: { $0.expiry <= now }) { cookies.removeAll { $0.expiry <= now } }
    }

    /// Writes the `Cookie` field of a request for the path, or nothing where no cookie is meant for it.
    func write(to request: RenderBuffer, path: UnsafeRawBufferPointer) {
        var isFirst = true
        for cookie in cookies where Self.matches(path, cookie.path) {
            request.append(isFirst ? "Cookie: " : "; ")
            isFirst = false
            request.append(cookie.name)
            request.append(Self.equals)
            request.append(cookie.value)
        }
        if !isFirst { request.append("\r\n") }
    }

    private static let equals: UInt8 = 0x3D
    private static let slash: UInt8 = 0x2F
    private static let dot: UInt8 = 0x2E

    /// Whether a cookie of the domain is meant for the host (section 5.1.3).
    private func covers(_ domain: [UInt8]) -> Bool {
        if domain == host { return true }
        guard !hostIsAddress, host.count > domain.count else { return false }
        return host.suffix(domain.count).elementsEqual(domain) && host[host.count - domain.count - 1] == Self.dot
    }

    /// Whether a cookie of the path is meant for a request of the other one (section 5.1.4).
    private static func matches(_ path: UnsafeRawBufferPointer, _ cookie: [UInt8]) -> Bool {
        guard path.count >= cookie.count else { return false }
        for index in 0..<cookie.count where path[index] != cookie[index] { return false }
        return path.count == cookie.count || cookie.last == slash || path[cookie.count] == slash
    }

    /// What the path of a cookie is that does not say (section 5.1.4).
    private static func folder(of path: [UInt8]) -> [UInt8] {
        guard path.first == slash, let last = path.lastIndex(of: slash), last > 0 else { return [slash] }
        return Array(path[..<last])
    }

    /// Seconds to live; what is not a number counts as absent.
    private static func seconds(_ text: UnsafeRawBufferPointer) -> Int64? {
        let isNegative = text.first == 0x2D
        let digits = text.dropFirst(isNegative ? 1 : 0)
        guard !digits.isEmpty, digits.allSatisfy(Octets.isDigit) else { return nil }
        if isNegative { return 0 }
        return digits.reduce(0 as Int64) { min(1 << 40, $0 * 10 + Int64($1 - 0x30)) }
    }

    /// What stands between semicolons.
    private static func parts(_ field: UnsafeRawBufferPointer) -> Parts { Parts(rest: field[...]) }

    private struct Parts {
        var rest: Slice<UnsafeRawBufferPointer>
        var isOver = false

        mutating func next() -> UnsafeRawBufferPointer? {
            if isOver { return nil }
            let end = rest.firstIndex(of: 0x3B) ?? rest.endIndex
            let part = UnsafeRawBufferPointer(rebasing: rest[rest.startIndex..<end])
            isOver = end == rest.endIndex
            if !isOver { rest = rest[(end + 1)...] }
            return part
        }
    }
}
