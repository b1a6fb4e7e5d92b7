#include "names.h"

#include "../NativeProbe/symbols.c"
