#include "probe.h"

// Swift tasks: made by the runtime's one allocation for them, completed where the runtime says so to a sanitizer,
// destroyed when their memory is freed.

enum {
    JOB_FLAGS_AT = 0x20,
    IS_FUTURE = 1 << 25,
    IS_ASYNC_LET = 1 << 28,
    STATUS_AT = 0x60,
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

static void remember(void *task, uintptr_t caller, void *frame) {
    uint32_t stack = record_stack(PL_STACK_OF_TASK, caller, (uintptr_t)frame, 1);
    if (!live_insert(file_at(PL_TASKS_AT), PL_TASKS, task, stack, 0)) grow_shared(&header->live_tasks_lost, 1);
}

static void forget(void *task) {
    struct pl_live removed;
    live_remove(file_at(PL_TASKS_AT), PL_TASKS, task, &removed);
}

void task_created(struct pl_slot *slot, void *task, uintptr_t caller, void *frame) {
    if (slot != NULL) grow(&slot->tasks_created, 1);
    if (header != NULL && unlikely(mode() & PL_MODE_LIVE_TASKS)) remember(task, caller, frame);
}

void task_destroyed(struct pl_slot *slot, void *task) {
    if (slot != NULL) grow(&slot->tasks_destroyed, 1);
    // An allocator that leaves freed memory as it is would show this word again in the next block that is there.
    *(uintptr_t *)task = 0;
    if (header != NULL && unlikely(__atomic_load_n(&header->regions, __ATOMIC_RELAXED) & PL_REGION_TASKS)) forget(task);
}

static void completed(void *task, uint64_t halves) {
    struct pl_slot *slot = self.slot != NULL ? self.slot : claim_slot();
    add(slot, offsetof(struct pl_slot, completion_halves), halves);
    if (!runtime.layout_known || !(flags_of(task) & IS_ASYNC_LET)) return;
    add(slot, offsetof(struct pl_slot, async_let_completion_halves), halves);
    // It has no memory of its own that would be freed.
    if (unlikely(header->regions & PL_REGION_TASKS)) forget(task);
}

static int is_task(const void *object) { return *(const uintptr_t *)object == runtime.metadata; }

// An async let is seen for the first time when it is enqueued, by the task that begins it.
static void enqueued(void *object, uintptr_t caller, void *frame) {
    if (!runtime.layout_known || !is_task(object) || !(flags_of(object) & IS_ASYNC_LET)) return;
    if (__atomic_load_n((uint64_t *)((char *)object + STATUS_AT), __ATOMIC_RELAXED) & IS_COMPLETE) return;
    if (live_contains(file_at(PL_TASKS_AT), PL_TASKS, object)) return;
    remember(object, caller, frame);
}

// Called about nine times for each task: on every enqueue, and once it has completed.
static void released(void *object) {
    uintptr_t caller = (uintptr_t)__builtin_return_address(0);
    if (unlikely(lies_in(caller, runtime.complete))) {
        completed(object, 2);
    } else if (unlikely(mode() & PL_MODE_LIVE_TASKS)) {
        enqueued(object, caller, __builtin_frame_address(0));
    }
}

// Where completion has no symbol it is told by the task itself: the runtime comes by once for a task without a result,
// twice for one with a result.
static void released_unnamed(void *object) {
    if (!is_task(object)) return;
    if (__atomic_load_n((uint64_t *)((char *)object + STATUS_AT), __ATOMIC_RELAXED) & IS_COMPLETE) {
        completed(object, flags_of(object) & IS_FUTURE ? 1 : 2);
    } else if (unlikely(mode() & PL_MODE_LIVE_TASKS)) {
        enqueued(object, (uintptr_t)__builtin_return_address(0), __builtin_frame_address(0));
    }
}

void hook_start(void **variable) {
    if (variable == NULL) {
        refuse(PL_TASKS_COMPLETED, PL_NO_HOOK);
    } else if (*variable != NULL) {
        refuse(PL_TASKS_COMPLETED, PL_HOOK_TAKEN);
    } else if (runtime.complete.size != 0) {
        *variable = (void *)released;
    } else if (runtime.layout_known && runtime.metadata != 1) {
        *variable = (void *)released_unnamed;
    } else {
        refuse(PL_TASKS_COMPLETED, PL_NO_SYMBOLS);
    }
}
