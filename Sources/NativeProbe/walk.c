#include "probe.h"
void walk_start(void) { refuse(PL_ASYNC_STACKS, PL_NOT_ASKED); }
