#define _GNU_SOURCE
#include <dlfcn.h>
#include <elf.h>
#include <errno.h>
#include <link.h>
#include <malloc.h>
#include <signal.h>
#include <sys/auxv.h>

#include "names.h"

#include "../NativeProbe/probe.h"
#include "linked_probe.h"

// What is different in a program that has the probe linked in.

// Options for the linker, from where the driver looks for them in every object it links. `--wrap` has all that is linked
// into the program call `__wrap_malloc` for `malloc`, and gives `__real_malloc` for what the name meant before, the C
// library of a static program included; the last lets a preloaded probe see that it is not needed.
__attribute__((used, section(".swift1_autolink_entries"))) static const char options[] =
    "-Wl,--wrap=malloc\0-Wl,--wrap=calloc\0-Wl,--wrap=realloc\0-Wl,--wrap=reallocarray\0-Wl,--wrap=free\0"
    "-Wl,--wrap=posix_memalign\0-Wl,--wrap=aligned_alloc\0-Wl,--wrap=memalign\0-Wl,--wrap=valloc\0-Wl,--wrap=pvalloc\0"
    "-Wl,--export-dynamic-symbol=perfgate_probe_is_linked";

__attribute__((visibility("default"))) const int perfgate_probe_is_linked = 1;

void *__real_malloc(size_t);
void *__real_calloc(size_t, size_t);
void *__real_realloc(void *, size_t);
void __real_free(void *);
int __real_posix_memalign(void **, size_t, size_t);
void *__real_aligned_alloc(size_t, size_t);
void *__real_memalign(size_t, size_t);

// The GNU C library's own names; in a static program its allocator has no others that the ones here have not taken.
#define IF_ANY __attribute__((weak))
IF_ANY void *__libc_malloc(size_t);
IF_ANY void *__libc_calloc(size_t, size_t);
IF_ANY void *__libc_realloc(void *, size_t);
IF_ANY void __libc_free(void *);
IF_ANY void *__libc_memalign(size_t, size_t);

// Without a loader there are no libraries, and nothing to look up.
static int has_loader(void) {
    const ElfW(Phdr) *parts = (const void *)getauxval(AT_PHDR);
    unsigned long count = getauxval(AT_PHNUM);
    for (unsigned long index = 0; parts != NULL && index < count; index++) {
        if (parts[index].p_type == PT_INTERP) return 1;
    }
    return 0;
}

int is_first(void) { return !has_loader() || dlsym(RTLD_DEFAULT, "malloc") == (void *)own_malloc; }

// The definition a program has that is stronger than the weak one here, such as that of an allocator it has linked in;
// or what comes next in the loader's order. The compiler must not know that two names mean two functions.
static void *behind(uintptr_t meant, uintptr_t own, const char *name) {
    __asm__("" : "+r"(meant));
    return meant != own ? (void *)meant : dlsym(RTLD_NEXT, name);
}
#define BEHIND(name) behind((uintptr_t)__real_##name, (uintptr_t)own_##name, #name)

static int aligned_block(void **result, size_t alignment, size_t size) {
    if (alignment % sizeof(void *) != 0 || alignment == 0 || (alignment & (alignment - 1)) != 0) return EINVAL;
    int saved = errno;
    void *block = __libc_memalign(alignment, size);
    errno = saved;
    if (block == NULL) return ENOMEM;
    *result = block;
    return 0;
}

// The program's own malloc is this one, so nobody answers before it.
void find_behind(void) {}

struct allocator find_allocator(void) {
    struct allocator found = {0};
    // Also what makes a static program contain the C library's allocator.
    found.usable_size = malloc_usable_size;
    if (!has_loader() && __libc_malloc != NULL && __libc_memalign != NULL) {
        found.calloc = __libc_calloc;
        found.realloc = __libc_realloc;
        found.free = __libc_free;
        found.posix_memalign = aligned_block;
        found.aligned_alloc = __libc_memalign;
        found.memalign = __libc_memalign;
        found.malloc = __libc_malloc;
        return found;
    }
    found.calloc = BEHIND(calloc);
    found.realloc = BEHIND(realloc);
    found.free = BEHIND(free);
    found.posix_memalign = BEHIND(posix_memalign);
    found.aligned_alloc = BEHIND(aligned_alloc);
    found.memalign = BEHIND(memalign);
    found.malloc = BEHIND(malloc);
    return found;
}

// Threads bring their timers with their first allocation, and a program that takes the signal before samples are asked
// for keeps it; nothing else is stood in front of.
void threads_start(void) {}

int real_sigaction(int number, const struct sigaction *action, struct sigaction *old) {
    return sigaction(number, action, old);
}

// MARK: what the program asks

int perfgate_probe_file(void) { return is_off || header == NULL ? -1 : own_file; }

void perfgate_probe_leave_thread(void) { leave_slot(); }

struct perfgate_probe_pause perfgate_probe_pause(void) {
    struct perfgate_probe_pause before = {self.slot, self.phase};
    self.slot = NULL;
    self.phase = PHASE_BUSY;
    return before;
}

void perfgate_probe_resume(struct perfgate_probe_pause before) {
    self.slot = before.slot;
    self.phase = (enum phase)before.phase;
}

int perfgate_probe_begin_samples(void) { return is_off || header == NULL ? PL_NOT_ASKED : (int)cpu_begin(); }

void perfgate_probe_end_samples(void) {
    if (!is_off && header != NULL) cpu_end();
}
