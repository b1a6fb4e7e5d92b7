import Foundation
import TestSupport
import Testing

/// An implementation of JSON Schema that is not ours: the Python package that `ci/prepare test` installs.
struct SchemaValidator {
    struct Failed: Error, CustomStringConvertible {
        let description: String
    }

    enum Notation: String, Encodable {
        case json, yaml
    }

    private struct Document: Encodable {
        let notation: Notation
        let text: String
    }

    let schema: String
    let notation: Notation

    /// For each document what the schema refuses in it, or nil when it takes it.
    ///
    /// - Throws: when the schema is not one, or when the validator is missing.
    func problems(in documents: [String]) throws -> [String?] {
        let folder = try Scratch.folder("schema")
        Scratch.write(schema, to: folder + "/schema.json")
        let input = try JSONEncoder().encode(documents.map { Document(notation: notation, text: $0) })
        Scratch.write(String(decoding: input, as: UTF8.self), to: folder + "/documents.json")
        let script = Repository.root + "/Tests/Fixtures/schema/validate.py"
        let result = try Command(Repository.python, [script, "schema.json", "documents.json"], in: folder).wait()
        guard result.status == 0 else {
            throw Failed(
                description: "the validator of JSON Schemas is needed for this test, ci/prepare test installs it: "
                    + "\(Repository.python) ended with \(result.status)\n\(result.error)")
        }
        let problems = try JSONDecoder().decode([String?].self, from: Data(result.output.utf8))
        guard problems.count == documents.count else { throw Failed(description: "not an answer to each document") }
        return problems
    }
}
