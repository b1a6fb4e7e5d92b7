#pragma once

#include <stdint.h>

/// A command under guard.
///
/// The guard is a process of its own between perfgate and the command. It adopts whatever the command leaves behind, and
/// when perfgate ends in any way, SIGKILL included, its end of the control socket closes and the guard kills every
/// process that descends from the command. If the guard itself is killed, the kernel kills the command.
typedef struct {
    /// The guard's process id; it is a child of the caller and must be reaped by it.
    int32_t guard;
    /// Bytes sent here are orders: 'T' terminate, 'K' kill everything. The other way comes the counter, once.
    int32_t control;
    /// `pg_event` structs can be read here; end of file when the guard has ended.
    int32_t events;
} pg_process;

enum {
    /// The command was started; `value` is its process id, which is also its process group.
    PG_STARTED = 1,
    /// The command could not be started; `value` is an errno and `detail` one of the `PG_AT_` steps.
    PG_FAILED = 2,
    /// The command's own process ended; `value` is its wait status.
    PG_ENDED = 3,
    /// Nothing is left of the command.
    PG_CLEAN = 4,
};

enum { PG_AT_FORK = 1, PG_AT_DIRECTORY = 2, PG_AT_EXECUTE = 3 };

typedef struct {
    int32_t kind;
    int32_t value;
    int32_t detail;
} pg_event;

/// In place of what is counted, where nothing is.
enum { PG_UNCOUNTED = -1 };

/// Starts `path` with `argv` and `envp` (both null-terminated) in `directory`, its output going to `output`.
///
/// `event` is what of the command and everything it starts is counted: one of the `SC_` events, or `PG_UNCOUNTED`.
/// Standard input is /dev/null. Returns 0, or an errno with nothing started.
int32_t pg_start(
    const char *path, char *const argv[], char *const envp[], const char *directory, int32_t output, int32_t event,
    pg_process *process);

/// Receives the counter's descriptor, which is the caller's from then on.
///
/// Returns 0, EAGAIN where it has not come yet, ESRCH where none will come, or the errno with which it could not be
/// opened or received. To be asked until the answer is another than EAGAIN, and not again.
int32_t pg_receive_counter(const pg_process *process, int32_t *counter);
