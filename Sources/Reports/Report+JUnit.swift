import Measures
import Plans
import Recordings
import Verdicts

package extension Report {
    /// The report as JUnit XML: one suite, one case per limit, and one more when the run itself failed.
    ///
    /// A broken limit with severity `error` is a failure, a missing value or a failed run an error; what was not
    /// compared or not decided is skipped with its reason, so that no test view shows it as passed.
    var junit: String {
        var cases: [JUnitCase] = []
        if !verdict.failures.isEmpty {
            let message = verdict.failures.joined(separator: "\n")
            cases.append(
                JUnitCase(className: "perfgate", name: "run", result: .error(type: "run", message), output: nil))
        }
        cases += verdict.findings.map { testCase($0) }
        func count(_ isCounted: (JUnitCase.Result) -> Bool) -> Int { cases.filter { isCounted($0.result) }.count }
        let failures = count { if case .failure = $0 { true } else { false } }
        let errors = count { if case .error = $0 { true } else { false } }
        let skipped = count { if case .skipped = $0 { true } else { false } }
        let recording = comparison.candidate.recording
        let seconds = Unit.fixed(max(0, finite(recording.seconds) ?? 0), 3)
        let counts = "tests=\"\(cases.count)\" failures=\"\(failures)\" errors=\"\(errors)\""
        var xml = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites \(counts)>\n"
        xml += "  <testsuite name=\"perfgate\" \(counts) skipped=\"\(skipped)\" time=\"\(seconds)\""
        xml += " timestamp=\"\(XMLText.escape(recording.startedAt, attribute: true))\">\n"
        for testCase in cases { xml += testCase.xml }
        xml += "    <system-out>\(XMLText.escape(terminal(color: false, width: 120)))</system-out>\n"
        return xml + "  </testsuite>\n</testsuites>\n"
    }
}

extension Report {
    private func testCase(_ finding: Finding) -> JUnitCase {
        let result: JUnitCase.Result =
            switch finding.kind {
            case .regressed where finding.severity == .error: .failure(Self.capitalized(finding.reason))
            case .missing where finding.severity == .error: .error(type: "missing", finding.reason)
            case .missing, .unanchored, .inconclusive: .skipped("\(finding.kindText): \(finding.undecidedText)")
            case .regressed, .improved, .pass, .accepted: .passed
            }
        let name = "\(finding.key.text) \(finding.limitText)"
        return JUnitCase(className: finding.key.text, name: name, result: result, output: details(finding))
    }

    private func details(_ finding: Finding) -> String {
        var lines = [
            "\(finding.kindText): \(finding.undecidedText)", "baseline \(finding.baselineText)",
            "candidate \(finding.candidateText)", "change \(finding.changeText)",
        ]
        if let interval = finding.intervalText { lines.append("\(intervalName) \(interval)") }
        lines.append("limit \(finding.limitText), set at \(finding.placeText)")
        lines.append("class \(finding.classText); \(counted(finding.rounds, "round"))")
        if finding.smallestDetectable != nil { lines.append("resolves \(finding.detectableText)") }
        if let level = finding.level {
            let p = "p \(probabilityText(finding.p)), adjusted \(probabilityText(finding.adjustedP))"
            lines.append("\(p); proof takes at most \(probabilityText(level))")
        }
        if finding.kind == .regressed, let attribution = attribution(of: finding) {
            lines += explanationLines(attribution, of: finding, count: 10)
        }
        return lines.joined(separator: "\n")
    }
}

/// One test case of the suite.
private struct JUnitCase {
    enum Result {
        case passed
        case failure(String)
        case error(type: String, String)
        case skipped(String)
    }

    let className: String
    let name: String
    let result: Result
    let output: String?

    var xml: String {
        func attribute(_ text: String) -> String {
            XMLText.escape(CleanText.string(text, limit: 400), attribute: true)
        }
        func body(_ text: String?) -> String { XMLText.escape(text ?? "") }
        var xml = "    <testcase classname=\"\(attribute(className))\" name=\"\(attribute(name))\">\n"
        switch result {
        case .passed: xml += "      <system-out>\(body(output))</system-out>\n"
        case .failure(let message):
            // Viewers show the failure's own text first, so it holds all there is to say.
            xml += "      <failure type=\"regressed\" message=\"\(attribute(message))\">\(body(output))</failure>\n"
        case .error(let type, let message):
            xml += "      <error type=\"\(type)\" message=\"\(attribute(message))\">"
            xml += "\(body(output ?? message))</error>\n"
        case .skipped(let message):
            xml += "      <skipped message=\"\(attribute(message))\"/>\n"
            xml += "      <system-out>\(body(output))</system-out>\n"
        }
        return xml + "    </testcase>\n"
    }
}
