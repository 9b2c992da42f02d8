// Deadlines of everything that waits: a heap of timers embedded in what they belong to. One thread.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct timer {
    int64_t due_ms;  // clock_monotonic_ms()
    size_t position; // in the heap, from 1; 0: not set
    void (*fire)(struct timer *timer);
};

struct timers {
    struct timer **heap; // from 1
    size_t count, capacity;
};

void timers_done(struct timers *timers);
// Moves it when it is set already. False without memory.
bool timer_set(struct timers *timers, struct timer *timer, int64_t due_ms);
void timer_cancel(struct timers *timers, struct timer *timer);
// Fires what is due; each timer is no longer set when its function runs.
void timers_run(struct timers *timers, int64_t now_ms);
// Until the next one; `longest_ms` when there is none sooner.
int64_t timers_wait_ms(const struct timers *timers, int64_t now_ms, int64_t longest_ms);
