/// Reads the files of data a scenario names.
struct DataReader {
    /// The loads the data is for; nil where they could not be read.
    let loads: [Load]?
    let readFile: (String) -> Result<[UInt8], FileProblem>

    func read(_ cursor: Cursor) -> [ScenarioReader.LoadedData]? {
        cursor.members("an object of names and files")?.compactMap { member in
            guard Variables.isName(member.key) else {
                member.report(
                    "\(quoted(member.key)) cannot name data", hint: "a letter, then letters, digits, - and _")
                return nil
            }
            if Variables.reserved.contains(member.key) {
                member.report("\(quoted(member.key)) has a meaning of its own", hint: "choose another name")
                return nil
            }
            return set(member)
        }
    }

    /// The data of one name, which is taken even where its file cannot be read.
    private func set(_ member: Member) -> ScenarioReader.LoadedData {
        var set = ScenarioReader.LoadedData(name: member.key)
        guard case .object = member.value.node.value else {
            set.content = content(member.value)
            return set
        }
        guard let fields = member.value.fields(.data) else { return set }
        let order = fields.optional("order")
        set.order = order?.word(Scenario.DataSet.Order.self) ?? .sequential
        set.content = fields.required("file", example: "file: users.csv").flatMap(content)
        if let order, set.order == .oncePerUser { checkRows(of: set, order) }
        return set
    }

    /// Users without a row of their own would share those of others in silence.
    private func checkRows(of set: ScenarioReader.LoadedData, _ cursor: Cursor) {
        guard let rows = set.content?.rows.count, let loads else { return }
        let wanted = loads.reduce(0) { $0 + $1.connections }
        guard rows < wanted else { return }
        let users =
            loads.contains { $0.isOpenLoop } ? "connections, each a virtual user" : "virtual users"
        cursor.report(
            "the data \(quoted(set.name)) has \(rows) \(rows == 1 ? "row" : "rows") for \(wanted) \(users)",
            hint: "add rows, or let them be taken in another order")
    }

    private func content(_ cursor: Cursor) -> DataTable? {
        guard let path = cursor.line("the path of a file or { file: users.csv, order: random }") else { return nil }
        guard let notation = DataTable.Notation(path: path) else {
            cursor.report(
                "\(quoted(path)) ends in none of .csv, .json, .jsonl and .ndjson",
                hint: "the end of its name tells how it is read")
            return nil
        }
        switch readFile(path) {
        case .failure(let problem):
            cursor.report("cannot read \(quoted(path)): \(shortened(problem.reason))")
        case .success(let bytes):
            do throws(DataTable.Problem) {
                return try DataTable.read(bytes, as: notation)
            } catch {
                cursor.report("\(shortened(path)):\(error.text)", hint: error.hint)
            }
        }
        return nil
    }
}
