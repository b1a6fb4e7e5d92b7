/// What a metric's numbers are counted in.
///
/// Values are `Double`s in the base unit named at each case; texts carry their unit and are read by ``Quantity``.
package enum Unit: String, Sendable, Codable, CaseIterable {
    /// Nanoseconds.
    case time
    /// A plain number.
    case count
    /// Bytes.
    case bytes
    /// A fraction between 0 and 1, written as a percentage.
    case share
    /// Requests per second.
    case rate
}
