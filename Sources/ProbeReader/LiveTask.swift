/// A task of another process, as its memory shows it.
///
/// Places and bits are those of the one version of the runtime the probe knows; it says so, or there are no live tasks.
struct LiveTask: Equatable {
    /// Why a task does not run.
    enum Dependency: Equatable {
        case task(UInt64)
        case continuation
        case taskGroup
        case executor(UInt64)
    }

    let isAsyncLet: Bool
    let isRunning: Bool
    let isEnqueued: Bool
    let isComplete: Bool
    let resumeFunction: UInt64
    let resumeContext: UInt64
    let dependency: Dependency?
    /// Async lets that have begun and are not done with.
    let hasChildren: Bool

    private static let flagsAt: UInt64 = 0x20
    private static let size = 0x70
    private static let asyncLet: UInt32 = 1 << 28
    private static let child: UInt32 = 1 << 24
    private static let groupChild: UInt32 = 1 << 26
    /// More records than a task ever has; the list might lead in a circle.
    private static let maximumRecords = 32

    /// Nil where there is no task any more.
    init?(at address: UInt64, metadata: UInt64, in memory: ProcessMemory) {
        guard address % 8 == 0, let bytes = memory.bytes(Self.size, at: address) else { return nil }
        func word(_ offset: Int) -> UInt64 {
            bytes.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: offset, as: UInt64.self) }
        }
        guard word(0) == metadata else { return nil }
        let flags = UInt32(truncatingIfNeeded: word(Int(Self.flagsAt)))
        let status = word(0x60)
        isAsyncLet = flags & Self.asyncLet != 0
        isRunning = status & 0x800 != 0
        isEnqueued = status & 0x1000 != 0
        isComplete = status & 0x2000 != 0
        resumeFunction = word(0x38)
        resumeContext = word(0x40)
        // Nothing of a running or finished task's records lasts until it is looked at.
        let records = isRunning || isComplete ? [] : Self.records(from: word(0x68), in: memory)
        hasChildren = records.contains { $0.kind == 1 }
        dependency = records.first { $0.kind == 0 }.flatMap { record in
            switch record.why {
            case 1: .task(record.on)
            case 2: .continuation
            case 3: .taskGroup
            case 4: .executor(record.on)
            default: nil
            }
        }
    }

    private struct Record {
        let kind: UInt64
        let on: UInt64
        let why: UInt64
    }

    private static func records(from first: UInt64, in memory: ProcessMemory) -> [Record] {
        var result: [Record] = []
        var next = first
        while next != 0, next % 8 == 0, result.count < maximumRecords {
            guard let bytes = memory.bytes(40, at: next) else { break }
            let words = bytes.withUnsafeBytes { bytes in
                (0..<5).map { bytes.loadUnaligned(fromByteOffset: $0 * 8, as: UInt64.self) }
            }
            result.append(Record(kind: words[0] & 0xff, on: words[2], why: words[4] & 0xff))
            next = words[1]
        }
        return result
    }

    /// Whether a task is the child of another: an async let, or a member of a group.
    static func isChild(_ address: UInt64, in memory: ProcessMemory) -> Bool {
        guard address % 8 == 0, let flags = memory.word(at: address &+ flagsAt) else { return false }
        return UInt32(truncatingIfNeeded: flags) & (child | groupChild | asyncLet) != 0
    }
}
