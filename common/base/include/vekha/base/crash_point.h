// Named places at which a test lets a process die, stand still or do without; nothing in builds without
// VEKHA_CRASH_POINTS.
#pragma once

#include <stdbool.h>

#ifdef VEKHA_CRASH_POINTS
// Sends this process the signal ordered for this place in the file that VEKHA_CRASH_FILE names.
void crash_point(const char *name);
// True: what is asked for here is to fail this time, as ordered in the same way.
bool failure_point(const char *name);
#else
#define crash_point(name) ((void)0)
#define failure_point(name) false
#endif
