#include "names.h"

#include "../NativeProbe/walk.c"
