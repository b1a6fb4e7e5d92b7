import NIOCore
import Synchronization

/// Keeps whoever connects again and again from using up the service's descriptors.
final class ConnectionLimit: Sendable {
    private static let most = 32
    private let count = Atomic<Int>(0)

    /// False for one too many.
    func admit(_ channel: any Channel) -> Bool {
        guard count.wrappingAdd(1, ordering: .relaxed).newValue <= Self.most else {
            count.wrappingSubtract(1, ordering: .relaxed)
            return false
        }
        channel.closeFuture.whenComplete { _ in self.count.wrappingSubtract(1, ordering: .relaxed) }
        return true
    }
}
