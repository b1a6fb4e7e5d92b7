#include <string.h>

#include "probe.h"

// Different stacks and how often each was met: a table without locks. An entry is claimed by its hash and then filled
// in; whoever meets one that is not filled in yet takes another, since waiting would be a lock. The reader adds up
// entries of the same frames.

enum { REACH = 512, FRAMES_AT_ONCE = 32768, FULL = PL_STACKS / 4 * 3 };

static uint64_t hash_of(enum pl_stack_kind kind, const uintptr_t *frames, unsigned count) {
    uint64_t hash = (uint64_t)kind;
    for (unsigned index = 0; index < count; index++) {
        hash = (hash ^ frames[index]) * UINT64_C(0x9e3779b97f4a7c15);
        hash ^= hash >> 29;
    }
    hash *= UINT64_C(0xbf58476d1ce4e5b9);
    hash ^= hash >> 32;
    return hash == 0 ? 1 : hash;
}

// Room for frames, which has memory. Whoever goes beyond what has, sees to it; all at once if need be, it does not matter.
static int has_frames(uint64_t end) {
    uint64_t reserved = __atomic_load_n(&header->frames_reserved, __ATOMIC_ACQUIRE);
    while (reserved < end) {
        uint64_t more = reserved + FRAMES_AT_ONCE;
        if (!file_reserve(PL_FRAMES_AT + reserved * 8, FRAMES_AT_ONCE * 8)) return 0;
        if (__atomic_compare_exchange_n(&header->frames_reserved, &reserved, more, 0, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
            reserved = more;
    }
    return 1;
}

// Writes frames down and gives what an entry says of them, 0 where there is no room.
static uint64_t keep(enum pl_stack_kind kind, const uintptr_t *frames, unsigned count) {
    uint64_t start = __atomic_load_n(&header->frames_used, __ATOMIC_RELAXED);
    do {
        if (start + count > PL_FRAMES || !has_frames(start + count)) return 0;
    } while (!__atomic_compare_exchange_n(
        &header->frames_used, &start, start + count, 0, __ATOMIC_RELAXED, __ATOMIC_RELAXED));
    memcpy((uint64_t *)file_at(PL_FRAMES_AT) + start, frames, count * sizeof(uint64_t));
    return (uint64_t)kind << 56 | (uint64_t)count << 40 | start;
}

static struct pl_stack *find_or_add(enum pl_stack_kind kind, const uintptr_t *frames, unsigned count) {
    struct pl_stack *table = file_at(PL_STACKS_AT);
    uint64_t hash = hash_of(kind, frames, count);
    uint64_t kept = 0;
    uint64_t at = hash % PL_STACKS;
    for (int step = 0; step < REACH; step++, at = (at + 1) % PL_STACKS) {
        struct pl_stack *entry = table + at;
        uint64_t there = __atomic_load_n(&entry->hash, __ATOMIC_ACQUIRE);
        if (there == 0) {
            if (__atomic_load_n(&header->stacks_used, __ATOMIC_RELAXED) >= FULL) return NULL;
            if (kept == 0) kept = keep(kind, frames, count);
            if (kept == 0) return NULL;
            if (__atomic_compare_exchange_n(&entry->hash, &there, hash, 0, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE)) {
                __atomic_store_n(&entry->place, kept, __ATOMIC_RELEASE);
                grow_shared(&header->stacks_used, 1);
                return entry;
            }
        }
        if (there == hash && __atomic_load_n(&entry->place, __ATOMIC_ACQUIRE) != 0) return entry;
    }
    return NULL;
}

// Counts the stack once more and gives its index plus 1; 0 where it is lost.
uint32_t record_stack(enum pl_stack_kind kind, uintptr_t leaf, uintptr_t frame, uint64_t amount) {
    unsigned count;
    const uintptr_t *frames = walk(leaf, frame, &count);
    struct pl_stack *entry = NULL;
    if (frames != NULL) {
        if (count > 0) entry = find_or_add(kind, frames, count);
        walk_ends();
    }
    if (entry == NULL) {
        uint64_t *lost = kind == PL_STACK_OF_ALLOCATION ? &header->allocation_stacks_lost
            : kind == PL_STACK_OF_TASK                  ? &header->task_stacks_lost
                                                        : &header->samples_lost;
        grow_shared(lost, 1);
        return 0;
    }
    grow_shared(&entry->count, 1);
    grow_shared(&entry->amount, amount);
    return (uint32_t)(entry - (struct pl_stack *)file_at(PL_STACKS_AT)) + 1;
}

void record_allocation(void *block, size_t size, void *frame) {
    uint32_t stack = record_stack(PL_STACK_OF_ALLOCATION, 0, (uintptr_t)frame, size);
    if (!(mode() & PL_MODE_LIVE_BLOCKS) || stack == 0) return;
    if (size > UINT32_MAX || !live_insert(file_at(PL_BLOCKS_AT), PL_BLOCKS, block, stack, (uint32_t)size))
        grow_shared(&header->live_blocks_lost, 1);
}

void record_free(void *block) {
    struct pl_live removed;
    if (!live_remove(file_at(PL_BLOCKS_AT), PL_BLOCKS, block, &removed)) return;
    if (removed.stack == 0 || removed.stack > PL_STACKS) return;
    struct pl_stack *entry = (struct pl_stack *)file_at(PL_STACKS_AT) + removed.stack - 1;
    grow_shared(&entry->freed_count, 1);
    grow_shared(&entry->freed_bytes, removed.bytes);
}
