#define _GNU_SOURCE
#include <dlfcn.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "probe.h"

// Memory that a program takes from the system without malloc, as interpreters and virtual machines do for their small
// objects. What is live in it is not known here, and then the live bytes of malloc are no measure of the program's
// memory. What the C library maps for itself does not come by here.

// Smaller pieces are buffers and guard pages; the arenas of interpreters begin at this size.
enum { LEAST = 256 * 1024, EARLY = 16 };

typedef void *(*map_function)(void *, size_t, int, int, int, off_t);

static map_function next_map;
// Who asked before the allocator behind was known.
static uintptr_t early_callers[EARLY];
static unsigned early_count;

// The allocator behind the probe, which hands its memory out through malloc, and the probe itself.
static struct text allocator_code, own_code;

static void note(uintptr_t caller) {
    if (!lies_in(caller, allocator_code) && !lies_in(caller, own_code)) refuse(PL_LIVE_BYTES, PL_OWN_MEMORY);
}

void mappings_start(void) {
    allocator_code = code_around((uintptr_t)real.malloc);
    own_code = code_around((uintptr_t)mappings_start);
    next_map = (map_function)dlsym(RTLD_NEXT, "mmap");
    for (unsigned index = 0; index < early_count && index < EARLY; index++) note(early_callers[index]);
    // Who the others were is not known.
    if (early_count > EARLY) refuse(PL_LIVE_BYTES, PL_OWN_MEMORY);
}

static inline __attribute__((always_inline)) void *map(
    void *at, size_t size, int protection, int flags, int file, off_t offset, void *return_address) {
    // Stacks are no heap.
    if (unlikely((flags & MAP_ANONYMOUS) && !(flags & MAP_STACK) && size >= LEAST) && !is_off) {
        uintptr_t caller = (uintptr_t)return_address;
        if (header != NULL && next_map != NULL) {
            note(caller);
        } else {
            unsigned index = __atomic_fetch_add(&early_count, 1, __ATOMIC_RELAXED);
            if (index < EARLY) early_callers[index] = caller;
        }
    }
    if (likely(next_map != NULL)) return next_map(at, size, protection, flags, file, offset);
    return (void *)syscall(SYS_mmap, at, size, protection, flags, file, offset);
}

INTERPOSED void *mmap(void *at, size_t size, int protection, int flags, int file, off_t offset) {
    return map(at, size, protection, flags, file, offset, __builtin_return_address(0));
}

INTERPOSED void *mmap64(void *at, size_t size, int protection, int flags, int file, off64_t offset) {
    return map(at, size, protection, flags, file, offset, __builtin_return_address(0));
}
