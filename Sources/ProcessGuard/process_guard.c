#define _GNU_SOURCE
#include "process_guard.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "system_calls.h"

// Everything below runs after a fork of a process with threads, so only async-signal-safe calls are made.

enum { CONTROL = 3, EVENTS = 4, OUTPUT = 5, CHILDREN = 6 };

static void report(int32_t kind, int32_t value, int32_t detail) {
    pg_event event = {kind, value, detail};
    // A reader that is gone is noticed at the control socket.
    ssize_t written = write(EVENTS, &event, sizeof event);
    (void)written;
}

static void close_from(unsigned first) {
#ifdef SYS_close_range
    if (syscall(SYS_close_range, first, ~0U, 0) == 0) return;
#endif
    for (unsigned descriptor = first; descriptor < 65536; descriptor++) close((int)descriptor);
}

// Room for one descriptor beside a message, aligned as the kernel wants it.
union one_descriptor {
    struct cmsghdr head;
    char room[CMSG_SPACE(sizeof(int))];
};

// Counts the command, from a moment at which it is one thread that has started nothing yet, and sends the counter where
// it is read. The command itself opens it because everybody may count himself, but not everybody else.
static void send_counter(int32_t event) {
    int counter = sc_open_counter(event);
    int32_t failure = counter < 0 ? -counter : 0;
    struct iovec text = {&failure, sizeof failure};
    union one_descriptor descriptor = {{0}};
    struct msghdr message = {.msg_iov = &text, .msg_iovlen = 1};
    if (counter >= 0) {
        message.msg_control = descriptor.room;
        message.msg_controllen = sizeof descriptor.room;
        struct cmsghdr *head = CMSG_FIRSTHDR(&message);
        head->cmsg_level = SOL_SOCKET;
        head->cmsg_type = SCM_RIGHTS;
        head->cmsg_len = CMSG_LEN(sizeof counter);
        *(int *)CMSG_DATA(head) = counter;
    }
    // Nobody waits for it: a service starts whether it is counted or not.
    ssize_t sent = sendmsg(CONTROL, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
    (void)sent;
    if (counter >= 0) close(counter);
}

int32_t pg_receive_counter(const pg_process *process, int32_t *counter) {
    int32_t failure = 0;
    struct iovec text = {&failure, sizeof failure};
    union one_descriptor descriptor = {{0}};
    struct msghdr message = {
        .msg_iov = &text,
        .msg_iovlen = 1,
        .msg_control = descriptor.room,
        .msg_controllen = sizeof descriptor.room,
    };
    ssize_t size;
    do size = recvmsg(process->control, &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
    while (size < 0 && errno == EINTR);
    if (size < 0) return errno;
    if (size != sizeof failure) return ESRCH;
    if (failure != 0) return failure;
    struct cmsghdr *head = CMSG_FIRSTHDR(&message);
    // Without room for another descriptor the kernel delivers the message and drops what came with it.
    if (head == NULL || head->cmsg_type != SCM_RIGHTS || head->cmsg_len != CMSG_LEN(sizeof(int))) return EMFILE;
    *counter = *(int *)CMSG_DATA(head);
    return 0;
}

static void run_command(
    const char *path, char *const argv[], char *const envp[], const char *directory, int32_t event, pid_t guard) {
    // Should the guard be killed, nobody else would end the command.
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != guard) _exit(127);
    setpgid(0, 0);
    for (int number = 1; number < NSIG; number++) signal(number, SIG_DFL);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    int null = open("/dev/null", O_RDONLY);
    if (null >= 0) dup2(null, 0);
    dup2(OUTPUT, 1);
    dup2(OUTPUT, 2);
    fcntl(EVENTS, F_SETFD, FD_CLOEXEC);
    if (event != PG_UNCOUNTED) send_counter(event);
    close(CONTROL);
    close_from(OUTPUT);
    if (chdir(directory) != 0) {
        report(PG_FAILED, errno, PG_AT_DIRECTORY);
        _exit(127);
    }
    execve(path, argv, envp);
    report(PG_FAILED, errno, PG_AT_EXECUTE);
    _exit(127);
}

// Kills the direct children, which are unreaped, so that their ids cannot have been given to anybody else. What they
// leave behind becomes a direct child in its turn.
static void kill_children(void) {
    char path[64];
    // snprintf is not on the list of async-signal-safe functions; the number is written by hand.
    char digits[16];
    int count = 0;
    for (pid_t rest = getpid(); rest > 0; rest /= 10) digits[count++] = (char)('0' + rest % 10);
    int length = 0;
    for (const char *text = "/proc/self/task/"; *text; text++) path[length++] = *text;
    while (count > 0) path[length++] = digits[--count];
    for (const char *text = "/children"; *text; text++) path[length++] = *text;
    path[length] = 0;

    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) return;
    char buffer[4096];
    pid_t current = 0;
    for (;;) {
        ssize_t got = read(file, buffer, sizeof buffer);
        if (got <= 0) break;
        for (ssize_t index = 0; index < got; index++) {
            if (buffer[index] >= '0' && buffer[index] <= '9') {
                current = current * 10 + (buffer[index] - '0');
            } else {
                if (current > 1) kill(current, SIGKILL);
                current = 0;
            }
        }
    }
    if (current > 1) kill(current, SIGKILL);
    close(file);
}

