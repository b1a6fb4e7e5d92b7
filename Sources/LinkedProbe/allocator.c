#include "names.h"

#include "../NativeProbe/allocator.c"
