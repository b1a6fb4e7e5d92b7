import Recordings
import Verdicts

/// The stored profiles of the two sides of a comparison.
struct ProfileShelf: Sendable {
    let candidate: RunFolder
    let baseline: RunFolder

    /// The bytes of a profile, or in words why they cannot be had.
    @Sendable
    func read(_ side: Side, _ name: String) -> Result<[UInt8], UnreadableProfile> {
        do {
            return .success(try (side == .candidate ? candidate : baseline).readProfile(name))
        } catch {
            return .failure(UnreadableProfile(reason: error.message))
        }
    }
}
