#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "probe.h"

// The file is sparse, and a write to a page the file system has no room for is a fatal signal. Nothing is therefore
// written that was not given memory before: a part when the file is made, the rest when it is first needed.

struct pl_header *header;

static char folder[512];
// The file of this program, from the folder on.
static char name[32];
static dev_t device;
static ino_t inode;

int remember_folder(const char *path) {
    size_t length = strlen(path);
    if (length == 0 || length >= sizeof folder || path[0] != '/') return 0;
    memcpy(folder, path, length + 1);
    return 1;
}

static char *write_decimal(char *to, uint64_t number) {
    char digits[20];
    int count = 0;
    do {
        digits[count++] = (char)('0' + number % 10);
        number /= 10;
    } while (number != 0);
    while (count > 0) *to++ = digits[--count];
    *to = 0;
    return to;
}

// The folder, if nobody but its owner can look or write into it, and this process runs as that owner.
static int open_folder(void) {
    int descriptor = open(folder, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (descriptor < 0) return -1;
    struct stat status;
    if (fstat(descriptor, &status) == 0 && status.st_uid == geteuid() && (status.st_mode & 077) == 0) return descriptor;
    close(descriptor);
    return -1;
}

#if PROBE_IS_LINKED
int own_file = -1;

// A file without a name, for a program that nobody but itself reads.
static int create_nameless(void) {
    int file = memfd_create("perfgate-probe", MFD_CLOEXEC);
    if (file < 0) return -1;
    struct stat status;
    if (ftruncate(file, PL_FILE_SIZE) == 0 && posix_fallocate(file, 0, PL_RESERVED_AT_START) == 0
        && fstat(file, &status) == 0) {
        device = status.st_dev;
        inode = status.st_ino;
        return file;
    }
    close(file);
    return -1;
}

// The program reads what it counts through this. A forked child has a file of its own, and no business with its parent's.
static void done_with(int file) {
    if (own_file >= 0) close(own_file);
    own_file = file;
}
#else
static void done_with(int file) { close(file); }
#endif

// A file of a new name. Never one that is there: it may be what this very process left when it was another program, or
// what a process left that had the same pid before.
static int create(uint32_t *generation) {
    // A file beyond the limit is a fatal signal too.
    struct rlimit limit;
    if (getrlimit(RLIMIT_FSIZE, &limit) == 0 && limit.rlim_cur < PL_FILE_SIZE) return -1;
#if PROBE_IS_LINKED
    if (folder[0] == 0) return create_nameless();
#endif
    int directory = open_folder();
    if (directory < 0) return -1;
    int file = -1;
    for (uint32_t attempt = 0; attempt < 4096 && file < 0; attempt++) {
        char *end = write_decimal(name, (uint64_t)getpid());
        *end++ = '.';
        write_decimal(end, attempt);
        file = openat(directory, name, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
        *generation = attempt;
        if (file < 0 && errno != EEXIST) break;
    }
    if (file >= 0) {
        struct stat status;
        if (ftruncate(file, PL_FILE_SIZE) == 0 && posix_fallocate(file, 0, PL_RESERVED_AT_START) == 0
            && fstat(file, &status) == 0) {
            device = status.st_dev;
            inode = status.st_ino;
        } else {
            unlinkat(directory, name, 0);
            close(file);
            file = -1;
        }
    }
    close(directory);
    return file;
}

// Clock ticks since boot, the twenty-second field of the process's own line; 0 where it cannot be read.
uint64_t own_start_time(void) {
    char text[1024];
    int file = open("/proc/self/stat", O_RDONLY | O_CLOEXEC);
    if (file < 0) return 0;
    ssize_t size = read(file, text, sizeof text - 1);
    close(file);
    if (size <= 0) return 0;
    text[size] = 0;
    // The name, in parentheses, may hold spaces and parentheses.
    char *at = strrchr(text, ')');
    if (at == NULL) return 0;
    for (int field = 2; field < 22; field++) {
        at = strchr(at, ' ');
        if (at == NULL) return 0;
        at++;
    }
    uint64_t number = 0;
    for (; *at >= '0' && *at <= '9'; at++) number = number * 10 + (uint64_t)(*at - '0');
    return number;
}

static void describe(struct pl_header *new, uint32_t generation) {
    struct timespec now = {0};
    clock_gettime(CLOCK_REALTIME, &now);
    new->version = PL_VERSION;
    new->pid = (uint32_t)getpid();
    new->file_size = PL_FILE_SIZE;
    new->start_time = own_start_time();
    new->generation = generation;
    new->mapped_at = (uint64_t)(uintptr_t)new;
    new->loaded_at_nanoseconds = (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
    new->slots_used = 1;
    new->slots_reserved = 16;
    char *executable = (char *)new + PL_EXECUTABLE_AT;
    ssize_t length = readlink("/proc/self/exe", executable, PL_EXECUTABLE_SIZE - 1);
    executable[length < 0 ? 0 : length] = 0;
}

int file_create(void) {
    uint32_t generation = 0;
    int file = create(&generation);
    if (file < 0) return 0;
    void *map = mmap(NULL, PL_FILE_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_NORESERVE, file, 0);
    done_with(file);
    if (map == MAP_FAILED) {
        int directory = open_folder();
        if (directory >= 0) {
            unlinkat(directory, name, 0);
            close(directory);
        }
        return 0;
    }
    madvise(map, PL_FILE_SIZE, MADV_DONTDUMP);
    describe(map, generation);
    header = map;
    return 1;
}

// In a forked child: a file of its own in the place of the parent's, so that no pointer into it changes. Where there can
// be none, memory of its own: the parent's numbers stay the parent's.
int file_replace(void) {
    uint32_t generation = 0;
    uint32_t parent = header->pid;
    int file = create(&generation);
    void *map = MAP_FAILED;
    if (file >= 0) {
        map = mmap(header, PL_FILE_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED | MAP_NORESERVE, file, 0);
        done_with(file);
    }
    int is_shared = map != MAP_FAILED;
    if (!is_shared) {
        inode = 0;
        map = mmap(
            header, PL_FILE_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED | MAP_NORESERVE, -1, 0);
        // What it replaced is still there, and still the parent's.
        if (map == MAP_FAILED) return -1;
    }
    madvise(map, PL_FILE_SIZE, MADV_DONTDUMP);
    describe(map, generation);
    header->forked_from = parent;
    return is_shared;
}

#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23
#endif

// Gives a part of the file memory, from inside and at any time: safe among threads, and no more than a system call.
int file_reserve(uint64_t offset, uint64_t size) {
    int saved = errno;
    uint64_t start = offset & ~UINT64_C(4095), end = (offset + size + 4095) & ~UINT64_C(4095);
    int is_there = madvise((char *)header + start, end - start, MADV_POPULATE_WRITE) == 0;
    if (!is_there && errno == EINVAL && inode == 0) {
        // Private memory needs none.
        is_there = 1;
    } else if (!is_there && errno == EINVAL) {
        // A kernel before 5.14. The file is opened anew, since a descriptor that was kept might have been closed by
        // the program and be another file's by now.
        int directory = open_folder();
        int file = directory < 0 ? -1 : openat(directory, name, O_RDWR | O_NOFOLLOW | O_CLOEXEC);
        struct stat status;
        is_there = file >= 0 && fstat(file, &status) == 0 && status.st_dev == device && status.st_ino == inode
            && posix_fallocate(file, (off_t)start, (off_t)(end - start)) == 0;
        if (file >= 0) close(file);
        if (directory >= 0) close(directory);
    }
    errno = saved;
    return is_there;
}

// Switches on what was asked for at the start and has room.
void file_allow_modes(uint64_t wanted) {
    uint64_t regions = 0;
    if (wanted & (PL_MODE_EXACT_STACKS | PL_MODE_LIVE_TASKS | PL_MODE_CPU)) {
        if (file_reserve(PL_STACKS_AT, PL_STACKS_SIZE)) regions |= PL_REGION_STACKS;
    }
    if ((wanted & PL_MODE_LIVE_TASKS) && file_reserve(PL_TASKS_AT, PL_TASKS_SIZE)) regions |= PL_REGION_TASKS;
    if ((wanted & PL_MODE_LIVE_BLOCKS) && file_reserve(PL_BLOCKS_AT, PL_BLOCKS_SIZE)) regions |= PL_REGION_BLOCKS;
    header->regions = regions;
    uint64_t allowed = 0;
    if (regions & PL_REGION_STACKS) {
        allowed |= wanted & (PL_MODE_EXACT_STACKS | PL_MODE_CPU);
        if (regions & PL_REGION_TASKS) allowed |= wanted & PL_MODE_LIVE_TASKS;
        if (regions & PL_REGION_BLOCKS) allowed |= wanted & PL_MODE_LIVE_BLOCKS;
    }
    __atomic_store_n(&header->control, allowed, __ATOMIC_RELEASE);
    uint64_t refused = wanted & ~allowed;
    if (refused & PL_MODE_EXACT_STACKS) refuse(PL_EXACT_STACKS, PL_NO_ROOM);
    if (refused & PL_MODE_LIVE_TASKS) refuse(PL_LIVE_TASKS, PL_NO_ROOM);
    if (refused & PL_MODE_CPU) refuse(PL_CPU, PL_NO_ROOM);
}
