/// A part of all requests, chosen by counting and not by chance.
struct Share: Equatable {
    private let millionths: UInt64

    static let none = Share(millionths: 0)

    private init(millionths: UInt64) {
        self.millionths = millionths
    }

    /// Takes a value from 0 to 1; anything else, not-a-number included, is none.
    init?(_ value: Double) {
        guard (0...1).contains(value) else { return nil }
        self.init(millionths: UInt64((value * 1e6).rounded()))
    }

    /// Whether the request with this number, counted from 1, belongs to the share.
    func includes(_ number: UInt64) -> Bool {
        number &* millionths / 1_000_000 > (number &- 1) &* millionths / 1_000_000
    }
}
