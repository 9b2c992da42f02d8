// /healthz, /readyz and /metrics of a process, on a port of its own that only the operator reaches.
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "vekha/base/status.h"
#include "vekha/base/text.h"

struct health;

// Called on the health thread: must be quick and thread-safe.
struct health_source {
    bool (*is_ready)(void *context);
    void (*write_metrics)(void *context, struct buffer *out); // Prometheus text
    void *context;
};

// Listens on 127.0.0.1:port. BUSY when the port is taken.
MUST_CHECK enum status health_start(uint16_t port, const char *process, const struct health_source *source,
                                    struct health **ret_health);
void health_stop(struct health **health);
