#define _GNU_SOURCE
#include <malloc.h>
#include <stdlib.h>

#include "names.h"

// The functions are defined by the names that the linker puts in the place of the C library's (see linked.c), and by
// the C library's own names weakly.
//
// In a program with shared libraries the weak ones are what the libraries find, since a program comes before them. In a
// fully static one the C library's definitions are stronger, and stay reachable: they are the allocator behind.
#pragma redefine_extname malloc __wrap_malloc
#pragma redefine_extname calloc __wrap_calloc
#pragma redefine_extname realloc __wrap_realloc
#pragma redefine_extname reallocarray __wrap_reallocarray
#pragma redefine_extname free __wrap_free
#pragma redefine_extname posix_memalign __wrap_posix_memalign
#pragma redefine_extname aligned_alloc __wrap_aligned_alloc
#pragma redefine_extname memalign __wrap_memalign
#pragma redefine_extname valloc __wrap_valloc
#pragma redefine_extname pvalloc __wrap_pvalloc
#define SYMBOL(name) "__wrap_" #name

#include "../NativeProbe/interpose.c"

#define WEAK(name)                                                                                                    \
    extern __typeof(name) weak_##name __asm__(#name)                                                                  \
        __attribute__((weak, alias(SYMBOL(name)), visibility("default")))
WEAK(malloc);
WEAK(calloc);
WEAK(realloc);
WEAK(reallocarray);
WEAK(free);
WEAK(posix_memalign);
WEAK(aligned_alloc);
WEAK(memalign);
WEAK(valloc);
WEAK(pvalloc);
