import Testing

@testable import HTTPWire

@Suite("Octets")
struct OctetsTests {
    @Test("a token is made of letters, digits and fifteen signs")
    func tokens() {
        let signs = Set("!#$%&'*+-.^_`|~".utf8)
        for byte in UInt8.min...UInt8.max {
            let isLetterOrDigit =
                ("a"..."z").contains(Unicode.Scalar(byte)) || ("A"..."Z").contains(Unicode.Scalar(byte))
                || ("0"..."9").contains(Unicode.Scalar(byte))
            #expect(Octets.isToken(byte) == (isLetterOrDigit || signs.contains(byte)), "\(byte)")
        }
    }

    @Test("the first byte that may not stand in a field value is found at every place")
    func fieldValues() {
        for length in 1...19 {
            for place in 0..<length {
                for byte in UInt8.min...UInt8.max {
                    var bytes = [UInt8](repeating: 0x20, count: length)
                    bytes[place] = byte
                    let isForbidden = byte < 0x20 && byte != 0x09 || byte == 0x7F
                    let found = bytes.withUnsafeBytes { Octets.firstForbidden(inFieldValue: $0) }
                    #expect(found == (isForbidden ? place : nil), "\(byte) at \(place) of \(length)")
                }
            }
        }
        let two: [UInt8] = Array("value\t of nine\u{7F} and \u{1}".utf8)
        #expect(two.withUnsafeBytes { Octets.firstForbidden(inFieldValue: $0) } == 14)
    }
}
