#include "names.h"

#include "../NativeProbe/runtime.c"
