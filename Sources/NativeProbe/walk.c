#define _GNU_SOURCE
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/uio.h>

#include "probe.h"

// Call stacks by frame pointers, and from the first frame of a Swift task on by its chain of async contexts: what will
// run when a function returns, which on the machine's stack is only the loop that runs jobs.

enum { PAGE = 4096, CONTEXT_MARK = 60, SCRATCH = 8192, PAGES = 256 };

// What a walk needs beside a stack that may be short. Private to the process, one for each slot.
struct scratch {
    uintptr_t frames[PL_DEPTH];
    // The page of memory that is copied here, 0 = none.
    uintptr_t page;
    _Alignas(16) char copy[PAGE];
    // Pages that were copied without a failure before, each at the place its number gives.
    uintptr_t readable[PAGES];
};
_Static_assert(sizeof(struct scratch) <= SCRATCH, "a slot's part of the scratch memory");

static char *scratch_memory;
static int may_read_contexts;

// The memory of a context may be anything where a runtime function is not what it is taken for. The kernel says so; a
// look of its own would be a fault.
static int copy_memory(void *to, uintptr_t from, size_t size) {
    int saved = errno;
    struct iovec local = {to, size}, remote = {(void *)from, size};
    ssize_t copied = process_vm_readv((pid_t)header->pid, &local, 1, &remote, 1, 0);
    errno = saved;
    return copied == (ssize_t)size;
}

void walk_start(void) {
    void *memory = mmap(
        NULL, (size_t)PL_SLOTS * SCRATCH, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED) {
        refuse(PL_EXACT_STACKS, PL_NO_ROOM);
        refuse(PL_ASYNC_STACKS, PL_NO_ROOM);
        refuse(PL_CPU, PL_NO_ROOM);
        return;
    }
    scratch_memory = memory;
    uint64_t word;
    may_read_contexts = copy_memory(&word, (uintptr_t)&scratch_memory, sizeof word);
    if (!may_read_contexts) refuse(PL_ASYNC_STACKS, PL_NOT_PERMITTED);
#if !defined(__x86_64__)
    refuse(PL_ASYNC_STACKS, PL_ARCHITECTURE);
    may_read_contexts = 0;
#endif
}

// The contexts of a task mostly lie together.
static int copy_page(struct scratch *scratch, uintptr_t page) {
    if (scratch->page == page) return 1;
    scratch->page = 0;
    if (!copy_memory(scratch->copy, page, PAGE)) return 0;
    scratch->page = page;
    return 1;
}

// A context's first two words: the context of the caller, and where that goes on. To ask the kernel for every one would
// take a hundred times longer than all the rest of a walk, so what is sure to be a context is read as it is, where its
// page was found readable once.
static int read_context(struct scratch *scratch, uintptr_t context, int is_sure, uintptr_t words[2]) {
    if (context == 0 || context % 8 != 0) return 0;
    uintptr_t page = context & ~(uintptr_t)(PAGE - 1);
    uintptr_t offset = context - page;
    if (offset > PAGE - 16) return copy_memory(words, context, 16);
    uintptr_t *readable = scratch->readable + page / PAGE % PAGES;
    if (is_sure && *readable == page) {
        memcpy(words, (const void *)context, 16);
        return 1;
    }
    if (!copy_page(scratch, page)) return 0;
    *readable = page;
    memcpy(words, scratch->copy + offset, 16);
    return 1;
}

static unsigned walk_contexts(struct scratch *scratch, unsigned count, uintptr_t context, int is_sure) {
    scratch->page = 0;
    while (count < PL_DEPTH) {
        uintptr_t words[2];
        context &= ~(UINT64_C(1) << CONTEXT_MARK);
        if (!read_context(scratch, context, is_sure, words) || !is_code(words[1])) break;
        scratch->frames[count++] = words[1];
        if (words[0] == context) break;
        context = words[0];
    }
    return count;
}

// Whether a function that was resumed certainly has its context where one is looked for: one that has called another is
// past its first instructions, and what the compiler made of Swift code has it. Not so what the runtime has of C++, where
// the word is whatever was there before, nor where functions are passed over because they keep no frame.
static int has_context(uintptr_t address) {
    return (address < header->concurrency_start || address >= header->concurrency_end)
        && __atomic_load_n(&header->stacks_with_gaps, __ATOMIC_RELAXED) == 0;
}

