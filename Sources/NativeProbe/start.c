#define _GNU_SOURCE
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "probe.h"

// Numbers of the environment: decimal, else nothing.
static uint64_t number_of(const char *text, uint64_t otherwise) {
    if (text == NULL || *text == 0) return otherwise;
    uint64_t number = 0;
    for (; *text != 0; text++) {
        if (*text < '0' || *text > '9' || number > UINT32_MAX) return otherwise;
        number = number * 10 + (uint64_t)(*text - '0');
    }
    return number;
}

// What was counted before there was a file.
static void move_early(void) {
    uint64_t *from = (uint64_t *)&early, *to = (uint64_t *)slots();
    for (size_t index = 0; index < sizeof early / sizeof(uint64_t) - 1; index++) grow_shared(to + index, from[index]);
}

static void look_at_allocator(void) {
    if (!is_first()) {
        // A program's own, or that of a library before this one: nothing comes by here.
        for (int figure = PL_ALLOCATIONS; figure <= PL_TASKS_DESTROYED; figure++) refuse(figure, PL_OTHER_MALLOC);
        refuse(PL_EXACT_STACKS, PL_OTHER_MALLOC);
        refuse(PL_LIVE_TASKS, PL_OTHER_MALLOC);
        return;
    }
    if (real.usable_size == NULL) refuse(PL_LIVE_BYTES, PL_NO_USABLE_SIZE);
    module_of((void *)real.malloc, file_at(PL_ALLOCATOR_AT), PL_ALLOCATOR_SIZE);
}

static uint64_t wanted;

// Written last: a reader that finds it finds the rest.
static void publish(void) { __atomic_store_n(&header->magic, pl_magic, __ATOMIC_RELEASE); }

// The child's figures are those of its parent but for the numbers.
static struct pl_header parent;

static void before_fork(void) { parent = *header; }

static void in_child(void) {
    int is_shared = file_replace();
    if (is_shared < 0) {
        is_off = 1;
        self.slot = NULL;
        self.phase = PHASE_SHARED;
        return;
    }
    memcpy(header->reasons, parent.reasons, sizeof parent.reasons);
    header->next_task_id = parent.next_task_id;
    header->task_metadata = parent.task_metadata;
    header->task_wait_adapter = parent.task_wait_adapter;
    header->concurrency_start = parent.concurrency_start;
    header->concurrency_end = parent.concurrency_end;
    header->async_lets_seen = parent.async_lets_seen;
    header->sample_period_nanoseconds = parent.sample_period_nanoseconds;
    slots_after_fork();
    file_allow_modes(parent.control);
    cpu_after_fork();
    publish();
}

// Whether there is somebody to count for. Nothing is done for a program that runs with rights its caller does not have.
static int is_wanted(void) {
    const char *folder = secure_getenv("PERFGATE_PROBE_DIR");
    int has_folder = folder != NULL && remember_folder(folder);
#if PROBE_IS_LINKED
    // Without a reader outside the program may read itself.
    (void)has_folder;
    return secure_getenv("PERFGATE_PROBE_OFF") == NULL;
#else
    // Where the same is linked into the program, that one comes first and counts.
    return has_folder && !has_linked();
#endif
}

__attribute__((constructor)) static void start(void) {
    resolve_allocator();
    threads_start();
    if (real.malloc == NULL || !is_wanted()) {
        is_off = 1;
        return;
    }
    self.phase = PHASE_BUSY;
    wanted = number_of(secure_getenv("PERFGATE_PROBE_MODE"), 0);
    if (!file_create()) {
        is_off = 1;
        self.phase = PHASE_NEW;
        return;
    }
    move_early();
    slots_start();
    modules_start();
    look_at_allocator();
#if !PROBE_IS_LINKED
    mappings_start();
#endif
    learn_main_stack();
    walk_start();
    runtime_start();
    header->sample_period_nanoseconds = 1000 * number_of(secure_getenv("PERFGATE_PROBE_PERIOD_US"), 1000);
    file_allow_modes(wanted);
    self.phase = PHASE_NEW;
    cpu_start();
    // The only thing the C library is asked to call; it comes first in the child, because it is registered early.
    pthread_atfork(before_fork, NULL, in_child);
    publish();
}

// The runtime's counter is gone with the process; its last value is what the check of the other counts needs.
__attribute__((destructor)) static void end(void) {
    // By the address this process found, and not by one that others could have written.
    if (header != NULL && !is_off && runtime.next_task_id != NULL) header->last_task_id = *runtime.next_task_id;
}
