import ArgumentParser
import Measures

/// A time as it is typed: `90s`, `2m`.
struct TimeSpan {
    let duration: Duration

    /// From one second to 24 hours; throws what is wrong with the text, for the argument parser to show.
    @Sendable
    init(_ text: String) throws {
        try self.init(text, within: .seconds(1) ... .hours(24))
    }

    /// Reads times of this range.
    static func within(_ range: ClosedRange<Duration>) -> @Sendable (String) throws -> TimeSpan {
        { try TimeSpan($0, within: range) }
    }

    private init(_ text: String, within range: ClosedRange<Duration>) throws {
        let nanoseconds: Double
        do throws(Quantity.Problem) {
            nanoseconds = try Quantity.parse(text, as: .time)
        } catch {
            throw ValidationError(error.message)
        }
        let bounds = [range.lowerBound, range.upperBound].map { $0 / .nanoseconds(1) }
        guard (bounds[0]...bounds[1]).contains(nanoseconds) else {
            throw ValidationError("it must be from \(Self.words(bounds[0])) to \(Self.words(bounds[1]))")
        }
        duration = .nanoseconds(Int64(nanoseconds))
    }

    private static func words(_ nanoseconds: Double) -> String {
        switch nanoseconds {
        case 1e9: "one second"
        case 3600e9...: "\(Int(nanoseconds / 3600e9)) hours"
        default: Unit.time.text(nanoseconds)
        }
    }
}

extension Duration {
    static func hours(_ count: Int) -> Duration { .seconds(count * 3600) }
}
