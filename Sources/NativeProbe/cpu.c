#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <sys/syscall.h>
#include <time.h>
#include <ucontext.h>
#include <unistd.h>

#include "probe.h"

// Samples by processor time: every thread has a timer of its own, which runs while the thread does and signals the
// thread itself. Only in a process that was started for it, since it takes a signal and interrupts system calls.

enum { SIGNAL = SIGPROF };

int is_sampling;
// The timers of all threads by slot, each as its number plus 1: whoever stops them stops those of others.
static int timers[PL_SLOTS];

static void sample(int number, siginfo_t *information, void *interrupted) {
    (void)number;
    int saved = errno;
#if PROBE_IS_LINKED
    // The probe's own work is none of the program's.
    if (self.slot == NULL && self.phase == PHASE_BUSY) return;
#endif
    // A signal that somebody sent stands for no time.
    if (information->si_code == SI_TIMER && cpu_is_sampling()) {
        const ucontext_t *context = interrupted;
        // Periods that ended before the kernel looked: its own clock ticks more slowly than a short period.
        uint64_t periods = 1 + (information->si_overrun > 0 ? (uint64_t)information->si_overrun : 0);
        uintptr_t counter = 0, frame = 0;
#if defined(__x86_64__)
        counter = (uintptr_t)context->uc_mcontext.gregs[REG_RIP];
        frame = (uintptr_t)context->uc_mcontext.gregs[REG_RBP];
        uintptr_t stack = (uintptr_t)context->uc_mcontext.gregs[REG_RSP];
#elif defined(__aarch64__)
        counter = (uintptr_t)context->uc_mcontext.pc;
        frame = (uintptr_t)context->uc_mcontext.regs[29];
        uintptr_t stack = (uintptr_t)context->uc_mcontext.sp;
#endif
        // In code without frame pointers the register holds anything; below the stack's end it is none.
        if (frame < stack) frame = 0;
        if (self.asking != 0) frame = self.asking;
        struct pl_slot *slot = self.slot;
        if (slot != NULL) grow(&slot->samples, 1);
        record_stack(PL_STACK_OF_SAMPLE, counter, frame, periods * header->sample_period_nanoseconds);
    }
    errno = saved;
}

// Makes the timer of a slot's thread; 0 where there can be none.
static int make_timer(uint32_t slot, clockid_t clock, pid_t thread) {
    struct sigevent event = {0};
    event.sigev_notify = SIGEV_THREAD_ID;
    event.sigev_signo = SIGNAL;
    event._sigev_un._tid = thread;
    // By the system's own call: the C library's allocates.
    int timer = -1;
    uint64_t period = header->sample_period_nanoseconds;
    struct itimerspec interval = {
        .it_interval = {(time_t)(period / 1000000000), (long)(period % 1000000000)},
        .it_value = {(time_t)(period / 1000000000), (long)(period % 1000000000)},
    };
    if (syscall(SYS_timer_create, clock, &event, &timer) != 0) return 0;
    if (syscall(SYS_timer_settime, timer, 0, &interval, NULL) != 0) {
        syscall(SYS_timer_delete, timer);
        return 0;
    }
    // One for each: two may be made at the same time, or one be left of a thread that had the slot before.
    int other = __atomic_exchange_n(&timers[slot], timer + 1, __ATOMIC_ACQ_REL);
    if (other > 0) syscall(SYS_timer_delete, other - 1);
    return 1;
}

WHOLE static void start_timer(void) {
    if (self.timer >= 0 || !is_sampling) return;
    // The handler must find all of it ready: it cannot ask the C library for anything.
    if (self.slot == NULL) claim_slot();
    // A new slot brings its timer with it.
    if (self.timer >= 0) return;
    learn_stack((uintptr_t)__builtin_frame_address(0));
    if (self.slot == NULL
        || !make_timer((uint32_t)(self.slot - slots()), CLOCK_THREAD_CPUTIME_ID, (pid_t)syscall(SYS_gettid))) {
        grow_shared(&header->threads_without_timer, 1);
        return;
    }
    self.timer = 1;
}

static void stop_timer(uint32_t slot) {
    int timer = __atomic_exchange_n(&timers[slot], 0, __ATOMIC_ACQ_REL);
    if (timer > 0) syscall(SYS_timer_delete, timer - 1);
}

WHOLE void cpu_thread_starts(void) {
#if PROBE_IS_LINKED
    // Samples may begin at any time, and the handler cannot ask.
    learn_stack((uintptr_t)__builtin_frame_address(0));
#endif
    if (cpu_is_sampling()) start_timer();
}

