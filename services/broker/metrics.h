// Counters the sockets' threads write and the health thread reads.
#pragma once

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "lanes.h"
#include "vekha/base/text.h"

struct lane_gauge {
    char name[LANE_NAME_CHARS + 1]; // written before lane_count grows, never after
    atomic_uint queued, workers;
};

struct metrics {
    atomic_ullong requests, replies, busy, timeouts, unknown_outcomes, refused, malformed, undeliverable;
    atomic_ullong events_forwarded, events_refused, handshakes_refused;
    atomic_uint in_flight;
    atomic_bool is_ready;
    atomic_uint lane_count;
    struct lane_gauge lanes[LANES_MAX];
};

void metrics_add(atomic_ullong *counter, unsigned long long by);
void metrics_take_lanes(struct metrics *metrics, const struct lanes *lanes);
// For struct health_source; context is the struct metrics.
bool metrics_is_ready(void *context);
void metrics_write(void *context, struct buffer *out);
