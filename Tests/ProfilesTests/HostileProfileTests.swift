import Profiles
import Testing

/// One broken rule per case; the error and its sentence are exact.
@Suite struct HostileProfileTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let bytes: [UInt8]
        let error: ProfileError
        let message: String

        init(_ name: String, _ error: ProfileError, _ message: String, _ body: (inout ProtobufWriter) -> Void) {
            testDescription = name
            bytes = .protobuf(body)
            self.error = error
            self.message = message
        }
    }

    /// Strings "", "a" and "b", and one sample type.
    private static func base(_ writer: inout ProtobufWriter) {
        for text in ["", "a", "b"] { writer.text(6, text) }
        writer.message(1) {
            $0.number(1, 1)
            $0.number(2, 2)
        }
    }

    static let cases: [Case] = [
        Case("empty", .empty, "the profile is empty") { _ in },
        Case("no string table", .noStringTable, "the profile has no string table") { $0.number(9, 5) },
        Case(
            "first string not empty",
            .firstStringNotEmpty(offset: 0),
            "the first entry of the string table, at byte 0, is not empty"
        ) { $0.text(6, "a") },
        Case(
            "string index too large",
            .stringIndex(field: "function.name", index: 3, count: 3),
            "function.name names string 3, but the string table has 3 entries"
        ) { writer in
            base(&writer)
            writer.message(5) {
                $0.number(1, 1)
                $0.number(2, 3)
            }
        },
        Case(
            "string index −1",
            .stringIndex(field: "default_sample_type", index: -1, count: 3),
            "default_sample_type names string -1, but the string table has 3 entries"
        ) { writer in
            base(&writer)
            writer.number(14, -1)
        },
        Case(
            "string index in a packed comment",
            .stringIndex(field: "comment", index: 9, count: 3),
            "comment names string 9, but the string table has 3 entries"
        ) { writer in
            base(&writer)
            writer.packed(13, [1, 2, 9])
        },
        Case(
            "wire type of a string index",
            .wireType(field: "function.name", expected: 0, found: 2, offset: 18),
            "function.name at byte 18 has wire type 2 where 0 belongs"
        ) { writer in
            base(&writer)
            writer.message(5) {
                $0.number(1, 1)
                $0.text(2, "name")
            }
        },
        Case(
            "wire type of a message",
            .wireType(field: "sample", expected: 2, found: 0, offset: 0),
            "sample at byte 0 has wire type 0 where 2 belongs"
        ) { $0.number(2, 1) },
        Case(
            "unknown wire type",
            .unknownWireType(3, offset: 0),
            "the field at byte 0 has the unknown wire type 3"
        ) { $0.tag(1, 3) },
        Case(
            "eleven bytes of a number",
            .varintTooLong(offset: 1),
            "the number at byte 1 is longer than ten bytes"
        ) {
            $0.tag(9, 0)
            $0.raw([UInt8](repeating: 0x80, count: 10) + [1])
        },
        Case(
            "length beyond the end",
            .truncated(field: "field 6", offset: 4),
            "the profile ends inside field 6, at byte 4"
        ) {
            $0.tag(6, 2)
            $0.raw([200, 1, 0])
        },
        Case(
            "a length of 2⁶⁴ − 1",
            .truncated(field: "field 6", offset: 11),
            "the profile ends inside field 6, at byte 11"
        ) {
            $0.tag(6, 2)
            $0.raw(ProtobufWriter.varint(.max))
        },
        Case(
            "two profiles one after the other",
            .concatenated(offset: 16),
            "a second profile begins at byte 16: concatenated profiles cannot be read as one"
        ) { writer in
            base(&writer)
            writer.number(9, 1)
            writer.number(9, 1)
        },
        Case(
            "samples without types",
            .noSampleTypes(samples: 1),
            "the profile has 1 samples but does not say what their values are"
        ) { writer in
            writer.text(6, "")
            writer.message(2) { $0.number(2, 1) }
        },
        Case(
            "too few values",
            .valueCount(sample: 1, expected: 1, found: 0),
            "sample 1 has 0 values where 1 belong"
        ) { writer in
            base(&writer)
            writer.message(2) { $0.number(2, 1) }
            writer.message(2) { _ in }
        },
        Case(
            "too many values, packed and not",
            .valueCount(sample: 0, expected: 1, found: 4),
            "sample 0 has 4 values where 1 belong"
        ) { writer in
            base(&writer)
            writer.message(2) {
                $0.packed(2, [1, 300, 3])
                $0.number(2, 4)
            }
        },
        Case("location 0", .reservedID(.location), "a location has the reserved id 0") { writer in
            base(&writer)
            writer.message(4) { $0.unsigned(1, 0) }
        },
        Case("function 0", .reservedID(.function), "a function has the reserved id 0") { writer in
            base(&writer)
            writer.message(5) { _ in }
        },
        Case("mapping 0", .reservedID(.mapping), "a mapping has the reserved id 0") { writer in
            base(&writer)
            writer.message(3) { _ in }
        },
        Case(
            "two locations with one id",
            .duplicateID(.location, id: 1),
            "two locations have the id 1"
        ) { writer in
            base(&writer)
            writer.message(4) { $0.unsigned(1, 1) }
            writer.message(4) { $0.unsigned(1, 1) }
        },
        Case(
            "two functions with one id of 64 bits",
            .duplicateID(.function, id: .max),
            "two functions have the id 18446744073709551615"
        ) { writer in
            base(&writer)
            writer.message(5) { $0.unsigned(1, .max) }
            writer.message(5) { $0.unsigned(1, .max) }
        },
        Case("two mappings with one id", .duplicateID(.mapping, id: 7), "two mappings have the id 7") { writer in
            base(&writer)
            writer.message(3) { $0.unsigned(1, 7) }
            writer.message(3) { $0.unsigned(1, 7) }
        },
        Case(
            "sample in an unknown location",
            .unknownLocation(sample: 1, id: 1 << 40),
            "sample 1 refers to location 1099511627776, which the profile does not define"
        ) { writer in
            base(&writer)
            writer.message(4) { $0.unsigned(1, 1) }
            writer.message(2) {
                $0.number(2, 1)
                $0.unsigned(1, 1)
            }
            writer.message(2) {
                $0.number(2, 1)
                $0.packed(1, [1, 1, 1 << 40])
            }
        },
        Case(
            "sample in location 0",
            .unknownLocation(sample: 0, id: 0),
            "sample 0 refers to location 0, which the profile does not define"
        ) { writer in
            base(&writer)
            writer.message(2) {
                $0.number(2, 1)
                $0.unsigned(1, 0)
            }
        },
        Case(
            "line without a function",
            .unknownFunction(location: 4, id: 0),
            "location 4 refers to function 0, which the profile does not define"
        ) { writer in
            base(&writer)
            writer.message(4) {
                $0.unsigned(1, 4)
                $0.message(4) { $0.number(2, 12) }
            }
        },
        Case(
            "a sum beyond 2⁶²",
            .sumTooLarge(column: "a"),
            "the values of \"a\" are too large to add up"
        ) { writer in
            base(&writer)
            for _ in 0..<3 { writer.message(2) { $0.number(2, 1 << 61) } }
        },
        Case(
            "the smallest number there is",
            .sumTooLarge(column: "a"),
            "the values of \"a\" are too large to add up"
        ) { writer in
            base(&writer)
            writer.message(2) { $0.number(2, .min) }
        },
    ]

    @Test(arguments: cases)
    func isRefused(_ example: Case) {
        #expect(throws: example.error) { try Profile(pprof: example.bytes) }
        #expect(example.error.message == example.message)
    }

    @Test func everyLimitIsKept() throws {
        var stack = SmallProfile([("a", "b")], [(["f x:1", "g x:2", "h x:3"], [1])])
        func refuses(_ name: ProfileLimits.Name, _ allowed: Int, _ change: (inout ProfileLimits) -> Void) {
            var limits = ProfileLimits()
            change(&limits)
            #expect(throws: ProfileError.limit(name, allowed: allowed)) {
                try Profile(pprof: stack.bytes, limits: limits)
            }
        }
        refuses(.rawBytes, 10) { $0.rawBytes = 10 }
        refuses(.locationReferences, 2) { $0.locationReferences = 2 }
        refuses(.stackDepth, 2) { $0.stackDepth = 2 }
        refuses(.strings, 4) { $0.strings = 4 }
        refuses(.stringBytes, 0) { $0.stringBytes = 0 }
        refuses(.sampleTypes, 0) { $0.sampleTypes = 0 }
        stack.samples = [(["+f x:1", "g x:2"], [1])]
        refuses(.linesPerLocation, 1) { $0.linesPerLocation = 1 }
        let labelled = [UInt8].protobuf { writer in
            Self.base(&writer)
            writer.message(2) { sample in
                sample.number(2, 1)
                for _ in 0..<3 { sample.message(3) { $0.number(1, 1) } }
            }
        }
        var limits = ProfileLimits()
        limits.labelsPerSample = 2
        #expect(throws: ProfileError.limit(.labelsPerSample, allowed: 2)) {
            try Profile(pprof: labelled, limits: limits)
        }
        #expect(
            ProfileError.limit(.labelsPerSample, allowed: 2).message
                == "the profile has more than 2 labels on one sample"
        )
    }

    @Test func namesInMessagesAreHarmless() {
        let hostile = "<b>\n\"@all\u{202e}" + String(repeating: "x", count: 500)
        let message = ProfileError.sumTooLarge(column: hostile).message
        #expect(message.hasPrefix("the values of \"<b>\\n\\\"@all\\u{202E}xxx"))
        #expect(message.count < 140)
    }
}