void cpu_thread_ends(void) {
    if (self.slot == NULL) return;
    stop_timer((uint32_t)(self.slot - slots()));
    self.timer = -1;
}

void cpu_start(void) {
    if (!(header->control & PL_MODE_CPU)) {
        // A program that has this linked in may ask at any time.
        if (!PROBE_IS_LINKED && header->reasons[PL_CPU] == PL_FINE) refuse(PL_CPU, PL_NOT_ASKED);
        return;
    }
    struct sigaction action = {0}, old;
    action.sa_sigaction = sample;
    action.sa_flags = SA_SIGINFO | SA_RESTART;
    sigfillset(&action.sa_mask);
    enum pl_reason reason = PL_FINE;
    if (header->sample_period_nanoseconds < 100000) {
        // Below a tenth of a millisecond a thread would do little else.
        header->sample_period_nanoseconds = 100000;
    }
    if (real_sigaction(SIGNAL, NULL, &old) != 0 || old.sa_handler != SIG_DFL) reason = PL_SIGNAL_TAKEN;
    if (reason == PL_FINE && real_sigaction(SIGNAL, &action, NULL) != 0) reason = PL_NO_TIMERS;
    if (reason == PL_FINE) {
        is_sampling = 1;
        start_timer();
        if (self.timer < 0) reason = PL_NO_TIMERS;
    }
    if (reason == PL_FINE) return;
    is_sampling = 0;
    refuse(PL_CPU, reason);
    header->control &= ~(uint64_t)PL_MODE_CPU;
}

// Timers are not inherited; the handler is.
void cpu_after_fork(void) {
    self.timer = -1;
    for (uint32_t slot = 0; slot < PL_SLOTS; slot++) timers[slot] = 0;
    if (!is_sampling) return;
    is_sampling = (header->control & PL_MODE_CPU) != 0;
    if (is_sampling) start_timer();
}

// The program wants the signal for itself. Signals of timers that still run, or that are on their way, would end it or
// surprise its handler.
void cpu_give_up_signal(void) {
    if (!__atomic_exchange_n(&is_sampling, 0, __ATOMIC_ACQ_REL)) return;
    refuse(PL_CPU, PL_SIGNAL_TAKEN);
    for (uint32_t slot = 0; slot < PL_SLOTS; slot++) stop_timer(slot);
    // Ignoring a signal also forgets what is on its way.
    struct sigaction ignored = {0};
    ignored.sa_handler = SIG_IGN;
    real_sigaction(SIGNAL, &ignored, NULL);
}

#if PROBE_IS_LINKED
// Takes samples of the threads that run, and of those to come, until told to stop; a reason where it cannot.
enum pl_reason cpu_begin(void) {
    if (is_sampling) return PL_FINE;
    if (!(header->regions & PL_REGION_STACKS)) {
        if (!file_reserve(PL_STACKS_AT, PL_STACKS_SIZE)) return PL_NO_ROOM;
        __atomic_fetch_or(&header->regions, PL_REGION_STACKS, __ATOMIC_RELEASE);
    }
    struct sigaction action = {0}, old;
    action.sa_sigaction = sample;
    action.sa_flags = SA_SIGINFO | SA_RESTART;
    sigfillset(&action.sa_mask);
    if (real_sigaction(SIGNAL, NULL, &old) != 0) return PL_NO_TIMERS;
    // The handler stays from the first time on: what is still on its way would otherwise end the program.
    if (old.sa_handler != SIG_DFL && old.sa_sigaction != sample) return PL_SIGNAL_TAKEN;
    if (real_sigaction(SIGNAL, &action, NULL) != 0) return PL_NO_TIMERS;
    __atomic_store_n(&is_sampling, 1, __ATOMIC_SEQ_CST);
    uint32_t used = __atomic_load_n(&header->slots_used, __ATOMIC_ACQUIRE);
    int made = 0;
    for (uint32_t slot = 1; slot < used && slot < PL_SLOTS; slot++) {
        pid_t thread = (pid_t)__atomic_load_n(&slots()[slot].owner, __ATOMIC_ACQUIRE);
        // The clock of a thread of this process, as the kernel numbers them.
        if (thread > 0) made += make_timer(slot, (clockid_t)(~(unsigned)thread << 3 | 6), thread);
    }
    if (made > 0) return PL_FINE;
    cpu_end();
    return PL_NO_TIMERS;
}

void cpu_end(void) {
    __atomic_store_n(&is_sampling, 0, __ATOMIC_SEQ_CST);
    for (uint32_t slot = 0; slot < PL_SLOTS; slot++) stop_timer(slot);
}
#endif
