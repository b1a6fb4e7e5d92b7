#pragma once

#include "waiting.h"

#include <stdint.h>

// What of the system's interface cannot be called from Swift: variadic functions, calls the C library has no function
// for, and sets made by macros.

// What a counter counts: instructions and page faults of user mode alone, nanoseconds on a processor in either mode.
enum { SC_INSTRUCTIONS = 0, SC_TASK_CLOCK = 1, SC_PAGE_FAULTS = 2 };

// What a counter counted, and the nanoseconds for which it was wanted and for which it did count. The latter are fewer
// where it had to share the processor's counters with others, or where the processor has none of its kind.
typedef struct {
    uint64_t count;
    uint64_t wanted;
    uint64_t counted;
} sc_count;

// Opens a counter of what the calling thread does from now on, with everything it starts: threads and processes,
// whatever program they become, those that have ended included. Gives a descriptor, which is closed when a program is
// executed, or an error number as a negative one. Async-signal-safe.
int sc_open_counter(int event);

// Reads a counter. Gives 0 or an error number; `count` is then untouched.
int sc_read_counter(int descriptor, sc_count *count);

// Counts the instructions the calling thread executes in user mode during a short loop. Gives 0, or the error number of
// the call that failed; `count` is then untouched.
int sc_count_instructions(uint64_t *count);

// Keeps the calling thread on the processor it runs on. Gives what sc_unpin takes, or NULL where that is not permitted.
void *sc_pin(void);

// Lets the thread run again where it was allowed to before, and frees what sc_pin gave.
void sc_unpin(void *before);
