#include "probe.h"

// A table of live objects: open addressing, no locks. An address is in it at most once, since an allocator gives it out
// once; whoever inserts or removes it owns the object.

enum { UNUSED = 0, REMOVED = 1, BEING_WRITTEN = 2, REACH = 256 };

static uint64_t start_of(const void *object, uint64_t capacity) {
    uint64_t hash = (uint64_t)(uintptr_t)object >> 4;
    hash *= UINT64_C(0x9e3779b97f4a7c15);
    return (hash >> 32) & (capacity - 1);
}

int live_insert(struct pl_live *table, uint64_t capacity, void *object, uint32_t stack, uint32_t bytes) {
    uint64_t at = start_of(object, capacity);
    for (int step = 0; step < REACH; step++, at = (at + 1) & (capacity - 1)) {
        uint64_t address = __atomic_load_n(&table[at].address, __ATOMIC_RELAXED);
        if (address > REMOVED) continue;
        if (!__atomic_compare_exchange_n(
                &table[at].address, &address, BEING_WRITTEN, 0, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
            continue;
        table[at].stack = stack;
        table[at].bytes = bytes;
        __atomic_store_n(&table[at].address, (uint64_t)(uintptr_t)object, __ATOMIC_RELEASE);
        return 1;
    }
    return 0;
}

static struct pl_live *find(struct pl_live *table, uint64_t capacity, const void *object) {
    uint64_t at = start_of(object, capacity);
    for (int step = 0; step < REACH; step++, at = (at + 1) & (capacity - 1)) {
        uint64_t address = __atomic_load_n(&table[at].address, __ATOMIC_ACQUIRE);
        if (address == (uint64_t)(uintptr_t)object) return table + at;
        if (address == UNUSED) return NULL;
    }
    return NULL;
}

int live_remove(struct pl_live *table, uint64_t capacity, void *object, struct pl_live *removed) {
    struct pl_live *entry = find(table, capacity, object);
    if (entry == NULL) return 0;
    *removed = *entry;
    __atomic_store_n(&entry->address, REMOVED, __ATOMIC_RELEASE);
    return 1;
}
