package import Recordings

/// The folder of one run: `recording.json`, profiles, logs and reports.
package struct RunFolder: Sendable {
    package let path: String
    package let recordingPath: String

    /// Makes the folder, with its sub-folders.
    package init(creating path: String) throws(GateError) {
        self.path = path
        recordingPath = path + "/recording.json"
        try Files.makeFolder(path + "/profiles")
        try Files.makeFolder(path + "/logs")
    }

    /// A run's folder, or a recording by its own name, whose profiles lie beside it.
    package init(existing path: String) throws(GateError) {
        if Files.isFolder(path) {
            self.path = path
            recordingPath = path + "/recording.json"
        } else if Files.exists(path) {
            let parts = path.split(separator: "/", omittingEmptySubsequences: false)
            self.path = parts.count > 1 ? parts.dropLast().joined(separator: "/") : "."
            recordingPath = path
        } else {
            throw .file(path: path, reason: "no such folder or recording")
        }
    }

    private var baselinePath: String { path + "/baseline.json" }

    package func writeRecording(_ recording: Recording) throws(GateError) {
        try write(recording, to: recordingPath)
    }

    package func readRecording() throws(GateError) -> Recording { try read(recordingPath) }

    /// A copy of the stored recording this run is judged against.
    func writeBaseline(_ recording: Recording) throws(GateError) {
        try write(recording, to: baselinePath)
    }

    func readBaseline() throws(GateError) -> Recording { try read(baselinePath) }

    private func write(_ recording: Recording, to path: String) throws(GateError) {
        let bytes: [UInt8]
        do {
            bytes = try RecordingFile.encode(recording)
        } catch {
            throw .recording(path: path, reason: "it cannot be written as JSON: \(error)")
        }
        try Files.write(bytes, to: path)
    }

    private func read(_ path: String) throws(GateError) -> Recording {
        let bytes = try Files.read(path, limit: RecordingFile.maximumBytes)
        do {
            return try RecordingFile.decode(bytes)
        } catch {
            throw .recording(path: path, reason: error.message)
        }
    }

    /// Stores a profile and returns the name it is recorded under.
    func writeProfile(_ bytes: [UInt8], name: String) throws(GateError) -> String {
        let relative = "profiles/\(name)"
        try Files.write(bytes, to: path + "/" + relative)
        return relative
    }

    func readProfile(_ name: String) throws(GateError) -> [UInt8] {
        let file = path + "/" + name
        // A recording is somebody else's word: no link out of the folder, and no pipe to wait at.
        guard Files.isRegular(file) else { throw .file(path: file, reason: "it is no regular file") }
        return try Files.read(file, limit: 256 << 20)
    }

    func logPath(_ name: String) -> String { "\(path)/logs/\(name).log" }
}
