// Which core the broker's threads keep to. A message goes from the socket's thread to the router's and back; on one
// core that costs a context switch, on two it costs waking a core that sleeps: a fifth of the round trip.
#pragma once

#include <stdint.h>

#include "vekha/base/status.h"

// choice: "auto" (by the port, so that brokers of one machine differ), "none", or the number of a core.
// Before any thread is made. INVALID: no such core.
MUST_CHECK enum status cpu_keep_to(const char *choice, uint16_t port);
