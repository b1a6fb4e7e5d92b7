/// Ties a phase to the task that runs it, so that a cancellation reaches that phase and no other.
final class RunTicket {
    /// Whether the task was cancelled.
    var isCancelled = false
}
