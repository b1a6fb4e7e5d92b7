#pragma once

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "probe_layout.h"

// The library runs inside a program that knows nothing of it. Hence, from the end of its constructor on: no lock, no
// allocation, no output, no change of errno, nothing that waits. What cannot be done is left undone, and the header says
// which figure that costs.

// The same files are linked into programs that serve their own profiles; see LinkedProbe.
#ifndef PROBE_IS_LINKED
#define PROBE_IS_LINKED 0
#endif

// A function that asks who called it stays whole: the compiler may move what it takes for rarely needed into a function
// of its own, whose caller would be this one.
#define WHOLE __attribute__((noinline))
#define INTERPOSED WHOLE __attribute__((visibility("default")))
#define likely(x) __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)

#pragma GCC visibility push(hidden)

struct text {
    uintptr_t start;
    uintptr_t size;
};

// Whether an address lies in a piece of code; never in one that was not found, whose size is 0.
static inline int lies_in(uintptr_t address, struct text text) { return address - text.start < text.size; }

// Adds to a number only this thread writes: readers in other processes see the old or the new value, never a part.
static inline void grow(uint64_t *number, uint64_t by) {
    __atomic_store_n(number, __atomic_load_n(number, __ATOMIC_RELAXED) + by, __ATOMIC_RELAXED);
}

// Adds to a number others write too.
static inline void grow_shared(uint64_t *number, uint64_t by) { __atomic_fetch_add(number, by, __ATOMIC_RELAXED); }

// allocator.c: the functions that are stood in front of.
struct allocator {
    void *(*malloc)(size_t);
    void *(*calloc)(size_t, size_t);
    void *(*realloc)(void *, size_t);
    void (*free)(void *);
    int (*posix_memalign)(void **, size_t, size_t);
    void *(*aligned_alloc)(size_t, size_t);
    void *(*memalign)(size_t, size_t);
    size_t (*usable_size)(void *);
};
extern struct allocator real;
// Where another allocator answers before this library does: the one that comes after it.
extern struct allocator next_one;
extern int another_is_first;
void resolve_allocator(void);
// The allocator the program would have had. In a program that the library is linked into, linked.c knows.
struct allocator find_allocator(void);
void find_behind(void);
// Whether the program's allocations come by here at all.
int is_first(void);
// Whether the program has the same linked in. Only asked by the preloaded one.
int has_linked(void);
void *bootstrap_allocate(size_t size, size_t alignment);
int is_bootstrap(const void *block);
size_t bootstrap_size(const void *block);

// interpose.c: what was counted before there was a file, and whether there will never be one.
extern struct pl_slot early;
extern int is_off;
// The functions in here by names that nothing can take the place of.
void *own_malloc(size_t);
void *own_calloc(size_t, size_t);
void *own_realloc(void *, size_t);
void own_free(void *);
int own_posix_memalign(void **, size_t, size_t);
void *own_aligned_alloc(size_t, size_t);
void *own_memalign(size_t, size_t);

// file.c: the shared file.
extern struct pl_header *header;
int file_create(void);
int file_replace(void);
int file_reserve(uint64_t offset, uint64_t size);
void file_allow_modes(uint64_t wanted);
#if PROBE_IS_LINKED
// Open for the program to read itself; -1 where there is none.
extern int own_file;
#endif
int remember_folder(const char *path);
uint64_t own_start_time(void);

static inline void *file_at(uint64_t offset) { return (char *)header + offset; }
static inline struct pl_slot *slots(void) { return file_at(PL_SLOTS_AT); }
static inline uint64_t mode(void) { return __atomic_load_n(&header->control, __ATOMIC_RELAXED); }
static inline uint64_t mode_if_any(void) { return header == NULL ? 0 : mode(); }
// The first reason stays: what is found amiss later mostly follows from it.
static inline void refuse(enum pl_figure figure, enum pl_reason reason) {
    if (header->reasons[figure] == PL_FINE) header->reasons[figure] = (uint8_t)reason;
}

