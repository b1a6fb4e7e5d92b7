import Profiles
import Testing

/// What a profile may look like and still be one.
@Suite struct DecoderTests {
    @Test func emptyTablesAreAProfile() throws {
        let profile = try Profile(pprof: .protobuf { $0.text(6, "") })
        #expect(profile.sampleTypes.isEmpty)
        #expect(profile.sampleCount == 0)
        #expect(profile.defaultSampleType == nil)
        #expect(profile.periodType == Profile.SampleType(type: "", unit: ""))
    }

    @Test func theDefaultColumnIsTheNamedOneElseTheLast() throws {
        var small = SmallProfile([("objects", "count"), ("space", "bytes")], [(["f x:1"], [2, 32])])
        #expect(try small.decoded().defaultSampleType == 1)
        small.defaultType = "objects"
        #expect(try small.decoded().defaultSampleType == 0)
        small.defaultType = "unheard of"
        #expect(try small.decoded().defaultSampleType == 1)
        #expect(try small.decoded().sampleTypeIndex(named: "space") == 1)
        #expect(try small.decoded().sampleTypeIndex(named: "bytes") == nil)
    }

    @Test func idsMayUseAll64Bits() throws {
        var small = SmallProfile([("a", "b")], [(["f x:1", "g y:2"], [3])])
        let plain = try small.decoded()
        for first: UInt64 in [1000, 1 << 32, .max - 10] {
            small.firstID = first
            #expect(try small.decoded().frames(ofSample: 0) == plain.frames(ofSample: 0))
        }
        #expect(
            plain.frames(ofSample: 0)
                == [Frame(function: "f", file: "x", line: 1), Frame(function: "g", file: "y", line: 2)]
        )
    }

    /// Packed and single numbers may alternate, values may precede locations, and tables may follow their use.
    @Test func fieldsComeInAnyOrderAndForm() throws {
        let bytes = [UInt8].protobuf { writer in
            writer.message(2) {
                $0.number(2, 7)
                $0.unsigned(1, 2)
                $0.packed(1, [1, 300])
                $0.packed(2, [8])
                $0.unsigned(1, 2)
                $0.packed(1, [])
                $0.text(99, "of the future")
            }
            writer.message(1) { $0.number(1, 1) }
            writer.message(1) { $0.number(1, 2) }
            for id: UInt64 in [300, 2, 1] {
                writer.message(4) {
                    $0.unsigned(3, id + 0x1000)
                    $0.unsigned(2, 55)
                    $0.unsigned(1, id)
                }
            }
            writer.tag(77, 1)
            writer.raw([1, 2, 3, 4, 5, 6, 7, 8])
            writer.tag(78, 5)
            writer.raw([1, 2, 3, 4])
            writer.tag(0, 0)
            writer.raw([1])
            for text in ["", "a", "b"] { writer.text(6, text) }
        }
        let profile = try Profile(pprof: bytes)
        #expect(profile.value(ofSample: 0, column: 0) == 7)
        #expect(profile.value(ofSample: 0, column: 1) == 8)
        #expect(profile.frames(ofSample: 0).map(\.function) == ["0x1002", "0x1001", "0x112c", "0x1002"])
    }

    @Test func labelsOfNothingAreNone() throws {
        let bytes = [UInt8].protobuf { writer in
            writer.message(1) { $0.number(1, 1) }
            writer.message(2) { sample in
                sample.number(2, 1)
                sample.message(3) { $0.number(1, 1) }
                sample.message(3) {
                    $0.number(1, 1)
                    $0.number(3, 512)
                    $0.number(4, 2)
                }
                sample.message(3) {
                    $0.number(1, 1)
                    $0.number(2, 2)
                }
            }
            for text in ["", "key", "value"] { writer.text(6, text) }
        }
        #expect(Rendered.labels(try Profile(pprof: bytes), 0) == " key=512value key=value")
    }

    @Test func negativeValuesCount() throws {
        let small = SmallProfile([("a", "b")], [(["f x:1"], [-5]), (["g x:1"], [-(1 << 61)]), (["f x:1"], [3])])
        #expect(try small.decoded().total(0) == -(1 << 61) - 2)
    }

    @Test func scalarsAreRead() throws {
        let profile = try Profile(
            pprof: .protobuf { writer in
                for text in ["", "cpu", "nanoseconds", "a remark"] { writer.text(6, text) }
                writer.number(9, 11)
                writer.number(10, 12)
                writer.number(12, 13)
                writer.message(11) {
                    $0.number(1, 1)
                    $0.number(2, 2)
                }
                writer.number(13, 3)
            }
        )
        #expect(profile.timeNanos == 11 && profile.durationNanos == 12 && profile.period == 13)
        #expect(profile.periodType == Profile.SampleType(type: "cpu", unit: "nanoseconds"))
        #expect(profile.comments == ["a remark"])
    }
}
