// Allocates on stacks of its own making, as coroutines do, and asks the C library for the bounds of a new thread's stack
// before that thread has allocated anything.
//
//   fibers ROUNDS
//
// Each of 40 stacks makes ROUNDS allocations of 100 bytes in `on_fiber`; then it prints `ready` and waits for a signal.
#define _GNU_SOURCE
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>
#include <unistd.h>

enum { FIBERS = 40, SIZE = 65536 };

static ucontext_t back, fibers[FIBERS];
static long rounds;
static volatile int sink;

__attribute__((noinline)) static void on_fiber(void) {
    for (long round = 0; round < rounds; round++) free(malloc(100));
    sink++;
}

static void fiber(void) {
    on_fiber();
    sink++;
}

static void *work(void *unused) {
    pthread_attr_t attributes;
    if (pthread_getattr_np(pthread_self(), &attributes) != 0) abort();
    pthread_attr_destroy(&attributes);
    for (int index = 0; index < FIBERS; index++) {
        // Each between pages that cannot be read.
        char *memory = mmap(NULL, SIZE + 8192, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (memory == MAP_FAILED || mprotect(memory + 4096, SIZE, PROT_READ | PROT_WRITE) != 0) abort();
        // What was on it before looks like frames that lead nowhere.
        memset(memory + 4096, 0x7f, SIZE);
        getcontext(fibers + index);
        fibers[index].uc_stack.ss_sp = memory + 4096;
        fibers[index].uc_stack.ss_size = SIZE;
        fibers[index].uc_link = &back;
        makecontext(fibers + index, fiber, 0);
        swapcontext(&back, fibers + index);
    }
    return unused;
}

int main(int count, char **arguments) {
    if (count != 2) return 64;
    rounds = atol(arguments[1]);
    pthread_t thread;
    if (pthread_create(&thread, NULL, work, NULL) != 0) abort();
    pthread_join(thread, NULL);
    work(NULL);
    printf("ready\n");
    fflush(NULL);
    pause();
    return 0;
}
