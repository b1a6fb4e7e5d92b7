#define _GNU_SOURCE
#include "system_calls.h"

#include <errno.h>
#include <linux/perf_event.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

int sc_open_counter(int event) {
    struct perf_event_attr attributes;
    memset(&attributes, 0, sizeof attributes);
    attributes.size = sizeof attributes;
    switch (event) {
    case SC_INSTRUCTIONS:
        attributes.type = PERF_TYPE_HARDWARE;
        attributes.config = PERF_COUNT_HW_INSTRUCTIONS;
        break;
    case SC_TASK_CLOCK:
        attributes.type = PERF_TYPE_SOFTWARE;
        attributes.config = PERF_COUNT_SW_TASK_CLOCK;
        break;
    case SC_PAGE_FAULTS:
        attributes.type = PERF_TYPE_SOFTWARE;
        attributes.config = PERF_COUNT_SW_PAGE_FAULTS;
        break;
    default: return -EINVAL;
    }
    attributes.inherit = 1;
    attributes.exclude_kernel = 1;
    attributes.exclude_hv = 1;
    attributes.read_format = PERF_FORMAT_TOTAL_TIME_ENABLED | PERF_FORMAT_TOTAL_TIME_RUNNING;
    int counter = (int)syscall(SYS_perf_event_open, &attributes, 0, -1, -1, PERF_FLAG_FD_CLOEXEC);
    return counter < 0 ? -errno : counter;
}

int sc_read_counter(int descriptor, sc_count *count) {
    uint64_t values[3];
    ssize_t size;
    do size = read(descriptor, values, sizeof values);
    while (size < 0 && errno == EINTR);
    if (size < 0) return errno;
    // The kernel gives nothing where a counter could not be put onto the processor that was asked for.
    if (size != sizeof values) return ENODATA;
    *count = (sc_count){.count = values[0], .wanted = values[1], .counted = values[2]};
    return 0;
}

int sc_count_instructions(uint64_t *count) {
    int counter = sc_open_counter(SC_INSTRUCTIONS);
    if (counter < 0) return -counter;
    sc_count before, after;
    int failure = sc_read_counter(counter, &before);
    volatile unsigned sum = 0;
    for (unsigned step = 0; step < 100000; step++) sum += step;
    if (failure == 0) failure = sc_read_counter(counter, &after);
    close(counter);
    if (failure != 0) return failure;
    // Nothing at all is what a counter gives that never got onto the processor.
    if (after.count <= before.count) return ENODATA;
    *count = after.count - before.count;
    return 0;
}

// More processors than any machine has; the kernel refuses a set that is too small for it.
enum { PROCESSORS = 8192 };

void *sc_pin(void) {
    int processor = sched_getcpu();
    if (processor < 0 || processor >= PROCESSORS) return NULL;
    size_t size = CPU_ALLOC_SIZE(PROCESSORS);
    cpu_set_t *before = CPU_ALLOC(PROCESSORS), *one = CPU_ALLOC(PROCESSORS);
    int pinned = 0;
    if (before != NULL && one != NULL && sched_getaffinity(0, size, before) >= 0) {
        CPU_ZERO_S(size, one);
        CPU_SET_S(processor, size, one);
        pinned = sched_setaffinity(0, size, one) == 0;
    }
    if (one != NULL) CPU_FREE(one);
    if (pinned) return before;
    if (before != NULL) CPU_FREE(before);
    return NULL;
}

void sc_unpin(void *before) {
    sched_setaffinity(0, CPU_ALLOC_SIZE(PROCESSORS), before);
    CPU_FREE((cpu_set_t *)before);
}
