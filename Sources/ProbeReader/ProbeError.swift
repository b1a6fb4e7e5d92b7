/// Why a probe's file, or the process behind it, could not be read.
package enum ProbeError: Error, Sendable, Equatable {
    case file(path: String, reason: String)
    case notAProbeFile(path: String)
    case version(path: String, version: UInt32)
    case size(path: String, size: Int64)
    case otherProcess(path: String, pid: UInt32)
    case noRoom(path: String, reason: String)
    case ended(pid: Int32)
    case memory(pid: Int32, reason: String)
    case unavailable(ProbeFigure, reason: String)
    case inconsistent(path: String, what: String)

    /// One sentence without its final stop.
    package var message: String {
        switch self {
        case .file(let path, let reason): "\(path): \(reason)"
        case .notAProbeFile(let path):
            "\(path): the probe did not finish starting, or this is not a file of it"
        case .version(let path, let version): "\(path): written by a probe of another version (layout \(version))"
        case .size(let path, let size): "\(path): a probe's file does not have \(size) bytes"
        case .otherProcess(let path, let pid): "\(path): written by process \(pid), which its name does not say"
        case .noRoom(let path, let reason): "\(path): no room for what was asked of the probe: \(reason)"
        case .ended(let pid): "process \(pid) has ended or runs another program now"
        case .memory(let pid, let reason): "the memory of process \(pid) cannot be read: \(reason)"
        case .unavailable(let figure, let reason): "\(figure.words): \(reason)"
        case .inconsistent(let path, let what): "\(path): \(what)"
        }
    }
}
