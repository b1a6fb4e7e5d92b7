import Captures
import Profiles
import Recordings

/// What looks inside a service.
enum Instrument: Sendable {
    /// The Go runtime's own profiles.
    case go(GoRuntime)
    /// The preloaded probe.
    case native(ProbedService)
    /// Nothing, and why.
    case none(String)

    /// Tasks that have not ended; nil where the service has no tasks to count.
    func taskCount() async throws(CaptureError) -> Int? {
        switch self {
        case .go(let runtime): try await runtime.taskCount()
        case .native(let service): try await service.taskCount()
        case .none: nil
        }
    }

    /// Tasks while the load is on; nil where asking would cost the service what is being counted.
    func tasksDuringLoad() -> Int? {
        if case .native(let service) = self { return service.tasksNow() }
        return nil
    }

    /// Bytes on the heap that are in use; nil where nothing measures them.
    func liveHeap() async throws(CaptureError) -> UInt64? {
        switch self {
        case .go(let runtime): try await runtime.memory(collectFirst: true).heapAlloc
        case .native(let service): try await service.liveBytes()
        case .none: nil
        }
    }

    /// The profiles of every capture, by kind.
    var kinds: [String] {
        switch self {
        case .go: ["goroutine", "heap", "allocs"]
        case .native: ["tasks"]
        case .none: []
        }
    }

    /// A profile of one of ``kinds``; nil where the service has nothing of the kind.
    func profile(_ kind: String) async throws(CaptureError) -> [UInt8]? {
        switch self {
        case .go(let runtime): try await runtime.profile(kind)
        case .native(let service): try await service.tasksProfile()
        case .none: nil
        }
    }
}

/// Counts what a service allocates over the steady load.
enum InstrumentMeter: Sendable {
    case go(RuntimeMeter)
    case native(NativeMeter)

    /// Begins; nil where nothing counts, with the reason in the window.
    init?(starting instrument: Instrument, _ window: inout Window) async throws(CaptureError) {
        do throws(CaptureError) {
            switch instrument {
            case .go(let runtime): self = .go(try await RuntimeMeter(starting: runtime))
            case .native(let service): self = .native(try await NativeMeter(starting: service))
            case .none(let reason):
                window.problems["runtime"] = reason
                return nil
            }
        } catch .interrupted {
            throw .interrupted
        } catch {
            window.problems["runtime"] = error.message
            return nil
        }
    }

    /// Ends, with what was counted or the reason why not in the window.
    func stop(_ window: inout Window) async throws(CaptureError) {
        do throws(CaptureError) {
            switch self {
            case .go(let meter): window.runtime = try await meter.stop()
            case .native(let meter):
                let (counted, problems) = try await meter.stop()
                window.native = counted
                window.problems.merge(problems) { $1 }
            }
        } catch .interrupted {
            throw .interrupted
        } catch {
            window.problems["runtime"] = error.message
        }
    }
}
