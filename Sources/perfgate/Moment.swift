#if canImport(Glibc)
    import Glibc
#endif

/// A moment of UTC, written out.
struct Moment {
    /// As in `2026-11-23T20:37:12Z`.
    let text: String

    static var now: Moment {
        var seconds = time(nil)
        var parts = tm()
        gmtime_r(&seconds, &parts)
        func two(_ number: Int32) -> String { (number < 10 ? "0" : "") + String(number) }
        let day = "\(parts.tm_year + 1900)-\(two(parts.tm_mon + 1))-\(two(parts.tm_mday))"
        return Moment(text: "\(day)T\(two(parts.tm_hour)):\(two(parts.tm_min)):\(two(parts.tm_sec))Z")
    }

    /// As in `2026-11-23`.
    var day: String { String(text.prefix(10)) }

    /// As in `20261123T203712Z`.
    var compact: String { text.filter { $0 != "-" && $0 != ":" } }
}
