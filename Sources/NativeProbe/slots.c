#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "probe.h"

__thread struct thread self __attribute__((tls_model("initial-exec"))) = {.timer = -1};

static pthread_key_t key;
static int has_key;
// Where the last thread found room, so that the next need not look from the start.
static uint32_t hint = 1;

// Slots get memory by a page or four at a time.
enum { SLOTS_AT_ONCE = 64 };

static int has_memory(uint32_t index) {
    uint32_t reserved = __atomic_load_n(&header->slots_reserved, __ATOMIC_ACQUIRE);
    if (index < reserved) return 1;
    uint32_t end = (index / SLOTS_AT_ONCE + 1) * SLOTS_AT_ONCE;
    if (!file_reserve(PL_SLOTS_AT + (uint64_t)reserved * sizeof(struct pl_slot), (end - reserved) * sizeof(struct pl_slot)))
        return 0;
    while (reserved < end
           && !__atomic_compare_exchange_n(
               &header->slots_reserved, &reserved, end, 0, __ATOMIC_RELEASE, __ATOMIC_ACQUIRE)) {
    }
    return 1;
}

static void note_used(uint32_t index) {
    uint32_t used = __atomic_load_n(&header->slots_used, __ATOMIC_RELAXED);
    while (used <= index
           && !__atomic_compare_exchange_n(
               &header->slots_used, &used, index + 1, 0, __ATOMIC_RELEASE, __ATOMIC_RELAXED)) {
    }
}

static struct pl_slot *find_slot(uint64_t owner) {
    uint32_t start = __atomic_load_n(&hint, __ATOMIC_RELAXED);
    uint32_t end = PL_SLOTS;
    for (uint32_t step = 0; step < PL_SLOTS - 1; step++) {
        uint32_t index = start + step;
        if (index >= PL_SLOTS) index -= PL_SLOTS - 1;
        if (index >= end) continue;
        // The file system is full: only what has memory already is left.
        if (!has_memory(index)) {
            end = index;
            continue;
        }
        struct pl_slot *slot = slots() + index;
        uint64_t nobody = 0;
        if (__atomic_load_n(&slot->owner, __ATOMIC_RELAXED) != 0) continue;
        // What the last owner wrote is seen by the next.
        if (!__atomic_compare_exchange_n(&slot->owner, &nobody, owner, 0, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED)) continue;
        note_used(index);
        return slot;
    }
    return NULL;
}

// NULL for a thread that has to share.
struct pl_slot *claim_slot(void) {
    if (self.phase != PHASE_NEW || !has_key) return NULL;
    int saved = errno;
    self.phase = PHASE_BUSY;
    struct pl_slot *slot = find_slot((uint64_t)syscall(SYS_gettid));
    // A key beyond the first few makes the C library allocate.
    if (slot != NULL && pthread_setspecific(key, slot) != 0) {
        __atomic_store_n(&slot->owner, 0, __ATOMIC_RELEASE);
        slot = NULL;
    }
    self.slot = slot;
    self.phase = slot == NULL ? PHASE_SHARED : PHASE_NEW;
    if (slot != NULL && self.timer < 0) cpu_thread_starts();
    errno = saved;
    return slot;
}

// Gives the slot up for good: what this thread does from now on is not counted.
void leave_slot(void) {
    struct pl_slot *slot = self.slot;
    self.phase = PHASE_BUSY;
    if (slot == NULL) return;
    cpu_thread_ends();
    pthread_setspecific(key, NULL);
    self.slot = NULL;
    __atomic_store_n(&slot->owner, 0, __ATOMIC_RELEASE);
}

// The thread ends; what it still frees goes to the shared slot, and the next thread counts on in this one.
static void release_slot(void *value) {
    struct pl_slot *slot = value;
    cpu_thread_ends();
    self.phase = PHASE_SHARED;
    self.slot = NULL;
    hint = (uint32_t)(slot - slots());
    __atomic_store_n(&slot->owner, 0, __ATOMIC_RELEASE);
}

void slots_start(void) { has_key = pthread_key_create(&key, release_slot) == 0; }

// The child has one thread, and its slot is as it was but for the numbers.
void slots_after_fork(void) {
    hint = 1;
    if (self.slot == NULL) return;
    uint32_t index = (uint32_t)(self.slot - slots());
    if (!has_memory(index)) {
        self.slot = NULL;
        self.phase = PHASE_SHARED;
        return;
    }
    note_used(index);
    self.slot->owner = (uint64_t)syscall(SYS_gettid);
}
