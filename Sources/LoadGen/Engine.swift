import HTTPWire
import Measures
import NIOCore
import Plans

/// The load generator's heart: users, connections and the running phase, all confined to one event loop.
///
/// Nothing here locks, hops or allocates per request. Instants are nanoseconds on the monotonic clock.
final class Engine {
    /// Iterations of the warm-up are numbered from here, so that they never repeat those of the steady phase.
    static let warmupOffset: UInt64 = 1_000_000_000

    let loop: any EventLoop
    let load: Load
    let endpoint: Endpoint
    let options: LoadGeneratorOptions
    let seed: UInt64
    let program: ScenarioProgram
    let plan: ArrivalPlan
    let users: [VirtualUser]
    /// Reused for every request and every rendered expectation.
    let request = RenderBuffer()
    let scratch = RenderBuffer()

    var free: Ring<VirtualUser>
    /// Users of a closed loop whose connect failed; they try again at the next tick, not in a tight loop.
    var resting: [VirtualUser] = []
    var run: PhaseRun?
    var isPumping = false
    /// Where the service was reached first: a name is resolved once.
    var address: SocketAddress?
    /// Exchanges begun since the generator was made; their trace ids come from it.
    var exchangeCount: UInt64 = 0

    /// The task that runs the phase; cancelling it names the same ticket.
    var ticket: RunTicket?
    lazy var arrivalTimer = Timer { [unowned self] in
        arrivalCallback = nil
        pump(clock())
    }
    lazy var ticker = Timer { [unowned self] in
        tickCallback = nil
        tick()
    }
    var arrivalCallback: NIOScheduledCallback?
    var tickCallback: NIOScheduledCallback?
    var lastProgress: UInt64 = 0
    var drainDeadline: UInt64?
    var processorTimeAtStart: UInt64 = 0
    var schedulingClass = "SCHED_OTHER"

    init(
        load: Load, scenario: Scenario, endpoint: Endpoint, seed: UInt64, options: LoadGeneratorOptions,
        loop: any EventLoop
    ) throws(LoadError) {
        self.load = load
        self.endpoint = endpoint
        self.seed = seed
        self.options = options
        self.loop = loop
        program = try ScenarioProgram(scenario, load: load, endpoint: endpoint)
        plan = try ArrivalPlan(flows: scenario.flows, seed: seed)
        let count: Int =
            switch load.executor {
            case .constantArrivalRate: load.connections
            case .constantUsers(let users): users
            }
        guard (1...65_535).contains(count) else {
            throw .invalidPlan("\(count) connections are not between 1 and 65535")
        }
        let slots = program.slotCount
        users = (0..<count).map { VirtualUser(index: $0, slots: slots) }
        free = Ring(capacity: count)
        for user in users { _ = free.append(user) }
    }

    @inline(__always)
    func clock() -> UInt64 { NIODeadline.now().uptimeNanoseconds }

    /// What the event loop calls when an instant has come.
    final class Timer: NIOScheduledCallbackHandler {
        private let fire: () -> Void

        init(_ fire: @escaping () -> Void) {
            self.fire = fire
        }

        func handleScheduledCallback(eventLoop: some EventLoop) { fire() }
    }
}
