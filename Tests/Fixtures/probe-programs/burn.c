// Spends processor time in known places.
//
//   burn THREADS MILLISECONDS [HANDLER]
//
// Each of THREADS threads spends MILLISECONDS in `heavy` and a third of it in `light`, by its own processor clock; none of
// them allocates. The first thread waits. With HANDLER `default`, `ignore` or `own` the program itself sets what happens
// on SIGPROF halfway, and with `own` sends itself one: it prints how many came.
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static long milliseconds;
static volatile unsigned long sink;
static volatile sig_atomic_t received;

static long spent(void) {
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return now.tv_sec * 1000000L + now.tv_nsec / 1000;
}

__attribute__((noinline)) static void work(long microseconds) {
    long end = spent() + microseconds;
    while (spent() < end)
        for (int step = 0; step < 20000; step++) sink += (unsigned long)step;
}

__attribute__((noinline)) static void heavy(void) {
    work(milliseconds * 1000);
    sink++;
}

__attribute__((noinline)) static void light(void) {
    work(milliseconds * 1000 / 3);
    sink++;
}

static void *thread(void *unused) {
    heavy();
    light();
    return unused;
}

static void note(int number) {
    (void)number;
    received++;
}

int main(int count, char **arguments) {
    if (count < 3) return 64;
    int threads = atoi(arguments[1]);
    milliseconds = atol(arguments[2]);
    if (threads < 1 || threads > 64) return 64;
    pthread_t running[64];
    for (int index = 0; index < threads; index++)
        if (pthread_create(running + index, NULL, thread, NULL) != 0) abort();
    if (count > 3) {
        usleep((useconds_t)milliseconds * 500);
        struct sigaction old;
        // As far as this program knows nobody has set anything.
        if (sigaction(SIGPROF, NULL, &old) != 0 || old.sa_handler != SIG_DFL) return 2;
        if (strcmp(arguments[3], "own") == 0) {
            if (signal(SIGPROF, note) != SIG_DFL) return 3;
            raise(SIGPROF);
        } else {
            signal(SIGPROF, strcmp(arguments[3], "ignore") == 0 ? SIG_IGN : SIG_DFL);
        }
    }
    for (int index = 0; index < threads; index++) pthread_join(running[index], NULL);
    printf("%d\n", (int)received);
    // For whoever wants to know what was mapped where.
    fflush(stdout);
    if (count == 3) pause();
    return 0;
}
