package import HTTPWire
package import Measures
import NIOCore
import NIOPosix
package import Plans

/// Makes load against one endpoint and measures what comes of it, on one thread of its own.
///
/// Made only for the length of a closure, so that no connection and no thread outlives it.
package final class LoadGenerator: Sendable {
    /// A part of a round.
    package enum Phase: Sendable, Equatable {
        /// Load that is not to be counted; its iterations are numbered apart from those of the steady phase.
        case warmup(Duration)
        case steady(Load.Work)
    }

    private let engine: NIOLoopBound<Engine>
    private let loop: any EventLoop

    private init(engine: NIOLoopBound<Engine>, loop: any EventLoop) {
        self.engine = engine
        self.loop = loop
    }

    /// Runs the closure with a generator, then closes its connections and ends its thread, also when it throws.
    ///
    /// Throws ``LoadError/invalidPlan(_:)`` where the plan cannot be run, and whatever the closure throws.
    package static func withGenerator<R: Sendable>(
        load: Load, scenario: Scenario, target: Endpoint, seed: UInt64,
        options: LoadGeneratorOptions = LoadGeneratorOptions(), _ body: (LoadGenerator) async throws -> R
    ) async throws -> R {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let loop = group.next()
        do {
            let engine = try await loop.submit {
                let engine = try Engine(
                    load: load, scenario: scenario, endpoint: target, seed: seed, options: options, loop: loop
                )
                return NIOLoopBound(engine, eventLoop: loop)
            }.get()
            let generator = LoadGenerator(engine: engine, loop: loop)
            let result: R
            do {
                result = try await body(generator)
            } catch {
                await generator.closeConnections()
                throw error
            }
            await generator.closeConnections()
            try await group.shutdownGracefully()
            return result
        } catch {
            try? await group.shutdownGracefully()
            throw error
        }
    }

    /// Opens all connections ahead of a phase, so that counters read around it do not see connects.
    ///
    /// Returns how many are open. Throws ``LoadError/connect(address:reason:opened:wanted:)`` when one is refused.
    @discardableResult
    package func openConnections() async throws(LoadError) -> Int {
        let result = await withCheckedContinuation {
            (continuation: CheckedContinuation<Result<Int, LoadError>, Never>) in
            loop.execute { [engine] in
                engine.value.openAll { continuation.resume(returning: $0) }
            }
        }
        return try result.get()
    }

    /// Runs one phase to its end, which is bounded by its work, the time-outs and the drain.
    ///
    /// `onProgress` is called about once a second on the generator's thread and must return at once.
    /// Cancelling the task closes the connections and throws ``LoadError/cancelled``.
    package func run(
        _ phase: Phase, onProgress: (@Sendable (LoadProgress) -> Void)? = nil
    ) async throws(LoadError) -> LoadSummary {
        let ticket = RunTicket(loop: loop)
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation {
                (continuation: CheckedContinuation<Result<LoadSummary, LoadError>, Never>) in
                loop.execute { [engine] in
                    engine.value.begin(phase, ticket: ticket, onProgress: onProgress) {
                        continuation.resume(returning: $0)
                    }
                }
            }
        } onCancel: {
            loop.execute { [engine] in engine.value.cancel(ticket) }
        }
        return try result.get()
    }

    /// Closes all connections, those in use too; the next phase opens them again.
    package func closeConnections() async {
        await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
            loop.execute { [engine] in
                engine.value.abort(.cancelled)
                continuation.resume()
            }
        }
    }
}
