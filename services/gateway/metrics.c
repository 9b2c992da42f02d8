// Counts and writes the gateway's metrics.
#include "metrics.h"

#include <stdlib.h>

static const unsigned LIMITS_US[LATENCY_BUCKETS] = {500,   1000,   2500,   5000,   10000,   25000,
                                                    50000, 100000, 250000, 500000, 1000000, 5000000};

struct metrics *
metrics_new(size_t method_count)
{
    struct metrics *metrics = calloc(1, sizeof *metrics + (method_count + 1) * sizeof metrics->routes[0]);
    if (metrics != NULL)
        metrics->route_count = method_count + 1;
    return metrics;
}

void
metrics_free(struct metrics **metrics)
{
    free(*metrics);
    *metrics = NULL;
}

static void
add(atomic_ulong *counter, unsigned long amount)
{
    atomic_fetch_add_explicit(counter, amount, memory_order_relaxed);
}

void
metrics_count(struct metrics *metrics, const struct contract_method *method, unsigned http_code, int64_t duration_us)
{
    size_t index = method == NULL ? metrics->route_count - 1 : (size_t)(method - contract_methods);
    struct route_metrics *route = &metrics->routes[index];
    unsigned class = http_code / 100;
    add(&route->by_class[class >= 1 && class <= STATUS_CLASSES ? class - 1 : STATUS_CLASSES - 1], 1);
    size_t bucket = 0;
    while (bucket < LATENCY_BUCKETS && duration_us > LIMITS_US[bucket])
        bucket++;
    add(&route->latency[bucket], 1);
    add(&route->latency_sum_us, (unsigned long)(duration_us < 0 ? 0 : duration_us));
}

static unsigned long
get(const atomic_ulong *counter)
{
    return atomic_load_explicit(counter, memory_order_relaxed);
}

static const char *
route_name(const struct metrics *metrics, size_t index)
{
    return index + 1 == metrics->route_count ? "other" : contract_methods[index].name;
}

static void
write_route(const struct metrics *metrics, size_t index, struct buffer *out)
{
    const struct route_metrics *route = &metrics->routes[index];
    const char *name = route_name(metrics, index);
    for (unsigned class = 0; class < STATUS_CLASSES; class ++)
        if (get(&route->by_class[class]) > 0)
            buffer_add_format(out, "vekha_http_requests_total{route=\"%s\",class=\"%uxx\"} %lu\n", name, class + 1,
                              get(&route->by_class[class]));
}

static void
write_latency(const struct metrics *metrics, size_t index, struct buffer *out)
{
    const struct route_metrics *route = &metrics->routes[index];
    const char *name = route_name(metrics, index);
    unsigned long total = 0;
    for (size_t i = 0; i <= LATENCY_BUCKETS; i++)
        total += get(&route->latency[i]);
    if (total == 0)
        return;
    unsigned long so_far = 0;
    for (size_t i = 0; i < LATENCY_BUCKETS; i++) {
        so_far += get(&route->latency[i]);
        buffer_add_format(out, "vekha_http_request_seconds_bucket{route=\"%s\",le=\"%g\"} %lu\n", name,
                          LIMITS_US[i] / 1e6, so_far);
    }
    buffer_add_format(out, "vekha_http_request_seconds_bucket{route=\"%s\",le=\"+Inf\"} %lu\n", name, total);
    buffer_add_format(out, "vekha_http_request_seconds_sum{route=\"%s\"} %.6f\n", name,
                      (double)get(&route->latency_sum_us) / 1e6);
    buffer_add_format(out, "vekha_http_request_seconds_count{route=\"%s\"} %lu\n", name, total);
}

void
metrics_write(const struct metrics *metrics, struct buffer *out)
{
    buffer_add_text(out, "# TYPE vekha_http_requests_total counter\n");
    for (size_t i = 0; i < metrics->route_count; i++)
        write_route(metrics, i, out);
    buffer_add_text(out, "# TYPE vekha_http_request_seconds histogram\n");
    for (size_t i = 0; i < metrics->route_count; i++)
        write_latency(metrics, i, out);
    buffer_add_format(out,
                      "# TYPE vekha_http_connections gauge\nvekha_http_connections %d\n"
                      "# TYPE vekha_event_streams gauge\nvekha_event_streams %d\n"
                      "# TYPE vekha_bus_outstanding gauge\nvekha_bus_outstanding %d\n",
                      atomic_load(&metrics->connections), atomic_load(&metrics->streams),
                      atomic_load(&metrics->bus_outstanding));
    buffer_add_format(out,
                      "# TYPE vekha_kept_answers_total counter\n"
                      "vekha_kept_answers_total{outcome=\"held\"} %lu\n"
                      "vekha_kept_answers_total{outcome=\"changed\"} %lu\n"
                      "# TYPE vekha_kept_answers_bytes gauge\nvekha_kept_answers_bytes %zu\n",
                      get(&metrics->answers_held), get(&metrics->answers_changed), atomic_load(&metrics->kept_bytes));
}
