import TestSupport
import Testing

/// What the pages of the documentation consist of.
enum Documentation {
    /// The text of a file of the repository.
    static func text(_ file: String) throws -> String {
        try #require(Repository.contents(Repository.root + "/" + file), "no \(file)")
    }

    /// The blocks of code in a language.
    static func blocks(of language: String, in file: String) throws -> [String] {
        var blocks: [String] = []
        var block: String?
        for line in try text(file).split(separator: "\n", omittingEmptySubsequences: false) {
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

    /// A plan of which only some sections are shown, with the sections it leaves out.
    static func completed(_ block: String) -> String {
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

    /// The plans that the documentation shows.
    static func plans() throws -> [String] {
        try (blocks(of: "yaml", in: "docs/scenario.md") + blocks(of: "yaml", in: "README.md")).map(completed)
    }

    /// The files of budgets that the documentation shows.
    static func budgets() throws -> [String] { try blocks(of: "json", in: "docs/thresholds.md") }

    /// A page with its tables made anew: `make` gives the table for the name in the mark above it.
    static func tablesReplaced(in page: String, make: (String) -> String?) throws -> String {
        var result = ""
        var rest = Substring(page)
        while let mark = rest.firstRange(of: "<!-- table: ") {
            let name = rest[mark.upperBound...].prefix { $0 != " " }
            let end = try #require(rest[mark.upperBound...].firstRange(of: endMark), "no end of \(name)")
            let table = try #require(make(String(name)), "no table named \(name)")
            result += rest[..<mark.lowerBound] + "<!-- table: \(name) (made from the code) -->\n\n\(table)\n\(endMark)"
            rest = rest[end.upperBound...]
        }
        return result + rest
    }

    private static let endMark = "<!-- end of table -->"
}
