// Starts processes in the ways a service may, and allocates in each; every process says on a line what it did.
//
//   processes fork N      allocates 1000 times, forks N children that allocate 100 times each and exit, and forks on
//                         while three threads allocate 10000 times each
//   processes vfork N     the same with N children that execute /bin/true at once
//   processes exec N      allocates 1000 times and executes itself, N times
//   processes prefork N   N children that live on and allocate 100 times whenever the parent asks; one ends by SIGKILL
//   processes many N M    N threads at the same time, which allocate M times each
//   processes clone       a child made without the C library that allocates 100 times
//   processes leave       the first thread ends, another allocates 1000 times and waits for a signal
//   processes hold        allocates 1000 times and waits for a signal
//   processes runs PROGRAM allocates 1000 times, and whenever it gets SIGUSR1 runs the program as a child, without a copy of
//                         itself between
//   processes maps N      takes N bytes from the system without malloc, and waits for a signal
//   processes sum N       allocates N times
#define _GNU_SOURCE
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static void allocate(int count) {
    for (int index = 0; index < count; index++) free(malloc(8));
}

static void *allocate_in_thread(void *count) {
    allocate((int)(long)count);
    return NULL;
}

static pthread_barrier_t barrier;

static void *allocate_together(void *count) {
    pthread_barrier_wait(&barrier);
    allocate((int)(long)count);
    // Nobody ends before all have allocated.
    pthread_barrier_wait(&barrier);
    return NULL;
}

static int wait_for(pid_t child) {
    int status = 0;
    while (waitpid(child, &status, 0) != child) {
    }
    return status;
}

static int fork_children(int children) {
    allocate(1000);
    pthread_t threads[3];
    for (int index = 0; index < 3; index++) pthread_create(threads + index, NULL, allocate_in_thread, (void *)10000);
    int failed = 0;
    for (int index = 0; index < children; index++) {
        pid_t child = fork();
        if (child == 0) {
            allocate(100);
            _exit(7);
        }
        failed += WEXITSTATUS(wait_for(child)) != 7;
    }
    for (int index = 0; index < 3; index++) pthread_join(threads[index], NULL);
    return failed;
}

static int vfork_children(int children) {
    allocate(1000);
    int failed = 0;
    for (int index = 0; index < children; index++) {
        pid_t child = vfork();
        if (child == 0) {
            execl("/bin/true", "true", NULL);
            _exit(7);
        }
        failed += wait_for(child) != 0;
    }
    return failed;
}

static int execute(char **arguments, int times) {
    allocate(1000);
    if (times == 0) return 0;
    char number[16];
    snprintf(number, sizeof number, "%d", times - 1);
    execl("/proc/self/exe", arguments[0], arguments[1], number, NULL);
    return 1;
}

static int serve(int children) {
    int asked[64][2], answered[64][2];
    pid_t pids[64];
    for (int index = 0; index < children; index++) {
        if (pipe(asked[index]) != 0 || pipe(answered[index]) != 0) return 1;
        pids[index] = fork();
        if (pids[index] == 0) {
            close(asked[index][1]);
            char byte;
            while (read(asked[index][0], &byte, 1) == 1) {
                allocate(100);
                if (write(answered[index][1], &byte, 1) != 1) break;
            }
            _exit(0);
        }
        close(asked[index][0]);
    }
    for (int round = 0; round < 5; round++)
        for (int index = 0; index < children; index++) {
            char byte = 'x';
            if (write(asked[index][1], &byte, 1) != 1 || read(answered[index][0], &byte, 1) != 1) return 1;
        }
    kill(pids[0], SIGKILL);
    for (int index = 0; index < children; index++) {
        close(asked[index][1]);
        // Each holds the pipes of those before it.
    }
    for (int index = children - 1; index >= 0; index--) wait_for(pids[index]);
    return 0;
}

static int allocate_with(int threads, long times) {
    pthread_t *running = calloc((size_t)threads, sizeof *running);
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, 65536);
    pthread_barrier_init(&barrier, NULL, (unsigned)threads);
    for (int index = 0; index < threads; index++)
        if (pthread_create(running + index, &attributes, allocate_together, (void *)times) != 0) return 1;
    for (int index = 0; index < threads; index++) pthread_join(running[index], NULL);
    return 0;
}

static int clone_child(void) {
    pid_t child = (pid_t)syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);
    if (child == 0) {
        allocate(100);
        _exit(0);
    }
    return wait_for(child);
}

static void *stay(void *unused) {
    allocate(1000);
    printf("ready\n");
    fflush(NULL);
    pause();
    return unused;
}

static int run_when_asked(char *program) {
    sigset_t asked;
    sigemptyset(&asked);
    sigaddset(&asked, SIGUSR1);
    sigprocmask(SIG_BLOCK, &asked, NULL);
    allocate(1000);
    printf("ready\n");
    for (;;) {
        fflush(NULL);
        int signal;
        sigwait(&asked, &signal);
        pid_t child = vfork();
        if (child == 0) {
            execl(program, program, NULL);
            _exit(7);
        }
        wait_for(child);
        printf("done\n");
    }
}

int main(int count, char **arguments) {
    if (count < 2) return 64;
    const char *how = arguments[1];
    int number = count > 2 ? atoi(arguments[2]) : 0;
    if (strcmp(how, "fork") == 0) return fork_children(number);
    if (strcmp(how, "vfork") == 0) return vfork_children(number);
    if (strcmp(how, "exec") == 0) return execute(arguments, number);
    if (strcmp(how, "prefork") == 0) return serve(number);
    if (strcmp(how, "many") == 0) return count == 4 ? allocate_with(number, atol(arguments[3])) : 64;
    if (strcmp(how, "clone") == 0) return clone_child();
    if (strcmp(how, "maps") == 0) {
        void *memory = mmap(NULL, (size_t)number, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (memory == MAP_FAILED) return 1;
        memset(memory, 1, (size_t)number);
        printf("ready\n");
        fflush(NULL);
        pause();
        return 0;
    }
    if (strcmp(how, "runs") == 0) return count == 3 ? run_when_asked(arguments[2]) : 64;
    if (strcmp(how, "sum") == 0) {
        allocate(number);
        return 0;
    }
    if (strcmp(how, "leave") == 0) {
        pthread_t thread;
        if (pthread_create(&thread, NULL, stay, NULL) != 0) return 1;
        pthread_exit(NULL);
    }
    if (strcmp(how, "hold") == 0) {
        allocate(1000);
        printf("ready\n");
        fflush(NULL);
        pause();
        return 0;
    }
    return 64;
}
