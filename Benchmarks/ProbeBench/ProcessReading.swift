import ProbeReader

/// What the probe of one process says, or why its file says nothing.
struct ProcessReading: Encodable {
    var pid: Int32?
    var executable: String?
    var allocator: String?
    /// The bits of what the probe does besides counting.
    var mode: UInt64?
    var counters: ProbeCounters?
    /// What cannot be trusted, by figure, in words.
    var doubts: [String: String] = [:]
    var problem: String?

    /// Every process that has a file in the folder.
    static func all(in directory: String) throws(ProbeError) -> [ProcessReading] {
        try ProbeFile.all(in: directory).map { result in
            do throws(ProbeError) {
                return try ProcessReading(result.get())
            } catch {
                return ProcessReading(problem: error.message)
            }
        }
    }

    private init(problem: String) {
        self.problem = problem
    }

    private init(_ file: ProbeFile) throws(ProbeError) {
        pid = file.process.pid
        executable = file.process.executable
        allocator = file.allocator
        mode = try file.mode().rawValue
        counters = try file.counters()
        doubts = try file.doubts()
    }
}

extension ProbeFile {
    /// Why a figure cannot be trusted, of each that cannot.
    func doubts() throws(ProbeError) -> [String: String] {
        Dictionary(
            uniqueKeysWithValues: try figures().compactMap { figure, availability in
                availability.reason.map { (figure.rawValue, $0) }
            })
    }

    /// The one process the folder tells of.
    static func only(in directory: String) throws -> ProbeFile {
        let files = try all(in: directory)
        guard files.count == 1, let file = files.first else {
            throw ProbeBench.Trouble(description: "\(directory) tells of \(files.count) processes, not of one")
        }
        return try file.get()
    }
}
