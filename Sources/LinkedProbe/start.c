#include "names.h"

#include "../NativeProbe/start.c"
