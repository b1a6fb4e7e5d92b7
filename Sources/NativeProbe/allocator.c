#define _GNU_SOURCE
#include <dlfcn.h>
#include <string.h>

#include "probe.h"

struct allocator real;

// While the allocator is being looked for, the loader may itself allocate; that comes from here and is never freed.
enum { BOOTSTRAP_SIZE = 65536, BOOTSTRAP_HEAD = 16 };
static _Alignas(64) char bootstrap[BOOTSTRAP_SIZE];
static size_t bootstrap_used;

void *bootstrap_allocate(size_t size, size_t alignment) {
    if (alignment < BOOTSTRAP_HEAD) alignment = BOOTSTRAP_HEAD;
    if (size > BOOTSTRAP_SIZE || alignment > 4096) return NULL;
    size_t room = size + alignment + BOOTSTRAP_HEAD;
    size_t at = __atomic_fetch_add(&bootstrap_used, room, __ATOMIC_RELAXED);
    if (at + room > BOOTSTRAP_SIZE) return NULL;
    uintptr_t block = ((uintptr_t)bootstrap + at + BOOTSTRAP_HEAD + alignment - 1) & ~(uintptr_t)(alignment - 1);
    ((size_t *)block)[-1] = size;
    return (void *)block;
}

int is_bootstrap(const void *block) { return (uintptr_t)block - (uintptr_t)bootstrap < BOOTSTRAP_SIZE; }

size_t bootstrap_size(const void *block) { return ((const size_t *)block)[-1]; }

// By the loader's search order and not by glibc's own names: whatever allocator follows in it is the one the program
// would have had.
void resolve_allocator(void) {
    static int resolving;
    if (__atomic_exchange_n(&resolving, 1, __ATOMIC_ACQUIRE)) return;
    struct allocator found;
    found.calloc = dlsym(RTLD_NEXT, "calloc");
    found.realloc = dlsym(RTLD_NEXT, "realloc");
    found.free = dlsym(RTLD_NEXT, "free");
    found.posix_memalign = dlsym(RTLD_NEXT, "posix_memalign");
    found.aligned_alloc = dlsym(RTLD_NEXT, "aligned_alloc");
    found.memalign = dlsym(RTLD_NEXT, "memalign");
    found.usable_size = dlsym(RTLD_NEXT, "malloc_usable_size");
    found.malloc = dlsym(RTLD_NEXT, "malloc");
    real.calloc = found.calloc;
    real.realloc = found.realloc;
    real.free = found.free;
    real.posix_memalign = found.posix_memalign;
    real.aligned_alloc = found.aligned_alloc;
    real.memalign = found.memalign;
    real.usable_size = found.usable_size;
    // The last: whoever sees this one sees them all.
    __atomic_store_n(&real.malloc, found.malloc, __ATOMIC_RELEASE);
}
