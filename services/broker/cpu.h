// Which core the broker's threads keep to. A message goes from the socket's thread to the router's and back; on one
// core that costs a context switch, on two it costs waking a core that sleeps: a fifth of the round trip. When the
// core is crowded they go free, and try again later.
#pragma once

#include <sched.h>
#include <stdbool.h>
#include <stdint.h>

#include "vekha/base/status.h"

struct cpu_choice {
    cpu_set_t allowed, chosen;
    bool is_automatic, is_kept;
    int64_t next_look_ms, retry_ms;
    uint64_t worked_ns, waited_ns; // of all threads, at the last look
};

// text: "auto" (a core by the port, so that brokers of one machine differ), "none", or the number of a core, for good.
// Before any other thread is made. INVALID: no such core.
MUST_CHECK enum status cpu_choose(const char *text, uint16_t port, struct cpu_choice *ret_choice);
// Called often, looks once per second.
void cpu_review(struct cpu_choice *choice, int64_t now_ms);
// Whether threads that worked and waited so long for their core within a second have too little of it.
bool cpu_is_crowded(uint64_t worked_ns, uint64_t waited_ns);
