#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

package extension Report {
    /// The report for programs: `schema` 1, keys sorted, equal reports are equal bytes.
    func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted]
        return String(decoding: try encoder.encode(ReportDocument(self)), as: UTF8.self) + "\n"
    }
}
