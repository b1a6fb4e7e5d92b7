#include "names.h"

#include "../NativeProbe/bounds.c"
