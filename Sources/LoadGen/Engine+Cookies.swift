import HTTPWire
import Plans

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

extension Engine {
    /// Forgets before a user's next flow what the last one was given, unless it is kept for longer.
    func forgetCookies(of user: VirtualUser) {
        if program.cookies == .flow { user.jar?.beginFlow() }
    }

    /// Keeps the cookies of the response a user has just received.
    func takeCookies(of user: VirtualUser, now: UInt64) {
        if program.cookies == .off { return }
        let jar = user.jar ?? CookieJar(host: endpoint.host)
        user.jar = jar
        let path = Array(currentTarget(of: user).utf8.prefix { $0 != 0x3F })
        user.response.forEachField { name, value in
            guard Octets.equals(name, ignoringCase: "set-cookie") else { return }
            jar.take(value, path: path, now: now) { Int64(time(nil)) }
        }
    }
}
