import ArgumentParser
import Measures

/// A time as it is typed: `90s`, `2m`.
struct TimeSpan {
    let duration: Duration

    /// Throws what is wrong with the text, for the argument parser to show.
    @Sendable
    init(_ text: String) throws {
        let nanoseconds: Double
        do throws(Quantity.Problem) {
            nanoseconds = try Quantity.parse(text, as: .time)
        } catch {
            throw ValidationError(error.message)
        }
        guard (1e9...24 * 3600e9).contains(nanoseconds) else {
            throw ValidationError("it must be from one second to 24 hours")
        }
        duration = .nanoseconds(Int64(nanoseconds))
    }
}