// Ends everything that descends from the command. Returns when nothing is left, or after ten seconds of killing: a
// process that may not be signalled, or that hangs in the kernel, must not hang the gate as well.
static void kill_everything(pid_t command, int command_is_reaped) {
    for (int tries = 0; tries < 1000;) {
        if (!command_is_reaped) kill(-command, SIGKILL);
        kill_children();
        int status;
        pid_t ended = waitpid(-1, &status, WNOHANG);
        if (ended == 0) {
            struct timespec pause = {0, 10 * 1000 * 1000};
            nanosleep(&pause, NULL);
            tries++;
            continue;
        }
        if (ended == command) {
            command_is_reaped = 1;
            report(PG_ENDED, status, 0);
        }
        if (ended < 0 && errno == ECHILD) return;
    }
}

static void guard_command(
    const char *path, char *const argv[], char *const envp[], const char *directory, int32_t event) {
    setsid();
    prctl(PR_SET_NAME, "perfgate-guard");
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    sigset_t all, children;
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, NULL);
    signal(SIGCHLD, SIG_DFL);
    sigemptyset(&children);
    sigaddset(&children, SIGCHLD);
    int changes = signalfd(-1, &children, SFD_CLOEXEC | SFD_NONBLOCK);
    if (changes < 0) {
        // Without it the loop below would spin.
        report(PG_FAILED, errno, PG_AT_FORK);
        _exit(1);
    }
    if (changes != CHILDREN) {
        dup2(changes, CHILDREN);
        close(changes);
    }

    pid_t guard = getpid();
    pid_t command = fork();
    if (command == 0) run_command(path, argv, envp, directory, event, guard);
    if (command < 0) {
        report(PG_FAILED, errno, PG_AT_FORK);
        _exit(1);
    }
    setpgid(command, command);
    close(OUTPUT);
    report(PG_STARTED, command, 0);

    int reaped = 0, terminating = 0;
    for (;;) {
        struct pollfd watched[2] = {{CONTROL, POLLIN, 0}, {CHILDREN, POLLIN, 0}};
        // The time-out is a second pair of eyes, should a notification be lost.
        if (poll(watched, 2, 1000) < 0 && errno != EINTR) break;
        struct signalfd_siginfo discarded;
        while (read(CHILDREN, &discarded, sizeof discarded) == sizeof discarded) {}
        if (watched[0].revents) {
            char order = 0;
            ssize_t got = read(CONTROL, &order, 1);
            if (got <= 0 || order == 'K') break;
            if (order == 'T') terminating = 1;
            if (!reaped) kill(-command, SIGTERM);
        }
        int nothing_left = 0;
        for (;;) {
            siginfo_t peek = {0};
            // Looked at before it is reaped: while the command is a zombie, its process group is certainly its own.
            if (waitid(P_ALL, 0, &peek, WEXITED | WNOHANG | WNOWAIT) != 0) {
                nothing_left = errno == ECHILD;
                break;
            }
            if (peek.si_pid == 0) break;
            if (peek.si_pid == command && !terminating) kill(-command, SIGKILL);
            int status;
            if (waitpid(peek.si_pid, &status, 0) == command) {
                reaped = 1;
                report(PG_ENDED, status, 0);
            }
        }
        if (nothing_left) break;
        // A command that ended by itself takes its descendants with it; one that was told to ends with them.
        if (reaped && !terminating) break;
    }
    kill_everything(command, reaped);
    report(PG_CLEAN, 0, 0);
    _exit(0);
}

int32_t pg_start(
    const char *path, char *const argv[], char *const envp[], const char *directory, int32_t output, int32_t event,
    pg_process *process) {
    int control[2], events[2];
    // A socket and not a pipe, so that an order to a guard that has ended can be sent without risking SIGPIPE.
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, control) != 0) return errno;
    if (pipe2(events, O_CLOEXEC) != 0) {
        int failure = errno;
        close(control[0]);
        close(control[1]);
        return failure;
    }
    pid_t guard = fork();
    if (guard < 0) {
        int failure = errno;
        close(control[0]);
        close(control[1]);
        close(events[0]);
        close(events[1]);
        return failure;
    }
    if (guard == 0) {
        // Out of the way first, so that no dup2 below overwrites one that is still needed.
        int control_copy = fcntl(control[0], F_DUPFD, 64);
        int events_copy = fcntl(events[1], F_DUPFD, 64);
        int output_copy = fcntl(output, F_DUPFD, 64);
        if (control_copy < 0 || events_copy < 0 || output_copy < 0) _exit(1);
        dup2(control_copy, CONTROL);
        dup2(events_copy, EVENTS);
        dup2(output_copy, OUTPUT);
        int null = open("/dev/null", O_RDWR);
        if (null >= 0) {
            dup2(null, 0);
            dup2(null, 1);
            dup2(null, 2);
        }
        close_from(CHILDREN);
        guard_command(path, argv, envp, directory, event);
    }
    close(control[0]);
    close(events[1]);
    fcntl(events[0], F_SETFL, O_NONBLOCK);
    process->guard = guard;
    process->control = control[1];
    process->events = events[0];
    return 0;
}
