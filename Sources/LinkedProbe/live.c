#include "names.h"

#include "../NativeProbe/live.c"
