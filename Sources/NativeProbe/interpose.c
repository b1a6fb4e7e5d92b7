#define _GNU_SOURCE
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "probe.h"

// malloc and its relatives: each asks the allocator that would have answered, and counts what it gave.

// Before there is a file, and for a thread that has no slot.
static __attribute__((noinline, cold)) struct pl_slot *slow_slot(void) {
    return header == NULL ? NULL : claim_slot();
}

// A thread's own slot, NULL for one that must share.
static inline struct pl_slot *own_slot(void) {
    struct pl_slot *slot = self.slot;
    return likely(slot != NULL) ? slot : slow_slot();
}

static inline size_t usable(void *block) { return likely(real.usable_size != NULL) ? real.usable_size(block) : 0; }

// What is allocated before there is a file is counted here and moved into it.
struct pl_slot early;
int is_off;

static struct pl_slot *shared_slot(void) {
    if (is_off || self.phase == PHASE_BUSY) return NULL;
    return header == NULL ? &early : slots();
}

static __attribute__((noinline, cold)) void count_shared(size_t size, size_t usable, int is_dispatch, int is_task) {
    struct pl_slot *slot = shared_slot();
    if (slot == NULL) return;
    grow_shared(&slot->allocations, 1);
    grow_shared(&slot->bytes, size);
    grow_shared(&slot->usable_in, usable);
    if (is_dispatch) {
        grow_shared(&slot->dispatch_allocations, 1);
        grow_shared(&slot->dispatch_bytes, size);
    }
    if (is_task) grow_shared(&slot->tasks_created, 1);
}

static __attribute__((noinline, cold)) void count_shared_free(size_t usable, int is_task) {
    struct pl_slot *slot = shared_slot();
    if (slot == NULL) return;
    grow_shared(&slot->frees, 1);
    grow_shared(&slot->usable_out, usable);
    if (is_task) grow_shared(&slot->tasks_destroyed, 1);
}

static inline __attribute__((always_inline)) void count(void *block, size_t size, void *return_address, void *frame) {
    uintptr_t caller = (uintptr_t)return_address;
    struct pl_slot *slot = own_slot();
    if (unlikely(slot == NULL)) {
        int is_task = lies_in(caller, runtime.create);
        count_shared(size, usable(block), lies_in(caller, runtime.dispatch), is_task);
        if (is_task) task_created(NULL, block, frame);
        return;
    }
    grow(&slot->allocations, 1);
    grow(&slot->bytes, size);
    grow(&slot->usable_in, usable(block));
    if (unlikely(lies_in(caller, runtime.dispatch))) {
        grow(&slot->dispatch_allocations, 1);
        grow(&slot->dispatch_bytes, size);
    } else if (unlikely(lies_in(caller, runtime.create))) {
        task_created(slot, block, frame);
    }
    if (unlikely(mode() & PL_MODE_EXACT_STACKS)) record_allocation(block, size, frame);
}

static inline __attribute__((always_inline)) void count_free(void *block) {
    struct pl_slot *slot = own_slot();
    size_t bytes = usable(block);
    // The first word of a heap object says what it is. The allocator writes there next, so that looking costs nothing.
    int is_task = *(uintptr_t *)block == runtime.metadata;
    if (unlikely(slot == NULL)) {
        count_shared_free(bytes, is_task);
        if (is_task) task_destroyed(NULL, block);
        return;
    }
    grow(&slot->frees, 1);
    grow(&slot->usable_out, bytes);
    if (unlikely(is_task)) task_destroyed(slot, block);
    if (unlikely(mode() & PL_MODE_LIVE_BLOCKS)) record_free(block);
}

// The allocator, or NULL while it is being looked for.
static inline int is_resolved(void) {
    if (likely(__atomic_load_n(&real.malloc, __ATOMIC_ACQUIRE) != NULL)) return 1;
    resolve_allocator();
    return __atomic_load_n(&real.malloc, __ATOMIC_ACQUIRE) != NULL;
}

#define CALLER __builtin_return_address(0), __builtin_frame_address(0)

// Where another allocator answers before the probe does, it may be one that only passes on what it is asked to whoever
// is next, which is the probe. Asked again by the one it asks, the probe goes to the one behind.
static __thread int is_asking __attribute__((tls_model("initial-exec")));

static inline void wait_for_answer(void *frame) {
    if (unlikely(cpu_is_sampling())) self.asking = (uintptr_t)frame;
}

static inline void have_answer(void) {
    if (unlikely(self.asking != 0)) self.asking = 0;
}

#define ASK(call)                                                                       \
    ({                                                                                  \
        int is_outer = unlikely(another_is_first) && !is_asking;                        \
        const struct allocator *asked =                                                 \
            unlikely(another_is_first) && !is_outer ? &next_one : &real;                  \
        if (unlikely(is_outer)) is_asking = 1;                                          \
        wait_for_answer(__builtin_frame_address(0));                                    \
        __auto_type answer = asked->call;                                               \
        have_answer();                                                                  \
        if (unlikely(is_outer)) is_asking = 0;                                          \
        answer;                                                                         \
    })

INTERPOSED void *malloc(size_t size) {
    if (unlikely(!is_resolved())) return bootstrap_allocate(size, 0);
    void *block = ASK(malloc(size));
    if (likely(block != NULL)) count(block, size, CALLER);
    return block;
}

