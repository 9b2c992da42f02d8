// Life of an exchange: taken from the pool, suspended, resumed, given back.
#include "exchange.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "tag_checks.h"
#include "vekha/base/crash_point.h"
#include "vekha/base/time.h"

enum { MAX_IDLE = 256, KEPT_BUFFER_BYTES = 64 * 1024, MAX_RUNNING = 4096 };

static struct exchange *
make(void)
{
    struct exchange *exchange = calloc(1, sizeof *exchange);
    if (exchange != NULL)
        arena_init(&exchange->arena, EXCHANGE_ARENA_BYTES);
    return exchange;
}

struct exchange *
exchange_new(struct gateway *gateway, const char *raw_uri)
{
    if (gateway->running >= MAX_RUNNING)
        return NULL;
    struct exchange *exchange = gateway->idle;
    if (exchange != NULL) {
        gateway->idle = exchange->next;
        gateway->idle_count--;
    } else {
        exchange = make();
    }
    if (exchange == NULL)
        return NULL;
    gateway->running++;
    exchange->previous = NULL;
    exchange->next = gateway->under_way;
    if (gateway->under_way != NULL)
        gateway->under_way->previous = exchange;
    gateway->under_way = exchange;
    exchange->gateway = gateway;
    exchange->started_us = clock_monotonic_us();
    exchange->raw_uri = arena_copy(&exchange->arena, raw_uri);
    exchange->line_end = raw_uri + strlen(raw_uri);
    return exchange;
}

static void
empty_buffer(struct buffer *buffer)
{
    if (buffer->capacity > KEPT_BUFFER_BYTES)
        buffer_done(buffer);
    else
        buffer_reset(buffer);
}

void
exchange_dispose(struct exchange *exchange)
{
    arena_done(&exchange->arena);
    buffer_done(&exchange->body);
    free(exchange);
}

void
exchange_free(struct exchange *exchange)
{
    struct gateway *gateway = exchange->gateway;
    gateway->running--;
    if (exchange->previous != NULL)
        exchange->previous->next = exchange->next;
    else
        gateway->under_way = exchange->next;
    if (exchange->next != NULL)
        exchange->next->previous = exchange->previous;
    timer_cancel(&gateway->timers, &exchange->timer);
    if (exchange->bus_handle != 0)
        bus_client_forget(gateway->client, exchange->bus_handle);
    if (exchange->response != NULL)
        MHD_destroy_response(exchange->response);
    tag_checks_forget(exchange);
    if (exchange->kept != NULL)
        kept_answer_release(exchange->kept);
    buffer_done(&exchange->upload.piece);
    buffer_done(&exchange->download.current);
    buffer_done(&exchange->download.next);
    buffer_done(&exchange->stream.out);
    empty_buffer(&exchange->body);
    arena_reset(&exchange->arena);
    struct arena arena = exchange->arena;
    struct buffer body = exchange->body;
    *exchange = (struct exchange){.arena = arena, .body = body, .next = gateway->idle};
    if (gateway->idle_count >= MAX_IDLE) {
        exchange_dispose(exchange);
        return;
    }
    gateway->idle = exchange;
    gateway->idle_count++;
}

void
exchange_suspend(struct exchange *exchange)
{
    if (exchange->is_suspended)
        return;
    exchange->is_suspended = true;
    MHD_suspend_connection(exchange->connection);
}

void
exchange_wake(struct exchange *exchange)
{
    if (!exchange->is_suspended)
        return;
    exchange->is_suspended = false;
    MHD_resume_connection(exchange->connection);
}

void
exchange_cut(struct exchange *exchange)
{
    const union MHD_ConnectionInfo *information =
        MHD_get_connection_info(exchange->connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    // Once: each shutdown is told as one more hang-up.
    if (information != NULL && !exchange->is_cut)
        (void)shutdown(information->connect_fd, SHUT_RDWR);
    exchange->is_cut = true;
    exchange_wake(exchange);
}

static void
on_bus_reply(void *context, enum status status, const uint8_t *body, size_t size)
{
    struct exchange *exchange = context;
    exchange->bus_handle = 0;
    crash_point("gateway:before_answer");
    exchange->on_reply(exchange, status, body, size);
    if (exchange->bus_handle == 0)
        exchange_wake(exchange);
}

void
exchange_ask(struct exchange *exchange, const struct question *question,
             void (*on_reply)(struct exchange *, enum status, const uint8_t *, size_t))
{
    const struct contract_method *method = exchange->match.method;
    bool is_command = method->kind == VEKHA__KIND__KIND_COMMAND;
    struct bus_call call = {
        .lane = method->lane,
        .method = method->name,
        .body = question->body,
        .body_size = question->size,
        .budget_ms = method->timeout_ms,
        .idempotency_key = is_command ? question->idempotency_key : NULL,
        .principal = exchange->caller.sealed,
        .principal_size = exchange->caller.sealed_size,
        .trace_id = exchange->trace,
        .language = exchange->english ? "en" : "ru",
        .client_address = exchange->client_address,
    };
    exchange->on_reply = on_reply;
    uint64_t handle = bus_client_call(exchange->gateway->client, &call, on_bus_reply, exchange);
    crash_point("gateway:request_sent");
    if (handle != 0)
        exchange->bus_handle = handle;
}
