#pragma once

#include <stdint.h>

// What of the system's interface cannot be called from Swift: variadic functions, and sets made by macros.

// Counts the instructions the calling thread executes in user mode during a short loop. Gives 0, or the error number of
// the call that failed; `count` is then untouched.
int sc_count_instructions(uint64_t *count);

// Keeps the calling thread on the processor it runs on. Gives what sc_unpin takes, or NULL where that is not permitted.
void *sc_pin(void);

// Lets the thread run again where it was allowed to before, and frees what sc_pin gave.
void sc_unpin(void *before);
