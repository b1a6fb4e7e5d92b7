import NIOCore
import NIOPosix

#if canImport(Glibc)
    import Glibc
#endif

/// SIGTERM and SIGINT, as something that can be awaited.
///
/// The handler writes one byte to a pipe, the one thing it may safely do, on whichever thread it interrupts. Blocking
/// the signals and waiting for them would not do: a thread that a preloaded library started earlier may not block them.
struct StopSignal {
    private let readEnd: Int32

    nonisolated(unsafe) private static var writeEnd: Int32 = -1

    /// Installs the handlers; once per process.
    init() throws(SystemError) {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw SystemError(lastErrorOf: "pipe") }
        readEnd = ends[0]
        Self.writeEnd = ends[1]
        for number in [SIGTERM, SIGINT] {
            var action = sigaction()
            action.__sigaction_handler.sa_handler = { _ in
                let before = errno
                var byte: UInt8 = 1
                _ = write(StopSignal.writeEnd, &byte, 1)
                errno = before
            }
            action.sa_flags = SA_RESTART
            guard sigaction(number, &action, nil) == 0 else { throw SystemError(lastErrorOf: "sigaction") }
        }
    }

    /// Returns when one of the signals has arrived.
    func arrival(on group: MultiThreadedEventLoopGroup) async throws {
        let channel = try await NIOPipeBootstrap(group: group)
            .takingOwnershipOfDescriptor(input: readEnd) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, Never>(wrappingChannelSynchronously: channel)
                }
            }
        try await channel.executeThenClose { bytes in
            for try await _ in bytes { return }
        }
    }
}
