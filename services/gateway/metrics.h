// Counters of the gateway for Prometheus. Written by the gateway's thread, read by the health thread.
#pragma once

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include "vekha/base/text.h"
#include "vekha/bus/contract.h"

enum { STATUS_CLASSES = 5, LATENCY_BUCKETS = 12 };

struct route_metrics {
    atomic_ulong by_class[STATUS_CLASSES]; // 1xx .. 5xx
    atomic_ulong latency[LATENCY_BUCKETS + 1];
    atomic_ulong latency_sum_us;
};

struct metrics {
    size_t route_count; // the contract's methods, then one for everything else
    atomic_int connections, streams, bus_outstanding;
    atomic_bool is_ready;
    atomic_ulong answers_held, answers_changed; // that were kept, when they were asked for again
    atomic_size_t kept_bytes;
    struct route_metrics routes[];
};

struct metrics *metrics_new(size_t method_count);
void metrics_free(struct metrics **metrics);
// method: NULL for what is no method of the contract.
void metrics_count(struct metrics *metrics, const struct contract_method *method, unsigned http_code,
                   int64_t duration_us);
void metrics_write(const struct metrics *metrics, struct buffer *out);
