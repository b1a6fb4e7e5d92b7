// A program that defines malloc itself, as one does that has another allocator linked in.
#define _GNU_SOURCE
#include <stddef.h>
#include <string.h>
#include <unistd.h>

static char memory[1 << 22];
static size_t used;

void *malloc(size_t size) {
    size_t room = (size + 31) & ~(size_t)15;
    if (used + room > sizeof memory) return NULL;
    size_t *block = (size_t *)(memory + used);
    used += room;
    block[0] = size;
    return block + 2;
}

void free(void *block) { (void)block; }

void *calloc(size_t count, size_t size) { return malloc(count * size); }

void *realloc(void *old, size_t size) {
    void *block = malloc(size);
    if (block != NULL && old != NULL) {
        size_t before = ((size_t *)old)[-2];
        memcpy(block, old, before < size ? before : size);
    }
    return block;
}

int main(void) {
    for (int index = 0; index < 1000; index++) free(malloc(8));
    return 0;
}
