#define _GNU_SOURCE
#include <dlfcn.h>
#include <string.h>

#include "probe.h"

struct allocator real;
struct allocator next_one;
int another_is_first;

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

#if !PROBE_IS_LINKED
// Not by dlsym, which allocates where it finds nothing and would free that with its next call, in the midst of a
// program's own looking for its allocator.
extern const char perfgate_probe_is_linked __attribute__((weak, visibility("default")));

int has_linked(void) { return &perfgate_probe_is_linked != NULL; }

// By the loader's search order and not by glibc's own names: whatever allocator follows in it is the one the program
// would have had. Where another one comes first, it is that one: what it lacks the program asks of this library, and
// must get from the allocator that the block will go back to.
static void *find(const char *name, const void *own) {
    // The same linked into the program asks this one in its turn.
    if (has_linked()) return dlsym(RTLD_NEXT, name);
    void *first = dlsym(RTLD_DEFAULT, name);
    return first != NULL && first != own ? first : dlsym(RTLD_NEXT, name);
}

int is_first(void) { return dlsym(RTLD_DEFAULT, "malloc") == (void *)own_malloc; }

void find_behind(void) {
    next_one.calloc = dlsym(RTLD_NEXT, "calloc");
    next_one.realloc = dlsym(RTLD_NEXT, "realloc");
    next_one.free = dlsym(RTLD_NEXT, "free");
    next_one.posix_memalign = dlsym(RTLD_NEXT, "posix_memalign");
    next_one.aligned_alloc = dlsym(RTLD_NEXT, "aligned_alloc");
    next_one.memalign = dlsym(RTLD_NEXT, "memalign");
    next_one.malloc = dlsym(RTLD_NEXT, "malloc");
    another_is_first = !has_linked() && !is_first() && next_one.malloc != NULL && next_one.calloc != NULL
        && next_one.realloc != NULL && next_one.free != NULL;
}

struct allocator find_allocator(void) {
    struct allocator found;
    found.calloc = find("calloc", (void *)own_calloc);
    found.realloc = find("realloc", (void *)own_realloc);
    found.free = find("free", (void *)own_free);
    found.posix_memalign = find("posix_memalign", (void *)own_posix_memalign);
    found.aligned_alloc = find("aligned_alloc", (void *)own_aligned_alloc);
    found.memalign = find("memalign", (void *)own_memalign);
    found.usable_size = find("malloc_usable_size", NULL);
    found.malloc = find("malloc", (void *)own_malloc);
    return found;
}
#endif

void resolve_allocator(void) {
    static int resolving;
    if (__atomic_exchange_n(&resolving, 1, __ATOMIC_ACQUIRE)) return;
    struct allocator found = find_allocator();
    real.calloc = found.calloc;
    real.realloc = found.realloc;
    real.free = found.free;
    real.posix_memalign = found.posix_memalign;
    real.aligned_alloc = found.aligned_alloc;
    real.memalign = found.memalign;
    real.usable_size = found.usable_size;
    find_behind();
    // The last: whoever sees this one sees them all.
    __atomic_store_n(&real.malloc, found.malloc, __ATOMIC_RELEASE);
}
