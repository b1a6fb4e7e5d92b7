#include "names.h"

#include "../NativeProbe/tasks.c"
