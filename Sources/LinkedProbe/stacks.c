#include "names.h"

#include "../NativeProbe/stacks.c"
