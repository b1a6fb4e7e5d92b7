#pragma once

#include <stdint.h>

// The file a probed process shares with its reader: what lies where, and what each number means.
//
// One file for each program a process executes, `PID.GENERATION`. All is in the machine's own byte order, because both
// sides run on the same machine. Numbers only ever grow; a reader takes two readings and subtracts. The file is sparse:
// what a mode does not use has no memory.

enum {
    PL_VERSION = 1,

    // Threads that count at the same time; more share the first slot.
    PL_SLOTS = 1024,
    // Different stacks. A service has some hundreds; beyond three quarters of this many the rest is counted as lost.
    PL_STACKS = 32768,
    // Frames of one stack.
    PL_DEPTH = 192,
    // Frames of all stacks.
    PL_FRAMES = 1 << 20,
    // Live tasks that are known by name.
    PL_TASKS = 1 << 17,
    // Allocations made and not yet freed since stacks are recorded.
    PL_BLOCKS = 1 << 19,

    PL_EXECUTABLE_AT = 2048,
    PL_EXECUTABLE_SIZE = 1536,
    PL_ALLOCATOR_AT = PL_EXECUTABLE_AT + PL_EXECUTABLE_SIZE,
    PL_ALLOCATOR_SIZE = 512,
    PL_SLOTS_AT = 4096,
    PL_SLOTS_SIZE = PL_SLOTS * 256,
    PL_STACKS_AT = PL_SLOTS_AT + PL_SLOTS_SIZE,
    PL_STACKS_SIZE = PL_STACKS * 64,
    PL_FRAMES_AT = PL_STACKS_AT + PL_STACKS_SIZE,
    PL_FRAMES_SIZE = PL_FRAMES * 8,
    PL_TASKS_AT = PL_FRAMES_AT + PL_FRAMES_SIZE,
    PL_TASKS_SIZE = PL_TASKS * 16,
    PL_BLOCKS_AT = PL_TASKS_AT + PL_TASKS_SIZE,
    PL_BLOCKS_SIZE = PL_BLOCKS * 16,
    PL_FILE_SIZE = PL_BLOCKS_AT + PL_BLOCKS_SIZE,

    // What is given real memory at once: the header and the first slots.
    PL_RESERVED_AT_START = PL_SLOTS_AT + 16 * 256,
};

// "perfprob", written when all else is there.
static const uint64_t pl_magic = UINT64_C(0x626f727066726570);

// Bits of the control word.
enum {
    // Live tasks, each with the stack that created it.
    PL_MODE_LIVE_TASKS = 1 << 0,
    // The stack of every allocation.
    PL_MODE_EXACT_STACKS = 1 << 1,
    // Samples by the processor time of each thread. Only at the start.
    PL_MODE_CPU = 1 << 2,
    // Beside the stack of every allocation, which of them are not freed yet.
    PL_MODE_LIVE_BLOCKS = 1 << 3,
};

// What is counted, as indices of `reasons`.
enum pl_figure {
    PL_ALLOCATIONS,
    PL_LIVE_BYTES,
    PL_DISPATCH_SPLIT,
    PL_TASKS_CREATED,
    PL_TASKS_COMPLETED,
    PL_TASKS_DESTROYED,
    PL_ASYNC_LETS,
    PL_TASK_LAYOUT,
    PL_ASYNC_STACKS,
    PL_EXACT_STACKS,
    PL_LIVE_TASKS,
    PL_CPU,
    PL_FIGURES,
};

// Why a figure cannot be trusted.
enum pl_reason {
    PL_FINE,
    PL_NOT_SWIFT,
    PL_OTHER_MALLOC,
    PL_NO_USABLE_SIZE,
    PL_NO_SYMBOLS,
    PL_NO_HOOK,
    PL_HOOK_TAKEN,
    PL_UNKNOWN_LAYOUT,
    PL_NO_ROOM,
    PL_NOT_ASKED,
    PL_NOT_PERMITTED,
    PL_SIGNAL_TAKEN,
    PL_NO_TIMERS,
    PL_NO_DISPATCH,
    PL_ARCHITECTURE,
    PL_OWN_MEMORY,
    PL_REASONS,
};

