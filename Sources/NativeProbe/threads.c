#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <signal.h>

#include "probe.h"

// What only samples need to know of: threads as they start, and a program that wants the signal for itself. When no
// samples are taken each of these is the call it stands in front of.

typedef int (*create_function)(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);
typedef int (*action_function)(int, const struct sigaction *, struct sigaction *);
typedef void (*handler)(int);
typedef handler (*signal_function)(int, handler);

static create_function next_create;
static action_function next_action;
static signal_function next_signal;

void threads_start(void) {
    next_create = (create_function)dlsym(RTLD_NEXT, "pthread_create");
    next_action = (action_function)dlsym(RTLD_NEXT, "sigaction");
    next_signal = (signal_function)dlsym(RTLD_NEXT, "signal");
}

struct start {
    void *(*function)(void *);
    void *argument;
};

static void *start_thread(void *memory) {
    struct start start = *(struct start *)memory;
    real.free(memory);
    cpu_thread_starts();
    return start.function(start.argument);
}

INTERPOSED int pthread_create(
    pthread_t *thread, const pthread_attr_t *attributes, void *(*function)(void *), void *argument) {
    if (next_create == NULL) threads_start();
    if (next_create == NULL) return EAGAIN;
    // The allocator itself and not malloc: the program did not ask for this block.
    struct start *start = cpu_is_sampling() ? real.malloc(sizeof *start) : NULL;
    if (start == NULL) return next_create(thread, attributes, function, argument);
    *start = (struct start){function, argument};
    int failure = next_create(thread, attributes, start_thread, start);
    if (failure != 0) real.free(start);
    return failure;
}

int real_sigaction(int number, const struct sigaction *action, struct sigaction *old) {
    if (next_action == NULL) threads_start();
    if (next_action != NULL) return next_action(number, action, old);
    errno = ENOSYS;
    return -1;
}

INTERPOSED int sigaction(int number, const struct sigaction *action, struct sigaction *old) {
    int is_ours = number == SIGPROF && cpu_is_sampling();
    if (is_ours && action != NULL) cpu_give_up_signal();
    int failure = real_sigaction(number, action, old);
    // Nobody had set anything, as far as the program is concerned.
    if (is_ours && failure == 0 && old != NULL) {
        *old = (struct sigaction){0};
        old->sa_handler = SIG_DFL;
    }
    return failure;
}

INTERPOSED handler signal(int number, handler function) {
    if (next_signal == NULL) threads_start();
    if (next_signal == NULL) {
        errno = ENOSYS;
        return SIG_ERR;
    }
    int is_ours = number == SIGPROF && cpu_is_sampling();
    if (is_ours) cpu_give_up_signal();
    handler old = next_signal(number, function);
    return is_ours && old != SIG_ERR ? SIG_DFL : old;
}
