import Gate
import Plans

/// Reading what the user wrote.
enum InputFiles {
    private static let limit = 1 << 20
    private static let noPlan = "write a plan as docs/scenario.md says, or name one with --plan"

    /// The plan and its budgets, or every mistake in both.
    static func read(
        plan planFile: String, budgets budgetsFile: String, today: String
    ) throws(GateError) -> (
        Plan, Budgets
    ) {
        try reading {
            try PlansReader.read(
                plan: .init(text: try text(planFile, noPlan), file: planFile),
                budgets: .init(
                    text: try text(
                        budgetsFile, "write budgets as docs/thresholds.md says, or name them with --thresholds"),
                    file: budgetsFile),
                environment: ProcessEnvironment.current, today: today, readFile: file(besides: planFile))
        }
    }

    /// The plan alone, or every mistake in it.
    static func read(plan planFile: String) throws(GateError) -> Plan {
        try reading {
            try PlanReader.read(
                try text(planFile, noPlan), file: planFile, environment: ProcessEnvironment.current,
                readFile: file(besides: planFile))
        }
    }

    /// Reads the files a plan names.
    private static func file(besides plan: String) -> (String) -> Result<[UInt8], FileProblem> {
        let folder = folder(of: plan)
        return { path in
            do throws(GateError) {
                return .success(try Files.read(Files.resolve(path, in: folder), limit: 64 << 20))
            } catch {
                return .failure(FileProblem(reason: error.message))
            }
        }
    }

    private static func reading<Result>(_ body: () throws -> Result) throws(GateError) -> Result {
        do {
            return try body()
        } catch let error as Diagnostics {
            throw .refused(error.all)
        } catch let error as GateError {
            throw error
        } catch {
            throw .usage("\(error)")
        }
    }

    /// The absolute folder of a file.
    static func folder(of file: String) -> String {
        let path = Files.resolve(file, in: Files.workingFolder)
        let parts = path.split(separator: "/", omittingEmptySubsequences: false).dropLast()
        let folder = parts.joined(separator: "/")
        return folder.isEmpty ? "/" : Files.canonical(folder)
    }

    /// `remedy` is told where the file cannot be read.
    private static func text(_ file: String, _ remedy: String) throws(GateError) -> String {
        let bytes: [UInt8]
        do {
            bytes = try Files.read(file, limit: limit)
        } catch {
            throw .usage("\(error.message); \(remedy)")
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw .usage("\(file): it is not UTF-8 text")
        }
        return text
    }
}