static int calls_job_loop(uintptr_t address) {
    return lies_in(address, runtime.job_run[0]) || lies_in(address, runtime.job_run[1])
        || lies_in(address, runtime.job_run[2]);
}

static int runs_jobs(uintptr_t address) {
    return runtime.run_job.size != 0 ? lies_in(address, runtime.run_job) : calls_job_loop(address);
}

// Whether a function that was resumed has its return address further up than others. One that ends by calling another
// with more arguments than it got itself makes room for them first, and whatever was there lies where one looks.
static int returns_further_up(uintptr_t frame) {
    if (runtime.run_job.size == 0) return 0;
    for (uintptr_t at = frame + 24; at < frame + 24 + 16 * 8 && at + 8 <= self.high; at += 8) {
        if (lies_in(*(uintptr_t *)at, runtime.run_job)) return 1;
    }
    return 0;
}

// From the frame of a function on, whose caller is the first to be noted.
static unsigned walk_frames(struct scratch *scratch, unsigned count, uintptr_t frame) {
    uintptr_t before = 0;
    // A sample may have come between any two instructions.
    int is_call = count == 0;
    int is_past_job = 0;
    while (count < PL_DEPTH && frame >= self.low && frame + 16 <= self.high && frame % 8 == 0) {
        uintptr_t back = ((uintptr_t *)frame)[1];
        if (back < PAGE && !(may_read_contexts && returns_further_up(frame))) break;
        if (may_read_contexts && runs_jobs(back)) {
            // The frame of the function that a job was resumed with; where only the exported caller of the loop is
            // known, that is the frame before.
            int is_named = runtime.run_job.size != 0;
            uintptr_t resumed = is_named ? frame : before;
            if (resumed != 0) {
                unsigned start = is_named ? count : count - 1;
                int is_sure = is_call && start > 0 && has_context(scratch->frames[start - 1]);
                unsigned end = walk_contexts(scratch, start, ((uintptr_t *)resumed)[-1], is_sure);
                if (end > start) return end;
            }
            is_past_job = 1;
        } else if (runtime.run_job.size != 0 && !is_past_job && calls_job_loop(back)) {
            // The loop of jobs always has a frame; what was between was passed over together with it.
            if (may_read_contexts && count > 0 && before != 0 && returns_further_up(before)) {
                unsigned start = count - 1;
                int is_sure = is_call && start > 0 && has_context(scratch->frames[start - 1]);
                unsigned end = walk_contexts(scratch, start, ((uintptr_t *)before)[-1], is_sure);
                if (end > start) return end;
            }
            grow_shared(&header->stacks_with_gaps, 1);
            is_past_job = 1;
        }
        // What returns there lies before it.
        scratch->frames[count++] = back - 1;
        uintptr_t next = ((uintptr_t *)frame)[0] & ~(UINT64_C(1) << CONTEXT_MARK);
        if (next <= frame) break;
        before = frame;
        frame = next;
    }
    return count;
}

// The stack of this thread from a function's frame on; `leaf`, if not 0, comes before it. NULL where there is no room or
// the thread is walking already, interrupted by a sample.
const uintptr_t *walk(uintptr_t leaf, uintptr_t frame, unsigned *count) {
    if (self.slot == NULL || self.is_walking || scratch_memory == NULL) return NULL;
    // A sample interrupts anything, and must not ask for anything; what it needs was asked for when the timer was set.
    if (leaf == 0) learn_stack(frame);
    struct scratch *scratch = (struct scratch *)(scratch_memory + (size_t)(self.slot - slots()) * SCRATCH);
    self.is_walking = 1;
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
    *count = 0;
    if (leaf != 0) scratch->frames[(*count)++] = leaf;
    *count = walk_frames(scratch, *count, frame);
    // On a stack that is not known there is still the caller of the function that asks, whose frame is this thread's.
    if (*count == 0) scratch->frames[(*count)++] = ((uintptr_t *)frame)[1] - 1;
    return scratch->frames;
}

void walk_ends(void) {
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
    self.is_walking = 0;
}
