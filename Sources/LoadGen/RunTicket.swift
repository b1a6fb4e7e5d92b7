import NIOCore

/// Ties a phase to the task that runs it, so that a cancellation reaches that phase and no other.
final class RunTicket: Sendable {
    /// Read and written on the loop only.
    let isCancelled: NIOLoopBoundBox<Bool>

    init(loop: any EventLoop) {
        isCancelled = .makeBoxSendingValue(false, eventLoop: loop)
    }
}
