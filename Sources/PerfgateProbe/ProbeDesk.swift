import LinkedProbe
import ProbePages
import ProbeReader
import Profiles
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Reads what this process counts, and makes it record more while somebody asks.
final class ProbeDesk: Sendable {
    /// What a question leads to.
    enum Outcome: Sendable {
        case answer(ProbeAnswer)
        /// To be ended after so long, whether anybody still waits for the answer or not.
        case later(seconds: Int, Window)
    }

    /// Something that is recorded from one moment to another.
    struct Window: Sendable {
        let question: ProbeQuestion
        let before: AddressProfile
    }

    /// How many may record at the same time.
    private static let mostWindows = 4

    private struct State: ~Copyable {
        var windows = 0
        var samplers = 0
        var recorders = 0
        /// Whether stacks of allocations are recorded from some time on, for good.
        var recordsAlways = false
        /// Files of the process are read once.
        let symbolizer = Symbolizer { MappedFile.reader($0.path) }
    }

    private let file: Result<ProbeFile, ProbeRefusal>
    /// Of the process, however many desks it has: what one still records another must not end.
    private static let state = Mutex(State())

    init(_ recording: ProbeRecording) {
        file = Self.own()
        guard case .success(let file) = file, let mode = try? file.mode() else { return }
        // What cannot be had is said to whoever asks for it, and takes nothing from the rest.
        for part in [ProbeMode.liveTasks, [.exactStacks, .liveBlocks]] where part.isSubset(of: recording.mode) {
            try? file.set(((try? file.mode()) ?? mode).union(part))
        }
        let records = (try? file.mode())?.contains([.exactStacks, .liveBlocks]) ?? false
        if records { Self.state.withLock { $0.recordsAlways = true } }
    }

    private static func own() -> Result<ProbeFile, ProbeRefusal> {
        let descriptor = perfgate_probe_file()
        guard descriptor >= 0 else {
            return .failure(
                .notCounting(
                    "PERFGATE_PROBE_OFF is set, the program has rights its caller lacks, or there was no memory for it")
            )
        }
        do throws(ProbeError) {
            return .success(try ProbeFile(ownDescriptor: descriptor))
        } catch {
            return .failure(.probe(error))
        }
    }

    // MARK: questions

    func ask(_ target: String) -> Outcome {
        do throws(ProbeRefusal) {
            return try outcome(try ProbeQuestion(target))
        } catch {
            return .answer(ProbeAnswer(error))
        }
    }

    private func outcome(_ question: ProbeQuestion) throws(ProbeRefusal) -> Outcome {
        let file = try file.get()
        guard file.process.pid == getpid() else {
            throw .notCounting("this process was forked, and has nothing of its own")
        }
        switch question.page {
        case .index: return .answer(.page(try index(file)))
        case .goroutine, .tasks: return .answer(try tasks(file, question))
        case .profile: return try begin(question, file)
        case .heap where question.isText: return .answer(.text(try heapText(file, question)))
        case .allocs where question.isText: return .answer(.text(try heapText(file, question)))
        case .allocs where question.seconds != nil: return try begin(question, file)
        case .allocs, .heap:
            guard Self.state.withLock({ $0.recordsAlways }) else { throw .notRecorded(question.page) }
            if question.seconds != nil { return try begin(question, file) }
            var profile = try reading { () throws(ProbeError) in try file.allocations() }
            profile.defaultSampleType = question.page == .heap ? "inuse_space" : "alloc_space"
            return .answer(try written(profile, question))
        }
    }

    /// Ends what a window recorded, and gives it.
    func end(_ window: Window) -> ProbeAnswer {
        do throws(ProbeRefusal) {
            let file = try file.get()
            let question = window.question
            let now = Result { () throws(ProbeRefusal) in try recorded(question, file) }
            close(question, file)
            var profile = try now.get().since(window.before, columns: 2)
            if question.page == .heap { profile.defaultSampleType = "alloc_space" }
            return try written(profile, question)
        } catch {
            return ProbeAnswer(error)
        }
    }

    // MARK: windows

    private func begin(_ question: ProbeQuestion, _ file: ProbeFile) throws(ProbeRefusal) -> Outcome {
        let refusal = Self.state.withLock { state -> ProbeRefusal? in
            guard state.windows < Self.mostWindows else { return .busy }
            if question.page == .profile {
                if state.samplers == 0, let reason = ProbeReason.words(UInt8(clamping: perfgate_probe_begin_samples()))
                {
                    return .unavailable(what: ProbeFigure.cpu.words, reason: reason)
                }
                state.samplers += 1
            } else if !state.recordsAlways {
                do throws(ProbeError) {
                    if state.recorders == 0 { try file.set(try file.mode().union(.exactStacks)) }
                } catch {
                    return .probe(error)
                }
                state.recorders += 1
            }
            state.windows += 1
            return nil
        }
        if let refusal { throw refusal }
        do throws(ProbeRefusal) {
            return .later(
                seconds: question.seconds ?? 1, Window(question: question, before: try recorded(question, file)))
        } catch {
            close(question, file)
            throw error
        }
    }

