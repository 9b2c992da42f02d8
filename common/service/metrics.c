// The runtime's figures in Prometheus' text format, and the wake that threads sleep on.
#include <errno.h>
#include <time.h>

#include "runtime.h"

bool
runtime_is_ready(void *context)
{
    struct runtime *runtime = context;
    const struct service *service = runtime->service;
    bool needs_events = service->event_handlers && service->event_handlers[0] && !service->events_may_wait;
    return !atomic_load(&runtime->stopping) && !atomic_load(&runtime->threads_failed) &&
           atomic_load(&runtime->has_database) &&
           atomic_load(&runtime->workers_ready) == atomic_load(&runtime->workers_total) &&
           (!needs_events || atomic_load(&runtime->inbox_caught_up));
}

static void
write_number(struct buffer *out, const char *name, const char *type, unsigned long value)
{
    buffer_add_format(out, "# TYPE vekha_%s %s\nvekha_%s %lu\n", name, type, name, value);
}

void
metrics_write(void *context, struct buffer *out)
{
    struct runtime *runtime = context;
    buffer_add_text(out, "# TYPE vekha_answers_total counter\n");
    for (size_t i = 0; i < runtime->service->method_count; i++) {
        for (int status = 0; status < STATUS_COUNT; status++) {
            unsigned long count = atomic_load_explicit(&runtime->metrics[i].answers[status], memory_order_relaxed);
            if (count > 0)
                buffer_add_format(out, "vekha_answers_total{method=\"%s\",status=\"%s\"} %lu\n",
                                  runtime->service->methods[i].name, status_code((enum status)status), count);
        }
    }
    buffer_add_text(out, "# TYPE vekha_answer_seconds_total counter\n");
    for (size_t i = 0; i < runtime->service->method_count; i++) {
        unsigned long spent = atomic_load_explicit(&runtime->metrics[i].microseconds, memory_order_relaxed);
        if (spent > 0)
            buffer_add_format(out, "vekha_answer_seconds_total{method=\"%s\"} %lu.%06lu\n",
                              runtime->service->methods[i].name, spent / 1000000, spent % 1000000);
    }
    write_number(out, "command_batches_total", "counter", atomic_load(&runtime->batches));
    write_number(out, "batched_commands_total", "counter", atomic_load(&runtime->batched_commands));
    write_number(out, "stream_head", "gauge", (unsigned long)atomic_load(&runtime->presence.head));
    buffer_add_text(out, "# TYPE vekha_stream_applied gauge\n");
    for (size_t i = 0; i < BUS_STREAMS_MAX; i++) {
        const char *stream = atomic_load(&runtime->presence.positions[i].stream);
        if (stream)
            buffer_add_format(out, "vekha_stream_applied{stream=\"%s\"} %llu\n", stream,
                              atomic_load(&runtime->presence.positions[i].applied));
    }
    write_number(out, "events_applied_total", "counter", atomic_load(&runtime->events_applied));
    write_number(out, "inbox_failures_total", "counter", atomic_load(&runtime->inbox_failures));
    write_number(out, "job_failures_total", "counter", atomic_load(&runtime->job_failures));
}

void
wake_init(struct wake *wake)
{
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_mutex_init(&wake->mutex, NULL);
    pthread_cond_init(&wake->condition, &attributes);
    pthread_condattr_destroy(&attributes);
    wake->set = false;
}

void
wake_up(struct wake *wake)
{
    pthread_mutex_lock(&wake->mutex);
    wake->set = true;
    pthread_cond_signal(&wake->condition);
    pthread_mutex_unlock(&wake->mutex);
}

void
wake_wait(struct wake *wake, int timeout_ms)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += timeout_ms / 1000;
    until.tv_nsec += (long)(timeout_ms % 1000) * 1000000L;
    if (until.tv_nsec >= 1000000000L) {
        until.tv_sec++;
        until.tv_nsec -= 1000000000L;
    }
    pthread_mutex_lock(&wake->mutex);
    while (!wake->set && pthread_cond_timedwait(&wake->condition, &wake->mutex, &until) != ETIMEDOUT)
        ;
    wake->set = false;
    pthread_mutex_unlock(&wake->mutex);
}
