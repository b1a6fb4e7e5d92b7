// What a pair of malloc and free costs: nanoseconds of processor time for each, 64 bytes, below DEPTH functions.
//
//   pairs DEPTH COUNT
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static volatile int sink;

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

static double pairs(long count) {
    double start = now();
    for (long index = 0; index < count; index++) {
        char *block = malloc(64);
        // The compiler knows malloc and would leave out a pair nobody looks at.
        __asm__ volatile("" : : "r"(block) : "memory");
        free(block);
    }
    return (now() - start) / (double)count;
}

static __attribute__((noinline)) double below(int depth, long count) {
    double result = depth > 0 ? below(depth - 1, count) : pairs(count);
    sink++;
    return result;
}

int main(int count, char **arguments) {
    if (count != 3) return 64;
    long number = atol(arguments[2]);
    // Once to have everything warm.
    below(atoi(arguments[1]), number / 10);
    printf("%.2f\n", below(atoi(arguments[1]), number));
    return 0;
}
