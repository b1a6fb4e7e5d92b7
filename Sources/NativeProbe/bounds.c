#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sys/auxv.h>
#include <sys/resource.h>
#include <unistd.h>

#include "probe.h"

// Where the stack a thread runs on ends, so that a walk reads nothing beyond. The C library could be asked, but it takes
// a lock for the answer and allocates while it holds it: asked from inside an allocation it might wait for itself.

// A program that switches between stacks of its own would have each looked up again and again.
enum { LOOKUPS = 16, STACK_AT_MOST = 64 << 20 };

// What the kernel gave the program lies above the first thread's frames, in the same mapping, which grows downwards.
void learn_main_stack(void) {
    struct rlimit limit;
    uintptr_t high = (uintptr_t)getauxval(AT_RANDOM) & ~(uintptr_t)15;
    if (high == 0 || getrlimit(RLIMIT_STACK, &limit) != 0) return;
    uintptr_t size = limit.rlim_cur > STACK_AT_MOST ? STACK_AT_MOST : limit.rlim_cur;
    self.high = high;
    self.low = high > size ? high - size : 4096;
}

// Reads a number in hexadecimal, a byte at a time.
struct reader {
    int file;
    size_t used, filled;
    char bytes[2048];
};

static int next_byte(struct reader *reader) {
    if (reader->used == reader->filled) {
        ssize_t count = read(reader->file, reader->bytes, sizeof reader->bytes);
        if (count <= 0) return -1;
        reader->used = 0;
        reader->filled = (size_t)count;
    }
    return (unsigned char)reader->bytes[reader->used++];
}

static int read_number(struct reader *reader, uintptr_t *number) {
    *number = 0;
    for (;;) {
        int byte = next_byte(reader);
        if (byte >= '0' && byte <= '9') {
            *number = *number << 4 | (uintptr_t)(byte - '0');
        } else if (byte >= 'a' && byte <= 'f') {
            *number = *number << 4 | (uintptr_t)(byte - 'a' + 10);
        } else {
            return byte;
        }
    }
}

// The mapping an address lies in, by the kernel's own list.
static void look_up(uintptr_t address) {
    struct reader reader;
    reader.file = open("/proc/thread-self/maps", O_RDONLY | O_CLOEXEC);
    if (reader.file < 0) return;
    reader.used = reader.filled = 0;
    uintptr_t start, end;
    while (read_number(&reader, &start) == '-' && read_number(&reader, &end) == ' ') {
        if (address >= start && address < end) {
            self.low = start;
            self.high = end;
            break;
        }
        int byte = 0;
        while (byte != '\n' && byte >= 0) byte = next_byte(&reader);
        if (byte < 0) break;
    }
    close(reader.file);
}

// Finds out which stack the thread is on, unless it was found already or too often. `frame` lies on it.
void learn_stack(uintptr_t frame) {
    if (frame >= self.low && frame < self.high) return;
    if (self.lookups >= LOOKUPS) return;
    int saved = errno;
    self.lookups++;
    look_up(frame);
    errno = saved;
}
