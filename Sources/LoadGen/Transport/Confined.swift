/// A value of one reactor's thread, carried past the compiler to jobs that will run there.
struct Confined<Value>: @unchecked Sendable {
    private let confined: Value
    private let reactor: Reactor

    init(_ value: Value, to reactor: Reactor) {
        confined = value
        self.reactor = reactor
    }

    /// The value; touching it anywhere else ends the program.
    var value: Value {
        reactor.preconditionIsCurrent()
        return confined
    }
}