// Regions a mode needs, as bits of `regions`: each is given memory before the mode is switched on, so that a full file
// system is an error here and not a signal in the service.
enum {
    PL_REGION_STACKS = 1 << 0,
    PL_REGION_TASKS = 1 << 1,
    PL_REGION_BLOCKS = 1 << 2,
};

// What a kind of stack is the stack of; bits 56 and up of `place`.
enum pl_stack_kind {
    PL_STACK_OF_ALLOCATION = 1,
    PL_STACK_OF_TASK = 2,
    PL_STACK_OF_SAMPLE = 3,
};

struct pl_header {
    uint64_t magic;
    uint32_t version;
    uint32_t pid;
    uint64_t file_size;
    // Clock ticks since boot at which the process started; with the pid it names a process.
    uint64_t start_time;
    // How many files this pid had in the folder before.
    uint32_t generation;
    // The process this one was forked from and has not executed a program since, or 0.
    uint32_t forked_from;
    // Where the file is mapped in the process, to tell from outside whether it still runs this program.
    uint64_t mapped_at;
    uint64_t loaded_at_nanoseconds;
    uint8_t reasons[16];

    // Where the Swift runtime has what is read from outside; 0 = nowhere.
    uint64_t next_task_id;
    uint64_t task_metadata;
    uint64_t task_wait_adapter;
    uint64_t concurrency_start;
    uint64_t concurrency_end;
    // The runtime's own count of task ids when the process ended by itself; 0 = not yet.
    uint64_t last_task_id;
    // 1 when async lets are counted where they begin, 0 when only where they complete.
    uint64_t async_lets_seen;

    uint64_t sample_period_nanoseconds;

    // Slots that were ever used, and how many have memory.
    uint32_t slots_used;
    uint32_t slots_reserved;
    // Frames that were ever used, and how many have memory.
    uint64_t frames_used;
    uint64_t frames_reserved;

    // What was seen but had no place any more.
    uint64_t allocation_stacks_lost;
    uint64_t task_stacks_lost;
    uint64_t samples_lost;
    uint64_t live_tasks_lost;
    uint64_t live_blocks_lost;
    uint64_t threads_without_timer;
    uint64_t stacks_used;
    // Stacks in which frames were passed over, because code on them was built without frame pointers.
    uint64_t stacks_with_gaps;

    // Read with every allocation, and so not beside what is written often.
    uint64_t padding[4];
    uint64_t control;
    uint64_t regions;
    uint64_t more_padding[6];
};

// One thread's counters. It alone writes them, without locks; the first slot is shared and written by atomic additions.
struct pl_slot {
    uint64_t allocations;
    uint64_t bytes;
    uint64_t frees;
    uint64_t usable_in;
    uint64_t usable_out;
    uint64_t dispatch_allocations;
    uint64_t dispatch_bytes;
    uint64_t tasks_created;
    uint64_t tasks_destroyed;
    // Twice the tasks that completed: where the runtime has no symbols, a completion shows as one or two events.
    uint64_t completion_halves;
    // The part of these that belongs to async lets.
    uint64_t async_let_completion_halves;
    uint64_t async_lets_begun;
    uint64_t samples;
    uint64_t padding[18];
    // The thread that owns the slot now, 0 = none.
    uint64_t owner;
};

struct pl_stack {
    // 0 = free, else claimed.
    uint64_t hash;
    // 0 = being written; else kind << 56 | frames << 40 | the first frame's index.
    uint64_t place;
    uint64_t count;
    // Bytes of allocations; processor time of samples in nanoseconds.
    uint64_t amount;
    uint64_t freed_count;
    uint64_t freed_bytes;
    uint64_t padding[2];
};

// A live object and the stack that made it, as its index plus 1.
struct pl_live {
    // 0 = never used, 1 = used before, 2 = being written, else the object's address.
    uint64_t address;
    uint32_t stack;
    uint32_t bytes;
};

// Frames are stored as they are to be named: a return address lowered by one, a function that will resume as its start.
