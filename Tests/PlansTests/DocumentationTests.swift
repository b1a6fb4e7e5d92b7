import Plans
import TestSupport
import Testing

/// What the documentation shows is what the readers take.
@Suite struct DocumentationTests {
    @Test func everyPlanInTheDocumentationIsRead() throws {
        let blocks = try blocks(of: "yaml", in: "docs/scenario.md") + blocks(of: "yaml", in: "README.md")
        #expect(blocks.count == 7)
        for block in blocks {
            #expect(
                Reading.diagnostics { () throws(Diagnostics) in try Reading().plan(completed(block)) }
                    == "no diagnostics\n", "\(block)")
        }
    }

    @Test func everyFileOfBudgetsInTheDocumentationIsRead() throws {
        let blocks = try blocks(of: "json", in: "docs/thresholds.md")
        #expect(blocks.count == 1)
        for block in blocks {
            #expect(
                Reading.diagnostics { () throws(Diagnostics) in
                    try Reading().budgets(block, steps: ["log in"])
                } == "no diagnostics\n", "\(block)")
        }
    }

    @Test func theTableOfMetricsIsTheCatalogue() throws {
        let text = try #require(Repository.contents(Repository.root + "/docs/thresholds.md"))
        let mark = "<!-- metrics: made from the catalogue in the code -->\n"
        let start = try #require(text.firstRange(of: mark))
        #expect(String(text[start.upperBound...].prefix { $0 != "<" }) == "\n" + MetricTable.markdown + "\n")
        #expect(text[start.upperBound...].hasSuffix("\n<!-- end of metrics -->\n"))
    }

    @Test func everyKnownKeyIsDocumented() throws {
        let text = try #require(Repository.contents(Repository.root + "/docs/scenario.md"))
        let keys = [
            "version", "service", "load", "rounds", "scenario", "build", "command", "env", "ready", "url", "stop",
            "capture", "executor", "rate", "users", "connections", "warmup", "requests", "duration", "timeout", "data",
            "flows", "name", "weight", "steps", "get", "post", "put", "patch", "delete", "head", "options", "headers",
            "json", "text", "file", "content-type", "check", "redirects", "status", "header", "body",
        ]
        for key in keys { #expect(text.contains("`\(key)`"), "\(key)") }
    }

    /// The block with the sections it leaves out.
    private func completed(_ block: String) -> String {
        let rest = [
            "version": "version: 1\n",
            "service": "service: { url: \"http://localhost:80\", ready: { get: / } }\n",
            "load": "load: { executor: constant-vus, users: 1, requests: 1 }\n",
            "scenario": "scenario: { flows: [ { name: a, steps: [ { name: b, get: / } ] } ] }\n",
        ]
        let lines = block.split(separator: "\n")
        let missing = rest.filter { section in !lines.contains { $0.hasPrefix(section.key + ":") } }
        return block + missing.sorted { $0.key < $1.key }.map(\.value).joined()
    }

    private func blocks(of language: String, in file: String) throws -> [String] {
        let text = try #require(Repository.contents(Repository.root + "/" + file))
        var blocks: [String] = []
        var block: String?
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if let open = block {
                if line == "```" {
                    blocks.append(open)
                    block = nil
                } else {
                    block = open + line + "\n"
                }
            } else if line == "```" + language {
                block = ""
            }
        }
        return blocks
    }
}
