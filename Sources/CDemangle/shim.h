#pragma once
#include <stddef.h>
#include <stdint.h>

// Exported by the Swift runtime and by the C++ runtime, and in no header that either of them installs for C.
// Both give memory that the caller frees, or a null pointer for what is no mangled name.
char *swift_demangle(const char *name, size_t length, char *output, size_t *size, uint32_t flags);
char *__cxa_demangle(const char *name, char *output, size_t *size, int *status);
