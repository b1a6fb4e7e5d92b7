/// Bytes as lines, without their line ends.
struct TextLines {
    let bytes: [UInt8]
    private let starts: [Int]

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        var starts = [0]
        for index in bytes.indices where bytes[index] == UInt8(ascii: "\n") { starts.append(index + 1) }
        self.starts = starts
    }

    var count: Int { starts.count }

    subscript(index: Int) -> ArraySlice<UInt8> {
        let start = starts[index]
        var end = index + 1 < starts.count ? starts[index + 1] - 1 : bytes.count
        if end > start, bytes[end - 1] == UInt8(ascii: "\r") { end -= 1 }
        return bytes[start..<end]
    }
}

extension ArraySlice<UInt8> {
    var text: String { String(decoding: self, as: UTF8.self) }

    func starts(with text: StaticString) -> Bool {
        text.withUTF8Buffer { starts(with: $0) }
    }

    /// Where a text begins, at or after the start of the slice.
    func firstRange(of text: StaticString) -> Range<Int>? {
        text.withUTF8Buffer { wanted in
            guard let first = wanted.first, count >= wanted.count else { return nil }
            var index = startIndex
            while index <= endIndex - wanted.count {
                if self[index] == first, self[index...].starts(with: wanted) { return index..<index + wanted.count }
                index += 1
            }
            return nil
        }
    }

    func lastRange(of text: StaticString) -> Range<Int>? {
        text.withUTF8Buffer { wanted in
            guard count >= wanted.count else { return nil }
            var index = endIndex - wanted.count
            while index >= startIndex {
                if self[index...].starts(with: wanted) { return index..<index + wanted.count }
                index -= 1
            }
            return nil
        }
    }

    /// Takes decimal digits from the front; nil when there are none or more than a number can hold.
    mutating func takeNumber() -> Int? {
        var value = 0
        var index = startIndex
        while index < endIndex, (0x30...0x39).contains(self[index]) {
            let (tens, first) = value.multipliedReportingOverflow(by: 10)
            let (sum, second) = tens.addingReportingOverflow(Int(self[index] - 0x30))
            if first || second { return nil }
            value = sum
            index += 1
        }
        guard index > startIndex else { return nil }
        self = self[index...]
        return value
    }

    func trimmed() -> ArraySlice<UInt8> {
        var slice = self
        while let first = slice.first, first == 0x20 || first == 0x09 { slice = slice.dropFirst() }
        while let last = slice.last, last == 0x20 || last == 0x09 { slice = slice.dropLast() }
        return slice
    }
}
