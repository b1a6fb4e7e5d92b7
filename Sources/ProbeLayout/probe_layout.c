#include <stddef.h>

#include "probe_layout.h"

// The layout is a header; a target needs one file that is compiled, and this is where its sums are checked.

_Static_assert(sizeof(struct pl_header) <= PL_EXECUTABLE_AT, "the header has grown into the executable's name");
_Static_assert(sizeof(struct pl_slot) == 256, "a slot is four cache lines");
_Static_assert(sizeof(struct pl_stack) == 64, "a stack is one cache line");
_Static_assert(sizeof(struct pl_live) == 16, "a live object is found by one compare of sixteen bytes");
_Static_assert(PL_FILE_SIZE % 4096 == 0, "the file ends with a page");
_Static_assert(offsetof(struct pl_header, control) % 64 == 0, "the control word begins a cache line");
_Static_assert(sizeof(struct pl_header) % 64 == 0, "and nothing else that is written lies in it");
_Static_assert(PL_FIGURES <= 16, "every figure has a place for its reason");
