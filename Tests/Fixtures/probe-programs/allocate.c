// Allocates a known number of times. Built without optimisation: compilers know what malloc is and leave pairs out.
//
//   allocate THREADS GENERATIONS ROUNDS
//
// GENERATIONS times, THREADS threads are started that each make ROUNDS rounds of eleven allocations and as many frees
// of 1104 bytes in all, and are waited for.
#define _GNU_SOURCE
#include <malloc.h>
#include <pthread.h>
#include <stdlib.h>

static long rounds;

static void *work(void *unused) {
    (void)unused;
    for (long round = 0; round < rounds; round++) {
        char *first = malloc(10);
        char *second = calloc(3, 20);
        char *third = realloc(NULL, 30);
        // One allocation, and one free of what it replaces.
        third = realloc(third, 40);
        char *fourth = reallocarray(NULL, 5, 10);
        void *fifth = NULL;
        if (posix_memalign(&fifth, 64, 64) != 0) abort();
        char *sixth = aligned_alloc(128, 128);
        char *seventh = memalign(32, 70);
        char *eighth = valloc(80);
        char *ninth = malloc(572);
        // A size of nothing is still a block.
        char *tenth = malloc(0);
        free(first);
        free(second);
        free(third);
        free(fourth);
        free(fifth);
        free(sixth);
        free(seventh);
        free(eighth);
        free(ninth);
        free(tenth);
        free(NULL);
    }
    return NULL;
}

int main(int count, char **arguments) {
    if (count != 4) return 64;
    int threads = atoi(arguments[1]), generations = atoi(arguments[2]);
    rounds = atol(arguments[3]);
    pthread_t running[64];
    if (threads > 64) return 64;
    for (int generation = 0; generation < generations; generation++) {
        for (int index = 0; index < threads; index++)
            if (pthread_create(running + index, NULL, work, NULL) != 0) abort();
        for (int index = 0; index < threads; index++) pthread_join(running[index], NULL);
    }
    return 0;
}
