// Named places at which a test lets a process die or stand still; nothing in builds without VEKHA_CRASH_POINTS.
#pragma once

#ifdef VEKHA_CRASH_POINTS
// Sends this process the signal ordered for this place in the file that VEKHA_CRASH_FILE names.
void crash_point(const char *name);
#else
#define crash_point(name) ((void)0)
#endif
