package import HTTPWire
package import Measures
package import Plans

/// Makes load against one endpoint and measures what comes of it, on one thread of its own.
///
/// Made only for the length of a closure, so that no connection and no thread outlives it.
package final class LoadGenerator: Sendable {
    /// A part of a round.
    package enum Phase: Sendable, Equatable {
        /// Load that is not to be counted; its iterations are numbered apart from those of the steady phase.
        ///
        /// Every load begins at once and runs for its own time.
        case warmup
        /// Every load starts when the plan says so and does its own work, unless another is given.
        ///
        /// Where the load is a search for the capacity, it is made of windows.
        case steady(Load.Work? = nil)
        /// One rate of a search for the capacity, in flow starts per second; its iterations are numbered from `first`.
        case window(rate: Double, length: Duration, first: UInt64)
        /// What the scenario does around the load, outside everything that is counted and timed; nothing where it has no
        /// such part. Throws ``LoadError/part(_:step:reason:)`` when a request fails.
        case setup
        /// Done by every user, each with the connection it has; what a user captures is kept as long as the generator.
        case userSetup
        case teardown
    }

    private let rig: Confined<Rig>
    private let reactor: Reactor
    /// What is searched for, where the load is a search.
    private let search: CapacitySearch?
    let windowLimits: DeliveryLimits

    private init(rig: Confined<Rig>, reactor: Reactor, search: CapacitySearch?, windowLimits: DeliveryLimits) {
        self.rig = rig
        self.search = search
        self.reactor = reactor
        self.windowLimits = windowLimits
    }

    /// Runs the closure with a generator, then closes its connections and ends its thread, also when it throws.
    ///
    /// Throws ``LoadError/invalidPlan(_:)`` where the plan cannot be run, and whatever the closure throws.
    package static func withGenerator<R: Sendable>(
        load: Load, scenario: Scenario, target: Endpoint, connection: Service.Connection = Service.Connection(),
        seed: UInt64, options: LoadGeneratorOptions = LoadGeneratorOptions(), _ body: (LoadGenerator) async throws -> R
    ) async throws -> R {
        try await withGenerator(
            loads: [load], scenario: scenario, target: target, connection: connection, seed: seed, options: options,
            body)
    }

    /// The same with several loads, which share the thread and nothing else.
    package static func withGenerator<R: Sendable>(
        loads: [Load], scenario: Scenario, target: Endpoint, connection: Service.Connection = Service.Connection(),
        seed: UInt64, options: LoadGeneratorOptions = LoadGeneratorOptions(), _ body: (LoadGenerator) async throws -> R
    ) async throws -> R {
        let reactor = try Reactor()
        let result: Result<R, any Error>
        do {
            let rig = try await reactor.perform { () throws(LoadError) in
                let rig = try Rig(
                    loads: loads, scenario: scenario, endpoint: target, connection: connection, seed: seed,
                    options: options, reactor: reactor
                )
                return Confined(rig, to: reactor)
            }
            let generator = LoadGenerator(
                rig: rig, reactor: reactor, search: loads.first?.search, windowLimits: options.windowLimits)
            do {
                result = .success(try await body(generator))
            } catch {
                result = .failure(error)
            }
            await generator.closeConnections()
        } catch {
            result = .failure(error)
        }
        await reactor.stop()
        return try result.get()
    }

    /// Opens all connections ahead of a phase, so that counters read around it do not see connects.
    ///
    /// Returns how many are open: none where every flow or request opens its own. Throws ``LoadError/connect(address:reason:opened:wanted:)`` when one is refused, and
    /// ``LoadError/cancelled`` when the task is cancelled.
    @discardableResult
    package func openConnections() async throws(LoadError) -> Int {
        let ticket = Confined(RunTicket(), to: reactor)
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation {
                (continuation: CheckedContinuation<Result<Int, LoadError>, Never>) in
                reactor.execute { [rig] in
                    guard !ticket.value.isCancelled else { return continuation.resume(returning: .failure(.cancelled)) }
                    rig.value.openAll { continuation.resume(returning: $0) }
                }
            }
        } onCancel: {
            reactor.execute { [rig] in
                ticket.value.isCancelled = true
                rig.value.cancelOpening()
            }
        }
        return try result.get()
    }

    /// Runs one phase to its end, which is bounded by its work, the time-outs and the drain.
    ///
    /// `onProgress` is called about once a second on the generator's thread and must return at once.
    /// Cancelling the task closes the connections and throws ``LoadError/cancelled``; with `keepsPart` it ends the phase
    /// within a second or so, with the summary of what was done, where all loads have begun and none is a search.
    package func run(
        _ phase: Phase, keepsPart: Bool = false, onProgress: (@Sendable (LoadProgress) -> Void)? = nil
    ) async throws(LoadError) -> LoadSummary {
        if let search, phase == .steady() { return try await find(search, onProgress: onProgress) }
        let ticket = Confined(RunTicket(), to: reactor)
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation {
                (continuation: CheckedContinuation<Result<LoadSummary, LoadError>, Never>) in
                reactor.execute { [rig] in
                    rig.value.begin(phase, ticket: ticket.value, onProgress: onProgress) {
                        continuation.resume(returning: $0)
                    }
                }
            }
        } onCancel: {
            reactor.execute { [rig] in
                if keepsPart { rig.value.stop(ticket.value) } else { rig.value.cancel(ticket.value) }
            }
        }
        return try result.get()
    }

    /// Closes all connections, those in use too; the next phase opens them again.
    package func closeConnections() async {
        await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
            reactor.execute { [rig] in
                rig.value.abort(.cancelled)
                continuation.resume()
            }
        }
    }
}
