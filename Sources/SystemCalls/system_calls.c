#define _GNU_SOURCE
#include "system_calls.h"

#include <errno.h>
#include <linux/perf_event.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

int sc_count_instructions(uint64_t *count) {
    struct perf_event_attr attributes;
    memset(&attributes, 0, sizeof attributes);
    attributes.type = PERF_TYPE_HARDWARE;
    attributes.size = sizeof attributes;
    attributes.config = PERF_COUNT_HW_INSTRUCTIONS;
    attributes.disabled = 1;
    attributes.exclude_kernel = 1;
    attributes.exclude_hv = 1;
    int counter = (int)syscall(SYS_perf_event_open, &attributes, 0, -1, -1, PERF_FLAG_FD_CLOEXEC);
    if (counter < 0) return errno;
    int failure = 0;
    uint64_t value = 0;
    if (ioctl(counter, PERF_EVENT_IOC_ENABLE, 0) != 0) failure = errno;
    volatile unsigned sum = 0;
    for (unsigned step = 0; step < 100000; step++) sum += step;
    if (failure == 0 && ioctl(counter, PERF_EVENT_IOC_DISABLE, 0) != 0) failure = errno;
    if (failure == 0) {
        ssize_t size = read(counter, &value, sizeof value);
        if (size < 0) failure = errno;
        // Nothing at all is what a counter gives that never got onto the processor.
        else if (size != sizeof value || value == 0) failure = ENODATA;
    }
    close(counter);
    if (failure == 0) *count = value;
    return failure;
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
