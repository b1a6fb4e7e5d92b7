import HTTPWire

/// Dates in cookies, which come in many notations (RFC 6265, section 5.1.1).
enum CookieDate {
    /// Seconds since 1970, nil where the text is not a date.
    static func seconds(_ text: UnsafeRawBufferPointer) -> Int64? {
        var time: (hour: Int, minute: Int, second: Int)?
        var day: Int?
        var month: Int?
        var year: Int?
        var index = 0
        while index < text.count {
            let start = index
            while index < text.count, !isDelimiter(text[index]) { index += 1 }
            if index == start {
                index += 1
                continue
            }
            let token = UnsafeRawBufferPointer(rebasing: text[start..<index])
            if time == nil, let found = clock(token) {
                time = found
            } else if day == nil, let found = number(token, digits: 1...2) {
                day = found
            } else if month == nil, let found = monthNumber(token) {
                month = found
            } else if year == nil, let found = number(token, digits: 2...4) {
                year = found
            }
        }
        guard let time, let day, let month, var year else { return nil }
        if year < 70 { year += 2000 } else if year < 100 { year += 1900 }
        guard (1...31).contains(day), year >= 1601, time.hour <= 23, time.minute <= 59, time.second <= 59 else {
            return nil
        }
        let days = days(year: year, month: month, day: day)
        return Int64(days) * 86_400 + Int64(time.hour * 3600 + time.minute * 60 + time.second)
    }

    private static func isDelimiter(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x09, 0x20...0x2F, 0x3B...0x40, 0x5B...0x60, 0x7B...0x7E: true
        default: false
        }
    }

    /// A number the token begins with, which no further digit follows.
    private static func number(_ token: UnsafeRawBufferPointer, digits: ClosedRange<Int>) -> Int? {
        let leading = token.prefix(while: Octets.isDigit)
        guard digits.contains(leading.count) else { return nil }
        return leading.reduce(0) { $0 * 10 + Int($1 - 0x30) }
    }

    private static func clock(_ token: UnsafeRawBufferPointer) -> (hour: Int, minute: Int, second: Int)? {
        var parts: [Int] = []
        var rest = token[...]
        while parts.count < 3 {
            let part = UnsafeRawBufferPointer(rebasing: rest)
            guard let value = number(part, digits: 1...2) else { return nil }
            parts.append(value)
            rest = rest.dropFirst(part.prefix(while: Octets.isDigit).count)
            if parts.count == 3 { break }
            guard rest.first == Octets.colon else { return nil }
            rest = rest.dropFirst()
        }
        return (parts[0], parts[1], parts[2])
    }

    private static func monthNumber(_ token: UnsafeRawBufferPointer) -> Int? {
        guard token.count >= 3 else { return nil }
        let letters = token.prefix(3).map(Octets.lowercased)
        let names = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
        return names.firstIndex { Array($0.utf8) == letters }.map { $0 + 1 }
    }

    /// Days since 1970-01-01 in the Gregorian calendar, years counted from March so that leap days come last.
    private static func days(year: Int, month: Int, day: Int) -> Int {
        let shifted = month <= 2 ? year - 1 : year
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        let leapDays = shifted / 4 - shifted / 100 + shifted / 400
        return shifted * 365 + leapDays + dayOfYear - 719_468
    }
}
