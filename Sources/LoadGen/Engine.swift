import HTTPWire
import Measures
import Plans
import TLSWire

/// The load generator's heart: users, connections and the running phase, all confined to one reactor's thread.
///
/// Nothing here locks, hops or allocates per request. Instants are nanoseconds on the monotonic clock.
final class Engine {
    /// Iterations of the warm-up are numbered from here, so that they never repeat those of the steady phase.
    static let warmupOffset: UInt64 = 1_000_000_000

    let reactor: Reactor
    let load: Load
    let endpoint: Endpoint
    let connection: Service.Connection
    /// Whether a connection is closed after every response, or at the end of every flow.
    let closesAfterResponse: Bool
    let closesAfterFlow: Bool
    /// What TLS connections share, nil where the address is not `https`.
    let tls: TLSClient?
    let options: LoadGeneratorOptions
    let seed: UInt64
    let program: ScenarioProgram
    let plan: ArrivalPlan
    let numbering: Numbering
    let users: [VirtualUser]
    /// Who shares connections of HTTP/2; none where every user has its own.
    let groups: [UserGroup]
    /// Users of a flow that pauses.
    var waking: WakeQueue
    var isWaking = false
    /// Reused for every request and every rendered expectation.
    let request = RenderBuffer()
    let scratch = RenderBuffer()
    let matcher = PatternMatcher()

    @exclusivity(unchecked) var free: Ring<VirtualUser>
    /// Users of a closed loop whose connect failed; they try again at the next tick, not in a tight loop.
    var resting: [VirtualUser] = []
    var run: PhaseRun?
    var isPumping = false
    /// Where the service can be reached, the name looked up once; the first that answers serves all connections.
    var addresses: [SocketAddress] = [] {
        didSet { if addresses.count > 1 { hadSeveralAddresses = true } }
    }
    /// Whether any connection can be on its way to an address that others have left.
    private(set) var hadSeveralAddresses = false
    /// The one that answered.
    var reachedAt: SocketAddress?
    /// The opening of all connections ahead of a phase, while it is under way.
    var opening: Opening?
    /// Exchanges begun since the generator was made; their trace ids come from it.
    var exchangeCount: UInt64

    lazy var arrivalTimer = ReactorTimer(reactor) { [unowned self] in pump(clock()) }
    lazy var ticker = ReactorTimer(reactor) { [unowned self] in tick() }
    lazy var waker = ReactorTimer(reactor) { [unowned self] in wake() }
    lazy var openingTimer = ReactorTimer(reactor) { [unowned self] in opening?.wake() }
    var lastProgress: UInt64 = 0
    /// When nothing was left to start.
    var drainStart: UInt64?
    var processorTimeAtStart: UInt64 = 0
    var schedulingClass = "SCHED_OTHER"

    init(
        load: Load, scenario: Scenario, data: [DataBytes], endpoint: Endpoint, connection: Service.Connection,
        seed: UInt64, options: LoadGeneratorOptions, reactor: Reactor, tls: TLSClient?, numbering: Numbering
    ) throws(LoadError) {
        self.load = load
        self.numbering = numbering
        exchangeCount = numbering.exchange
        self.endpoint = endpoint
        self.seed = seed
        self.options = options
        self.reactor = reactor
        self.connection = connection
        closesAfterResponse = connection.keepAlive == .never
        closesAfterFlow = connection.keepAlive == .flow
        self.tls = tls
        if let socket = connection.socket {
            guard let address = SocketAddress(unix: socket) else {
                throw .invalidPlan("the path of the socket \(socket) has more than 107 bytes")
            }
            addresses = [address]
        }
        program = try ScenarioProgram(
            scenario, load: load, endpoint: endpoint, keepAlive: connection.keepAlive, data: data)
        plan = try ArrivalPlan(flows: scenario.flows, seed: seed)
        let count: Int =
            switch load.executor {
            case .constantArrivalRate, .rampingArrivalRate, .findCapacity: load.connections
            case .constantUsers(let users): users
            case .rampingUsers(let ramp): Int(min(65_536, max(0, ramp.peak)))
            }
        guard (1...65_535).contains(count) else {
            throw .invalidPlan("\(count) connections are not between 1 and 65535")
        }
        let (slots, loops) = (program.slotCount, program.loopCount)
        users = (0..<count).map { VirtualUser(index: numbering.user + $0, slots: slots, loops: loops) }
        waking = WakeQueue(capacity: program.longestThinking > 0 ? count : 0)
        free = Ring(capacity: count)
        for user in users { _ = free.append(user) }
        if connection.httpVersion == .two {
            groups = stride(from: 0, to: count, by: connection.streams).map { [users] start in
                UserGroup(Array(users[start..<min(count, start + connection.streams)]))
            }
        } else {
            groups = []
        }
    }

    /// Where an engine begins to count, so that no user, iteration or trace of several loads is there twice.
    struct Numbering {
        var user = 0
        var iteration: UInt64 = 0
        var exchange: UInt64 = 0
    }

    @inline(__always)
    func clock() -> UInt64 { Reactor.clock() }
}
