import Testing

@testable import ProbePages

@Suite struct ProbeQuestionTests {
    @Test func pathsAreThoseOfGo() throws {
        for page in ProbeQuestion.Page.allCases {
            #expect(try ProbeQuestion("/debug/pprof/\(page.rawValue)").page == page)
        }
        #expect(try ProbeQuestion("/debug/pprof").page == .index)
    }

    @Test func theQueryIsRead() throws {
        let question = try ProbeQuestion("/debug/pprof/heap?gc=1&debug=1&seconds=5&symbols=0&x&y=")
        #expect(question.page == .heap && question.isText && question.seconds == 5 && !question.hasSymbols)
        let plain = try ProbeQuestion("/debug/pprof/heap?debug=0")
        #expect(plain.page == .heap && !plain.isText && plain.seconds == nil && plain.hasSymbols)
    }

    @Test func processorTimeIsSampledForHalfAMinuteIfNobodySaysForHowLong() throws {
        #expect(try ProbeQuestion("/debug/pprof/profile").seconds == 30)
        #expect(try ProbeQuestion("/debug/pprof/profile?seconds=2").seconds == 2)
    }

    @Test(arguments: [
        ("seconds", "0", 1...600), ("seconds", "601", 1...600), ("seconds", "+5", 1...600), ("seconds", "", 1...600),
        ("debug", "3", 0...2), ("debug", "-1", 0...2), ("symbols", "yes", 0...1),
        ("seconds", "99999999999999999999", 1...600),
    ])
    func numbersThatMakeNoSenseAreRefused(key: String, value: String, expected: ClosedRange<Int>) {
        let refusal = ProbeRefusal.malformed(key: key, value: value, expected: expected)
        #expect(throws: refusal) { try ProbeQuestion("/debug/pprof/heap?\(key)=\(value)") }
        #expect(refusal.status == 400)
        #expect(
            refusal.message
                == "\(key)=\(value): expected a whole number from \(expected.lowerBound) to \(expected.upperBound)")
    }

    @Test(arguments: ["/", "", "/debug", "/debug/pprofx", "/debug/pprof/heap/", "/debug/pprof/../heap", "heap"])
    func otherPathsAreUnknown(target: String) {
        do throws(ProbeRefusal) {
            _ = try ProbeQuestion(target)
            Issue.record("\(target) is known")
        } catch {
            #expect(error.status == 404)
            #expect(error.message == "there is no such page; /debug/pprof/ lists those there are")
        }
    }

    @Test func whatGoHasAndThisHasNotIsSaid() {
        let refusal = ProbeRefusal.unknown(page: "mutex")
        #expect(throws: refusal) { try ProbeQuestion("/debug/pprof/mutex") }
        #expect(ProbeAnswer(refusal) == .text("waiting for locks is not recorded\n", status: 404))
    }

    @Test func anEndlessTargetIsNotLookedAt() {
        let target = "/debug/pprof/heap?" + String(repeating: "a=b&", count: 1000)
        #expect(throws: ProbeRefusal.tooLong) { try ProbeQuestion(target) }
    }
}
