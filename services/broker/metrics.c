// Counters as Prometheus text.
#include <stdio.h>

#include "metrics.h"

void
metrics_add(atomic_ullong *counter, unsigned long long by)
{
    atomic_fetch_add_explicit(counter, by, memory_order_relaxed);
}

void
metrics_take_lanes(struct metrics *metrics, const struct lanes *lanes)
{
    unsigned known = atomic_load_explicit(&metrics->lane_count, memory_order_relaxed);
    size_t count = lanes_count(lanes);
    for (uint32_t i = 0; i < count; i++) {
        const struct lane *lane = lanes_at(lanes, i);
        if (i >= known)
            snprintf(metrics->lanes[i].name, sizeof metrics->lanes[i].name, "%s", lane->name);
        atomic_store_explicit(&metrics->lanes[i].queued, lane->queue.count, memory_order_relaxed);
        atomic_store_explicit(&metrics->lanes[i].workers, lane->workers_live, memory_order_relaxed);
    }
    atomic_store_explicit(&metrics->lane_count, (unsigned)count, memory_order_release);
    atomic_store_explicit(&metrics->in_flight, lanes_in_flight(lanes), memory_order_relaxed);
}

bool
metrics_is_ready(void *context)
{
    const struct metrics *metrics = context;
    return atomic_load(&metrics->is_ready);
}

static void
write_one(struct buffer *out, const char *name, const char *type, unsigned long long value)
{
    buffer_add_format(out, "# TYPE vekha_broker_%s %s\nvekha_broker_%s %llu\n", name, type, name, value);
}

void
metrics_write(void *context, struct buffer *out)
{
    struct metrics *metrics = context;
    const struct {
        const char *name;
        atomic_ullong *counter;
    } counters[] = {
        {"requests_total", &metrics->requests},
        {"replies_total", &metrics->replies},
        {"busy_total", &metrics->busy},
        {"timeouts_total", &metrics->timeouts},
        {"unknown_outcomes_total", &metrics->unknown_outcomes},
        {"refused_total", &metrics->refused},
        {"malformed_total", &metrics->malformed},
        {"undeliverable_total", &metrics->undeliverable},
        {"events_forwarded_total", &metrics->events_forwarded},
        {"events_refused_total", &metrics->events_refused},
        {"handshakes_refused_total", &metrics->handshakes_refused},
    };
    for (size_t i = 0; i < sizeof counters / sizeof counters[0]; i++)
        write_one(out, counters[i].name, "counter", atomic_load(counters[i].counter));
    write_one(out, "in_flight", "gauge", atomic_load(&metrics->in_flight));
    unsigned count = atomic_load_explicit(&metrics->lane_count, memory_order_acquire);
    buffer_add_text(out, "# TYPE vekha_broker_queued gauge\n");
    for (unsigned i = 0; i < count; i++)
        buffer_add_format(out, "vekha_broker_queued{lane=\"%s\"} %u\n", metrics->lanes[i].name,
                          atomic_load(&metrics->lanes[i].queued));
    buffer_add_text(out, "# TYPE vekha_broker_workers gauge\n");
    for (unsigned i = 0; i < count; i++)
        buffer_add_format(out, "vekha_broker_workers{lane=\"%s\"} %u\n", metrics->lanes[i].name,
                          atomic_load(&metrics->lanes[i].workers));
}
