import NIOCore
import NIOPosix

/// Waiting without holding a thread.
enum Pause {
    /// Waits the whole time, in a cancelled task too: for ending processes and clearing away, which must be done.
    static func unconditionally(milliseconds: Int64) async {
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        await withCheckedContinuation { continuation in
            loop.scheduleTask(in: .milliseconds(milliseconds)) { continuation.resume() }
        }
    }
}
