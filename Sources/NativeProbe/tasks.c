#include "probe.h"

// Swift tasks: made by the runtime's one allocation for them, completed where the runtime says so to a sanitizer,
// destroyed when their memory is freed.

enum {
    JOB_FLAGS_AT = 0x20,
    IS_FUTURE = 1 << 25,
    IS_ASYNC_LET = 1 << 28,
    STATUS_AT = 0x60,
    IS_RUNNING = 0x800,
    IS_ENQUEUED = 0x1000,
    IS_COMPLETE = 0x2000,
};

static uint32_t flags_of(const void *task) { return *(const uint32_t *)((const char *)task + JOB_FLAGS_AT); }

static void add(struct pl_slot *slot, size_t which, uint64_t number) {
    // Without a slot of its own the thread adds to the shared one, with the others.
    if (slot != NULL) {
        grow((uint64_t *)((char *)slot + which), number);
    } else if (!is_off && self.phase != PHASE_BUSY) {
        grow_shared((uint64_t *)((char *)(header == NULL ? &early : slots()) + which), number);
    }
}

static void remember(void *task, void *frame) {
    uint32_t stack = record_stack(PL_STACK_OF_TASK, 0, (uintptr_t)frame, 1);
    if (!live_insert(file_at(PL_TASKS_AT), PL_TASKS, task, stack, 0)) grow_shared(&header->live_tasks_lost, 1);
}

static void forget(void *task) {
    struct pl_live removed;
    live_remove(file_at(PL_TASKS_AT), PL_TASKS, task, &removed);
}

static int remembers(void) {
    return unlikely(__atomic_load_n(&header->regions, __ATOMIC_RELAXED) & PL_REGION_TASKS) != 0;
}

void task_created(struct pl_slot *slot, void *task, void *frame) {
    if (slot != NULL) grow(&slot->tasks_created, 1);
    if (header != NULL && unlikely(mode() & PL_MODE_LIVE_TASKS)) remember(task, frame);
}

void task_destroyed(struct pl_slot *slot, void *task) {
    if (slot != NULL) grow(&slot->tasks_destroyed, 1);
    // An allocator that leaves freed memory as it is would show this word again in the next block that is there.
    *(uintptr_t *)task = 0;
    if (header != NULL && remembers()) forget(task);
}

static struct pl_slot *own_slot(void) { return self.slot != NULL ? self.slot : claim_slot(); }

static void completed(void *task, uint64_t halves) {
    struct pl_slot *slot = own_slot();
    add(slot, offsetof(struct pl_slot, completion_halves), halves);
    if (!runtime.layout_known || !(flags_of(task) & IS_ASYNC_LET)) return;
    add(slot, offsetof(struct pl_slot, async_let_completion_halves), halves);
    // It has no memory of its own that would be freed.
    if (remembers()) forget(task);
}

// The runtime also tells of what is no task, down to words in the middle of something.
static int is_task(const void *object) {
    return (uintptr_t)object % 8 == 0 && *(const uintptr_t *)object == runtime.metadata;
}

// Whether the runtime is making a task: one of the callers is the function for that.
static int is_in_creation(uintptr_t frame) {
    for (int depth = 0; depth < 4; depth++) {
        if (lies_in(((const uintptr_t *)frame)[1], runtime.create)) return 1;
        uintptr_t next = ((const uintptr_t *)frame)[0];
        // The functions asked about have small frames.
        if (next <= frame || next - frame > 4096 || next % 8 != 0) return 0;
        frame = next;
    }
    return 0;
}

// An async let has no memory of its own either that would be allocated. It is met first when the function that makes
// tasks enqueues it, at the point where it is in no state yet.
static void met(void *object, uint64_t status, void *frame) {
    if (!(flags_of(object) & IS_ASYNC_LET) || (status & (IS_RUNNING | IS_ENQUEUED | IS_COMPLETE)) != 0) return;
    if (!is_in_creation((uintptr_t)frame)) return;
    add(own_slot(), offsetof(struct pl_slot, async_lets_begun), 1);
    if (unlikely(mode() & PL_MODE_LIVE_TASKS)) remember(object, frame);
}

static uint64_t status_of(const void *task) {
    return __atomic_load_n((const uint64_t *)((const char *)task + STATUS_AT), __ATOMIC_RELAXED);
}

// Called about nine times for each task: on every enqueue, and once it has completed.
WHOLE static void released(void *object) {
    if (unlikely(lies_in((uintptr_t)__builtin_return_address(0), runtime.complete))) {
        completed(object, 2);
    } else if (runtime.layout_known && is_task(object)) {
        met(object, status_of(object), __builtin_frame_address(0));
    }
}

// Where completion has no symbol it is told by the task itself: the runtime comes by once for a task without a result,
// twice for one with a result.
WHOLE static void released_unnamed(void *object) {
    if (!is_task(object)) return;
    uint64_t status = status_of(object);
    if (status & IS_COMPLETE) {
        completed(object, flags_of(object) & IS_FUTURE ? 1 : 2);
    } else {
        met(object, status, __builtin_frame_address(0));
    }
}

void hook_start(void **variable) {
    enum pl_reason reason = PL_FINE;
    if (variable == NULL) {
        reason = PL_NO_HOOK;
    } else if (*variable != NULL) {
        reason = PL_HOOK_TAKEN;
    } else if (runtime.complete.size != 0) {
        *variable = (void *)released;
    } else if (runtime.layout_known && runtime.metadata != NO_METADATA) {
        *variable = (void *)released_unnamed;
    } else {
        reason = PL_NO_SYMBOLS;
    }
    if (reason != PL_FINE) {
        refuse(PL_TASKS_COMPLETED, reason);
        refuse(PL_ASYNC_LETS, reason);
    } else if (runtime.layout_known && runtime.metadata != NO_METADATA) {
        header->async_lets_seen = 1;
    } else {
        refuse(PL_ASYNC_LETS, PL_UNKNOWN_LAYOUT);
    }
}
