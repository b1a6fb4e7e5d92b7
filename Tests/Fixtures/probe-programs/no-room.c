// Preloaded in front of the probe, this is a file system that has room for NO_ROOM_AFTER bytes: whoever asks for memory
// beyond is told that there is none. A write there would end the process with a signal, and this takes care of that too:
// it maps what was not asked for as unreadable.
#define _GNU_SOURCE
#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

static off_t limit(void) {
    const char *text = getenv("NO_ROOM_AFTER");
    return text == NULL ? 0 : atol(text);
}

static char *mapping;
static size_t mapping_size;

int posix_fallocate(int file, off_t offset, off_t size) {
    (void)file;
    return offset + size > limit() ? ENOSPC : 0;
}

// The probe's file is the one that is mapped as shared.
void *mmap(void *address, size_t size, int protection, int flags, int file, off_t offset) {
    void *map = (void *)syscall(SYS_mmap, address, size, protection, flags, file, offset);
    if (map != MAP_FAILED && (flags & MAP_SHARED) != 0 && (flags & MAP_FIXED) == 0 && mapping == NULL) {
        size_t room = ((size_t)limit() + 4095) & ~(size_t)4095;
        mapping = map;
        mapping_size = size;
        if (room < size) mprotect((char *)map + room, size - room, PROT_NONE);
    }
    return map;
}

int madvise(void *address, size_t size, int advice) {
    char *start = address;
    int is_ours = mapping != NULL && start >= mapping && start < mapping + mapping_size;
    if (is_ours && advice == 23 /* MADV_POPULATE_WRITE */ && start + size > mapping + limit()) {
        errno = EFAULT;
        return -1;
    }
    return (int)syscall(SYS_madvise, address, size, advice);
}
