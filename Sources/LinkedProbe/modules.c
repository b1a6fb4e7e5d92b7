#include "names.h"

#include "../NativeProbe/modules.c"
