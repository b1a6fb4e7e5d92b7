#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// A program with a malloc of its own that passes everything on to whoever is next, as tools that count do.

static void *next(const char *name) { return dlsym(RTLD_NEXT, name); }

void *malloc(size_t size) {
    static void *(*real)(size_t);
    if (real == NULL) real = (void *(*)(size_t))next("malloc");
    return real(size);
}

void *realloc(void *block, size_t size) {
    static void *(*real)(void *, size_t);
    if (real == NULL) real = (void *(*)(void *, size_t))next("realloc");
    return real(block, size);
}

void free(void *block) {
    static void (*real)(void *);
    if (real == NULL) real = (void (*)(void *))next("free");
    real(block);
}

int main(void) {
    char *text = NULL;
    for (size_t size = 1; size < 100000; size *= 3) {
        text = realloc(text, size);
        memset(text, 7, size);
        char *other = malloc(size);
        memset(other, 7, size);
        free(other);
    }
    free(text);
    void *aligned = NULL;
    if (posix_memalign(&aligned, 64, 1000) != 0) return 1;
    free(aligned);
    free(calloc(10, 10));
    puts("done");
    return 0;
}