    private func close(_ question: ProbeQuestion, _ file: ProbeFile) {
        Self.state.withLock { state in
            state.windows -= 1
            if question.page == .profile {
                state.samplers -= 1
                if state.samplers == 0 { perfgate_probe_end_samples() }
            } else if !state.recordsAlways {
                state.recorders -= 1
                if state.recorders == 0, let mode = try? file.mode() { try? file.set(mode.subtracting(.exactStacks)) }
            }
        }
    }

    private func recorded(_ question: ProbeQuestion, _ file: ProbeFile) throws(ProbeRefusal) -> AddressProfile {
        try reading { () throws(ProbeError) in
            question.page == .profile ? try file.cpu() : try file.allocations()
        }
    }

    // MARK: pages

    private func index(_ file: ProbeFile) throws(ProbeRefusal) -> String {
        let figures = try figures(file)
        var refusals: [ProbeQuestion.Page: String] = [:]
        if !Self.state.withLock({ $0.recordsAlways }) {
            refusals[.heap] = ProbeRefusal.notRecorded(.heap).message
        }
        for (page, figure) in [
            (ProbeQuestion.Page.allocs, ProbeFigure.exactStacks), (.heap, .exactStacks), (.profile, .cpu),
            (.tasks, .liveTasks), (.goroutine, .liveTasks),
        ] {
            if case .unavailable(let reason)? = figures[figure] { refusals[page] = reason }
        }
        return IndexPage.render(executable: file.process.executable, refusals: refusals, figures: figures)
    }

    private func tasks(_ file: ProbeFile, _ question: ProbeQuestion) throws(ProbeRefusal) -> ProbeAnswer {
        let total = try unfinished(file)
        var profile = try reading { () throws(ProbeError) in try file.tasks() }
        let listed = profile.samples.reduce(0) { $0 + Int($1.values.first ?? 0) }
        if listed < total {
            profile.comments.append("\(total - listed) more tasks were made before they were listed")
        }
        guard question.isText else { return try written(profile, question) }
        return .text(TaskText.render(total: total, profile, symbols(profile, question)))
    }

    /// Tasks that have not ended; a number that the runtime's own count contradicts is none.
    private func unfinished(_ file: ProbeFile) throws(ProbeRefusal) -> Int {
        let figures = try figures(file)
        for figure in [ProbeFigure.tasksCreated, .tasksCompleted, .asyncLets] {
            if let reason = figures[figure]?.reason { throw .unavailable(what: figure.words, reason: reason) }
        }
        var problem = ""
        for _ in 0..<20 {
            let counters = try reading { () throws(ProbeError) in try file.counters() }
            guard let reason = counters.taskCheck.reason else {
                let count = counters.unfinishedOfBothKinds
                guard count >= 0 else {
                    throw .unavailable(what: "the count of tasks", reason: "more tasks ended than began")
                }
                return Int(count)
            }
            problem = reason
            // A task may be made while the counters are read.
            usleep(1000)
        }
        throw .unavailable(what: "the count of tasks is unverified", reason: problem)
    }

    private func heapText(_ file: ProbeFile, _ question: ProbeQuestion) throws(ProbeRefusal) -> String {
        let figures = try figures(file)
        if let reason = figures[.allocations]?.reason {
            throw .unavailable(what: ProbeFigure.allocations.words, reason: reason)
        }
        let counters = try reading { () throws(ProbeError) in try file.counters() }
        guard Self.state.withLock({ $0.recordsAlways }) else {
            return HeapText.render(counters, figures, nil, Symbols())
        }
        let stacks = try reading { () throws(ProbeError) in try file.allocations() }
        return HeapText.render(counters, figures, stacks, symbols(stacks, question))
    }

    // MARK: reading and writing

    private func figures(_ file: ProbeFile) throws(ProbeRefusal) -> [ProbeFigure: ProbeAvailability] {
        try reading { () throws(ProbeError) in try file.figures() }
    }

    private func symbols(_ profile: AddressProfile, _ question: ProbeQuestion) -> Symbols {
        guard question.hasSymbols else { return Symbols() }
        return Self.state.withLock { $0.symbolizer.symbols(for: profile) }
    }

    private func written(_ profile: AddressProfile, _ question: ProbeQuestion) throws(ProbeRefusal) -> ProbeAnswer {
        let symbols = symbols(profile, question)
        var profile = profile
        profile.comments.append(Profile.probeRemark)
        do throws(ProfileError) {
            return .profile(try ProfileWriter.pprof(profile, symbols: symbols))
        } catch {
            throw .profile(error)
        }
    }

    private func reading<Value>(_ body: () throws(ProbeError) -> Value) throws(ProbeRefusal) -> Value {
        do throws(ProbeError) {
            return try body()
        } catch {
            throw .probe(error)
        }
    }
}
