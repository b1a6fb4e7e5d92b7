#include "process_guard.h"
