#include "names.h"

#include "../NativeProbe/slots.c"
