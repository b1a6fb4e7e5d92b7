#include "names.h"

#include "../NativeProbe/file.c"