// slots.c: the counters of this thread.
enum phase {
    PHASE_NEW,
    // Busy with something of the C library's that may allocate; that is not the program's doing and not counted.
    PHASE_BUSY,
    // Without a slot of its own: there was none, or the thread is about to end.
    PHASE_SHARED,
};
struct thread {
    struct pl_slot *slot;
    enum phase phase;
    // The stack; nothing beyond is ever read by a walk. 0 = not asked yet.
    uintptr_t low, high;
    int lookups;
    int is_walking;
    int timer;
    // The frame of the function here that waits for the allocator, for a sample that finds the allocator at work: it
    // keeps no frames of its own. 0 = none.
    uintptr_t asking;
};
// The default model would call into the loader, which may allocate, on a thread's first use.
extern __thread struct thread self __attribute__((tls_model("initial-exec")));
void slots_start(void);
void slots_after_fork(void);
struct pl_slot *claim_slot(void);
void leave_slot(void);

// bounds.c: the stack of this thread.
void learn_stack(uintptr_t frame);
void learn_main_stack(void);

// symbols.c: where in the process the runtime has what.
struct module_symbols;
struct wanted_symbol {
    const char *name;
    uintptr_t address;
    uintptr_t size;
};
int find_symbols(const char *path, uintptr_t bias, struct wanted_symbol *wanted, size_t count);
int has_section(const char *path, const char *name);

// modules.c: what is loaded.
enum { MODULES = 512 };
void modules_start(void);
int is_code(uintptr_t address);
struct module {
    const char *path;
    uintptr_t bias;
    struct text code;
};
int module_named(const char *prefix, struct module *result);
struct text code_around(uintptr_t address);
void module_of(const void *address, char *name, size_t size);

// mappings.c: memory the program takes without malloc.
void mappings_start(void);

// runtime.c: what is known of the Swift runtime.
struct runtime {
    struct text dispatch;
    struct text create;
    struct text complete;
    struct text run_job;
    // Used where run_job is not known: the exported functions that call it.
    struct text job_run[3];
    uintptr_t metadata;
    const uint64_t *next_task_id;
    int layout_known;
};
extern struct runtime runtime;
// No address, and no number anybody writes at the beginning of a block.
#define NO_METADATA UINT64_C(0xfff1c0de5eed7a5c)
void runtime_start(void);

// tasks.c: tasks.
void task_created(struct pl_slot *slot, void *task, void *frame);
void task_destroyed(struct pl_slot *slot, void *task);
void hook_start(void **variable);

// stacks.c, walk.c, live.c: stacks, and what is still there of what they made.
const uintptr_t *walk(uintptr_t leaf, uintptr_t frame, unsigned *count);
void walk_ends(void);
uint32_t record_stack(enum pl_stack_kind kind, uintptr_t leaf, uintptr_t frame, uint64_t amount);
void record_allocation(void *block, size_t size, void *frame);
void record_free(void *block);
void walk_start(void);
int live_insert(struct pl_live *table, uint64_t capacity, void *object, uint32_t stack, uint32_t bytes);
int live_remove(struct pl_live *table, uint64_t capacity, void *object, struct pl_live *removed);

// cpu.c: samples.
void cpu_start(void);
void cpu_after_fork(void);
void cpu_thread_starts(void);
void cpu_thread_ends(void);
extern int is_sampling;
static inline int cpu_is_sampling(void) { return __atomic_load_n(&is_sampling, __ATOMIC_RELAXED); }
void cpu_give_up_signal(void);
#if PROBE_IS_LINKED
enum pl_reason cpu_begin(void);
void cpu_end(void);
#endif

// threads.c: what is stood in front of for the sake of samples.
struct sigaction;
void threads_start(void);
int real_sigaction(int number, const struct sigaction *action, struct sigaction *old);

#pragma GCC visibility pop