INTERPOSED void *calloc(size_t count_of, size_t size) {
    size_t bytes;
    if (unlikely(!is_resolved())) {
        if (__builtin_mul_overflow(count_of, size, &bytes)) return NULL;
        return bootstrap_allocate(bytes, 0);
    }
    void *block = ASK(calloc(count_of, size));
    if (likely(block != NULL)) count(block, count_of * size, CALLER);
    return block;
}

INTERPOSED void free(void *block) {
    if (block == NULL || unlikely(is_bootstrap(block))) return;
    if (unlikely(!is_resolved())) return;
    count_free(block);
    int is_outer = unlikely(another_is_first) && !is_asking;
    if (unlikely(is_outer)) is_asking = 1;
    wait_for_answer(__builtin_frame_address(0));
    (unlikely(another_is_first) && !is_outer ? &next_one : &real)->free(block);
    have_answer();
    if (unlikely(is_outer)) is_asking = 0;
}

// A block that moves is a new one, and the old one is free.
static inline __attribute__((always_inline)) void *reallocate(void *old, size_t size, void *return_address, void *frame) {
    if (unlikely(!is_resolved())) {
        void *block = bootstrap_allocate(size, 0);
        if (block != NULL && old != NULL) {
            size_t before = is_bootstrap(old) ? bootstrap_size(old) : 0;
            memcpy(block, old, before < size ? before : size);
        }
        return block;
    }
    if (unlikely(is_bootstrap(old))) {
        void *block = ASK(malloc(size));
        if (block == NULL) return NULL;
        size_t before = bootstrap_size(old);
        memcpy(block, old, before < size ? before : size);
        count(block, size, return_address, frame);
        return block;
    }
    struct pl_slot *slot = own_slot();
    size_t before = old == NULL ? 0 : usable(old);
    if (unlikely(old != NULL && (mode_if_any() & PL_MODE_LIVE_BLOCKS))) record_free(old);
    void *block = ASK(realloc(old, size));
    // With a size of zero some allocators free the block and give nothing; otherwise nothing given is nothing done.
    if (old != NULL && (block != NULL || size == 0)) {
        if (unlikely(slot == NULL)) {
            count_shared_free(before, 0);
        } else {
            grow(&slot->frees, 1);
            grow(&slot->usable_out, before);
        }
    }
    if (block != NULL) count(block, size, return_address, frame);
    return block;
}

INTERPOSED void *realloc(void *old, size_t size) { return reallocate(old, size, CALLER); }

INTERPOSED void *reallocarray(void *old, size_t count_of, size_t size) {
    size_t bytes;
    if (__builtin_mul_overflow(count_of, size, &bytes)) {
        errno = ENOMEM;
        return NULL;
    }
    return reallocate(old, bytes, CALLER);
}

INTERPOSED int posix_memalign(void **result, size_t alignment, size_t size) {
    if (unlikely(!is_resolved())) {
        void *block = bootstrap_allocate(size, alignment);
        if (block != NULL) *result = block;
        return block == NULL ? ENOMEM : 0;
    }
    if (unlikely(real.posix_memalign == NULL)) return ENOMEM;
    int failure = ASK(posix_memalign(result, alignment, size));
    if (failure == 0 && *result != NULL) count(*result, size, CALLER);
    return failure;
}

INTERPOSED void *aligned_alloc(size_t alignment, size_t size) {
    if (unlikely(!is_resolved())) return bootstrap_allocate(size, alignment);
    if (unlikely(real.aligned_alloc == NULL)) {
        errno = ENOMEM;
        return NULL;
    }
    void *block = ASK(aligned_alloc(alignment, size));
    if (block != NULL) count(block, size, CALLER);
    return block;
}

static inline __attribute__((always_inline)) void *aligned(
    size_t alignment, size_t size, void *return_address, void *frame) {
    if (unlikely(!is_resolved())) return bootstrap_allocate(size, alignment);
    if (unlikely(real.memalign == NULL)) {
        errno = ENOMEM;
        return NULL;
    }
    void *block = ASK(memalign(alignment, size));
    if (block != NULL) count(block, size, return_address, frame);
    return block;
}

INTERPOSED void *memalign(size_t alignment, size_t size) { return aligned(alignment, size, CALLER); }

// By memalign, so that a block never comes from one allocator and goes to another that lacks these two.
INTERPOSED void *valloc(size_t size) { return aligned((size_t)getpagesize(), size, CALLER); }

INTERPOSED void *pvalloc(size_t size) {
    size_t page = (size_t)getpagesize();
    size_t rounded = (size + page - 1) & ~(page - 1);
    if (rounded < size) {
        errno = ENOMEM;
        return NULL;
    }
    // glibc gives a page for nothing; so does this.
    return aligned(page, rounded == 0 ? page : rounded, CALLER);
}

// What the linker knows a function by.
#ifndef SYMBOL
#define SYMBOL(name) #name
#endif
#define OWN(name) extern __typeof(name) own_##name __attribute__((alias(SYMBOL(name)), visibility("hidden")))
OWN(malloc);
OWN(calloc);
OWN(realloc);
OWN(free);
OWN(posix_memalign);
OWN(aligned_alloc);
OWN(memalign);
