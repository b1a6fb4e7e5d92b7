import Profiles
import Testing

@Suite struct CostTests {
    private let types = [("objects", "count"), ("space", "bytes")]

    @Test func recursionCountsOnceAndInlinedCallsCount() throws {
        let profile = try SmallProfile(
            types,
            [
                (["+leaf a/l.go:3", "work a/w.go:10", "work a/w.go:11", "main m.go:1"], [1, 100]),
                (["work a/w.go:12", "work a/w.go:11", "main m.go:1"], [2, 30]),
                (["leaf a/l.go:4", "main m.go:2"], [1, 5]),
                ([], [7, 7]),
            ]
        ).decoded()
        let costs = try ProfileDifference(from: nil, to: profile, sampleType: "space")
        #expect(costs.totalAfter == 142)
        #expect(
            costs.rows.map { "\($0.function) \($0.file):\($0.line) \($0.flatAfter) \($0.cumulativeAfter)" } == [
                "leaf a/l.go:3 105 105", "work a/w.go:12 30 130", "main m.go:7 0 135",
            ])
    }

    @Test func theSameNameInTwoFilesIsTwoFunctions() throws {
        let profile = try SmallProfile(types, [(["run a.c:1"], [1, 1]), (["run b.c:1"], [1, 2])]).decoded()
        let costs = try ProfileDifference(from: nil, to: profile, sampleType: "space")
        #expect(costs.rows.map(\.file) == ["b.c", "a.c"])
    }

    @Test func differenceMatchesFunctionsAcrossCheckoutsAndColumnsByName() throws {
        let before = try SmallProfile(
            [("space", "bytes"), ("other", "count")],
            [
                (["f /base/x.go:10", "main /base/m.go:1"], [100, 0]), (["f /base/x.go:20"], [50, 0]),
                (["gone /base/x.go:3"], [40, 0]),
            ]
        ).decoded()
        let after = try SmallProfile(
            types,
            [
                (["f /head/x.go:10", "main /head/m.go:1"], [1, 100]), (["f /head/x.go:20"], [1, 90]),
                (["new /head/x.go:9"], [1, 40]),
            ]
        ).decoded()
        let difference = try ProfileDifference(from: before, to: after, sampleType: "space")
        #expect(difference.totalBefore == 190 && difference.totalAfter == 230 && difference.totalChange == 40)
        #expect(difference.sampleType == Profile.SampleType(type: "space", unit: "bytes"))
        #expect(
            difference.rows.map { "\($0.function) \($0.file):\($0.line) \($0.flatChange) \($0.cumulativeChange)" } == [
                "f /head/x.go:20 40 40", "gone /base/x.go:3 -40 -40", "new /head/x.go:9 40 40", "main /head/m.go:7 0 0",
            ]
        )
        #expect(difference.rows[0].flatBefore == 150 && difference.rows[0].cumulativeAfter == 190)
    }

    @Test func withoutAProfileBeforeAllIsNew() throws {
        let after = try SmallProfile(types, [(["f x.go:1"], [1, 9])]).decoded()
        let difference = try ProfileDifference(from: nil, to: after)
        #expect(difference.sampleType.type == "space")
        #expect(difference.totalBefore == 0)
        #expect(difference.rows.map(\.flatChange) == [9])
    }

    @Test func aProfileDiffersNotFromItself() throws {
        let profile = try SmallProfile(types, [(["f x.go:1", "g x.go:2"], [1, 9])]).decoded()
        let difference = try ProfileDifference(from: profile, to: profile)
        #expect(difference.rows.allSatisfy { $0.flatChange == 0 && $0.cumulativeChange == 0 })
    }

    @Test func columnsThatDoNotMeetAreErrors() throws {
        let heap = try SmallProfile(types, [(["f x.go:1"], [1, 9])]).decoded()
        let time = try SmallProfile([("space", "kilobytes")], [(["f x.go:1"], [1])]).decoded()
        let other = try SmallProfile([("cpu", "ns")], []).decoded()
        let none = try Profile(pprof: .protobuf { $0.text(6, "") })
        func fails(_ before: Profile?, _ after: Profile, _ type: String?, _ error: ProfileError, _ message: String) {
            #expect(throws: error) { try ProfileDifference(from: before, to: after, sampleType: type) }
            #expect(error.message == message)
        }
        fails(
            time,
            heap,
            nil,
            .unitsDiffer(sampleType: "space", before: "kilobytes", after: "bytes"),
            "\"space\" is in \"kilobytes\" before and in \"bytes\" after"
        )
        fails(
            other,
            heap,
            nil,
            .sampleTypeMissingBefore("space", available: ["cpu"]),
            "the profile before has no sample type \"space\"; it has \"cpu\""
        )
        fails(
            nil,
            heap,
            "cpu",
            .noSuchSampleType("cpu", available: ["objects", "space"]),
            "the profile has no sample type \"cpu\"; it has \"objects\", \"space\""
        )
        fails(nil, none, nil, .noValues, "the profile has no sample types, so there is nothing to compare")
    }

    @Test func locationsWithoutLinesAreKnownByAddress() throws {
        let bytes = [UInt8].protobuf { writer in
            for text in ["", "a", "/bin/service"] { writer.text(6, text) }
            writer.message(1) { $0.number(1, 1) }
            writer.message(3) {
                $0.number(1, 1)
                $0.number(5, 2)
            }
            writer.message(4) {
                $0.number(1, 1)
                $0.number(2, 1)
                $0.number(3, 0xbeef)
            }
            writer.message(2) {
                $0.number(2, 4)
                $0.number(1, 1)
            }
        }
        let costs = try ProfileDifference(from: nil, to: Profile(pprof: bytes))
        #expect(
            costs.rows.map { "\($0.function) \($0.file):\($0.line) \($0.flatAfter) \($0.cumulativeAfter)" }
                == ["0xbeef /bin/service:0 4 4"])
    }

    @Test func equalStacksAreOneWhateverTheirLocations() throws {
        let profile = try SmallProfile(
            [("goroutine", "count")],
            [
                (["+f x.go:1", "g x.go:2"], [1]), (["f x.go:1", "g x.go:2"], [2]), (["g x.go:2"], [5]),
                (["h x.go:2"], [5]), (["i x.go:1"], [4]), (["i x.go:1"], [-4]),
            ]
        ).decoded()
        let stacks = StackCounts(profile, column: 0).stacks
        #expect(stacks.map(\.value) == [5, 5, 3])
        #expect(stacks.map { $0.frames.map(\.function) } == [["g"], ["h"], ["f", "g"]])
    }
}
