// Memory that runs out when a test says so: the n-th request for it, from our code or from what our code asks in
// libzmq and libmicrohttpd, is refused. Linked in by --wrap; libraries' own requests are not touched.
#pragma once

#include <stdbool.h>
#include <stddef.h>

// From now on the n-th request fails, the first being 1, and with `for_good` all after it. 0: none.
void memory_fail_at(size_t n, bool for_good);
// None fails any more. True: one has failed since memory_fail_at().
bool memory_recover(void);
