import Gate
import Reports

extension GateOutcome {
    var report: Report {
        Report(verdict: verdict, comparison: comparison, attributions: attributions, folder: folder.path)
    }
}

/// The reports in a run's folder.
enum ReportFiles {
    static func write(_ report: Report, to folder: RunFolder) throws(GateError) {
        try Files.write(Array((report.markdown + "\n").utf8), to: folder.path + "/report.md")
        try Files.write(Array(report.junit.utf8), to: folder.path + "/junit.xml")
        try Files.write(Array(try json(report).utf8), to: folder.path + "/report.json")
    }

    static func json(_ report: Report) throws(GateError) -> String {
        do {
            return try report.json()
        } catch {
            throw .file(path: "report.json", reason: "\(error)")
        }
    }
}
