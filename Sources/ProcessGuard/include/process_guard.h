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
    /// Bytes sent here are orders: 'T' terminate, 'K' kill everything.
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

/// Starts `path` with `argv` and `envp` (both null-terminated) in `directory`, its output going to `output`.
///
/// Standard input is /dev/null. Returns 0, or an errno with nothing started.
int32_t pg_start(
    const char *path, char *const argv[], char *const envp[], const char *directory, int32_t output,
    pg_process *process);
