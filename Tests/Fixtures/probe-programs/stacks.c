// Allocates at known places of known depth.
//
//   stacks ROUNDS THREADS
//
// THREADS threads, one after the other, make ROUNDS allocations of 100 bytes each in `at_depth` called from `left`, and
// twice as many called from `right` below twenty more of itself, of which they keep every second, and one in each of the
// other ways there are in `every_kind`, which keeps them. Then it prints `ready` and waits for SIGUSR1, after which it does
// all of it again.
#define _GNU_SOURCE
#include <malloc.h>
#include <signal.h>
#include <pthread.h>
#include <stdlib.h>
#include <stdio.h>

static volatile int sink;

__attribute__((noinline)) static void *at_depth(void) {
    void *block = malloc(100);
    sink++;
    return block;
}

__attribute__((noinline)) static void left(long rounds) {
    for (long round = 0; round < rounds; round++) free(at_depth());
    sink++;
}

__attribute__((noinline)) static void right(long rounds, int deeper) {
    if (deeper > 0) {
        right(rounds, deeper - 1);
    } else {
        for (long round = 0; round < 2 * rounds; round++) {
            void *block = at_depth();
            if (round % 2 == 0) free(block);
        }
    }
    sink++;
}

static void *volatile kept;

__attribute__((noinline)) static void every_kind(void) {
    kept = calloc(3, 20);
    kept = realloc(NULL, 30);
    kept = reallocarray(NULL, 5, 10);
    void *aligned = NULL;
    if (posix_memalign(&aligned, 64, 64) != 0) abort();
    kept = aligned;
    kept = aligned_alloc(128, 128);
    kept = memalign(32, 70);
    kept = valloc(80);
    kept = pvalloc(90);
    sink++;
}

static long rounds;

static void *work(void *unused) {
    left(rounds);
    right(rounds, 20);
    every_kind();
    return unused;
}

int main(int count, char **arguments) {
    if (count != 3) return 64;
    rounds = atol(arguments[1]);
    sigset_t again;
    sigemptyset(&again);
    sigaddset(&again, SIGUSR1);
    // A blocked signal waits until it is waited for, however early it is sent.
    sigprocmask(SIG_BLOCK, &again, NULL);
    for (int received = 0;; sigwait(&again, &received)) {
        for (int thread = 0; thread < atoi(arguments[2]); thread++) {
            pthread_t running;
            if (pthread_create(&running, NULL, work, NULL) != 0) abort();
            pthread_join(running, NULL);
        }
        printf("ready\n");
        fflush(NULL);
    }
}
