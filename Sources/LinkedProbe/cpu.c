#include "names.h"

#include "../NativeProbe/cpu.c"
