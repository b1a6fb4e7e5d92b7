@testable import LoadGen

/// What must hold of a jar of cookies whatever it is given; for the tests and for `ci/fuzz`.
enum CookieExercise {
    private static let now: UInt64 = 1_000_000_000_000

    /// What does not hold, nil where all does; every line is the value of a `Set-Cookie` field.
    static func problem(_ input: [UInt8]) -> String? {
        let jar = CookieJar(host: "shop.example.com")
        let request = RenderBuffer()
        let path = Array("/a/b".utf8)
        for line in input.split(separator: 0x0A) {
            // Fields come without control characters; the parser sees to it.
            let field = line.filter { $0 >= 0x20 && $0 != 0x7F }
            field.withUnsafeBytes { jar.take($0, path: path, now: now) { 1_700_000_000 } }
            if jar.count > CookieJar.maximumCount { return "there are too many cookies" }
        }
        path.withUnsafeBytes { jar.write(to: request, path: $0) }
        if request.bytes.dropLast(2).contains(where: { $0 < 0x20 }) { return "a field is broken in two" }
        if request.count > CookieJar.maximumCount * (CookieJar.maximumBytes + 3) + 16 { return "the field is too long" }
        jar.removeExpired(.max)
        return jar.count == 0 ? nil : "a cookie outlives everything"
    }
}
