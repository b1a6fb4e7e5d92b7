import ProbeReader
import Profiles

/// The process of a service that is looked at closer than by counts.
package struct ProbedProcess: Sendable {
    let file: ProbeFile
    /// Other processes of the service, which no profile shows.
    let others: Int
    let symbols: NativeSymbols

    /// Makes it record the stack of every allocation from now on, and whether it was freed.
    package func recordAllocations() throws(CaptureError) {
        try reading { () throws(ProbeError) in
            try file.set(try file.mode().union([.exactStacks, .liveBlocks]))
        }
    }

    /// What was recorded since ``recordAllocations()``, as pprof: `alloc_objects`, `alloc_space`, `inuse_space`.
    package func allocationsProfile() async throws(CaptureError) -> [UInt8] {
        try await named { () throws(ProbeError) in try file.allocations() }
    }

    /// Samples of processor time since the start, as pprof.
    package func processorProfile() async throws(CaptureError) -> [UInt8] {
        try await named { () throws(ProbeError) in try file.cpu() }
    }

    /// Where tasks were created since the start, as pprof.
    package func creationsProfile() async throws(CaptureError) -> [UInt8] {
        try await named { () throws(ProbeError) in try file.taskCreations() }
    }

    /// The tasks that are alive, with where they wait and where they were created, as pprof.
    package func tasksProfile() async throws(CaptureError) -> [UInt8] {
        try await named { () throws(ProbeError) in try file.tasks() }
    }

    private func named(_ profile: () throws(ProbeError) -> AddressProfile) async throws(CaptureError) -> [UInt8] {
        var profile = try reading(profile)
        if others > 0 {
            profile.comments.insert("of one process; \(others) more of the service are not in it", at: 0)
        }
        return try await symbols.pprof(profile)
    }

    private func reading<Value>(_ body: () throws(ProbeError) -> Value) throws(CaptureError) -> Value {
        do throws(ProbeError) {
            return try body()
        } catch {
            throw .unreadable(url: file.path, reason: error.message)
        }
    }
}
