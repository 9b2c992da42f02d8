// The loop of requests and replies.
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "router_state.h"
#include "vekha/base/log.h"
#include "vekha/base/time.h"

enum {
    TICK_MS = 20,
    IDLE_TICK_MS = 100, // while nobody waits for an answer
    STOOD_STILL_MS = 500,
    PROBE_MS = 100,
    CLOSING_MS = 500,
};

static const char MONITOR[] = "inproc://router-monitor";

// A router's monitor does not say who has left, but tells when to ask all of them.
static void *
open_monitor(void *socket)
{
    void *monitor = zmq_socket(bus_context(), ZMQ_PAIR);
    if (monitor != NULL && zmq_socket_monitor(socket, MONITOR, ZMQ_EVENT_DISCONNECTED) == 0 &&
        zmq_connect(monitor, MONITOR) == 0)
        return monitor;
    if (monitor != NULL)
        zmq_close(monitor);
    return NULL;
}

enum status
router_new(const struct router_settings *settings, struct router **ret_router)
{
    struct router *router = calloc(1, sizeof *router);
    if (router == NULL)
        return STATUS_BUSY;
    enum status status = certificates_load(&router->certificates, settings->keys_folder);
    router->metrics = settings->metrics;
    router->cpu = settings->cpu;
    router->acl = (struct acl){contract_methods, contract_method_count};
    router->now_ms = clock_monotonic_ms();
    router->lanes = lanes_new(settings->queue_limit, router->now_ms);
    router->payloads = calloc(REQUESTS_MAX, sizeof *router->payloads);
    router->presences = calloc(WORKERS_MAX, sizeof *router->presences);
    if (status == STATUS_OK && router->lanes != NULL && router->payloads != NULL && router->presences != NULL) {
        router->socket = server_socket_new(ZMQ_ROUTER, settings->keys, settings->address, 0);
        router->monitor = router->socket != NULL ? open_monitor(router->socket) : NULL;
    }
    router->tick_ms = TICK_MS;
    if (router->monitor == NULL ||
        zmq_setsockopt(router->socket, ZMQ_RCVTIMEO, &router->tick_ms, sizeof router->tick_ms) != 0) {
        int problem = errno;
        router_free(&router);
        errno = problem;
        return status == STATUS_OK ? STATUS_BUSY : status;
    }
    *ret_router = router;
    return STATUS_OK;
}

void
router_free(struct router **router_in_out)
{
    struct router *router = *router_in_out;
    if (router == NULL)
        return;
    if (router->lanes != NULL && router->socket != NULL) {
        lanes_close(router->lanes);
        router_answer_failed(router);
    }
    if (router->socket != NULL) {
        zmq_socket_monitor(router->socket, NULL, 0);
        zmq_close(router->socket);
    }
    if (router->monitor != NULL)
        zmq_close(router->monitor);
    lanes_free(&router->lanes);
    free(router->payloads);
    free(router->presences);
    free(router);
    *router_in_out = NULL;
}

// A worker whose connection is gone cannot be sent to: found dead in milliseconds instead of two seconds.
static void
probe_workers(struct router *router)
{
    for (uint32_t i = 0; i < WORKERS_MAX; i++) {
        const struct worker *worker = lanes_worker_at(router->lanes, i);
        if (worker->is_used &&
            router_send_act(router, &worker->id, BUS__ACT__ACT_HEARTBEAT, STATUS_OK) == STATUS_NOT_FOUND)
            lanes_worker_gone(router->lanes, i, router->now_ms);
    }
}

static void
read_monitor(struct router *router)
{
    char ignored[256];
    while (zmq_recv(router->monitor, ignored, sizeof ignored, ZMQ_DONTWAIT) >= 0) {
        // The socket learns of it a little later than its monitor, hence several looks.
        router->probe_until_ms = router->now_ms + PROBE_MS;
    }
}

static void
read_signal(struct router *router, int signal_fd)
{
    struct pollfd fds = {.fd = signal_fd, .events = POLLIN};
    if (router->close_ms != 0 || poll(&fds, 1, 0) <= 0)
        return;
    router->close_ms = router->now_ms + CLOSING_MS;
    atomic_store(&router->metrics->is_ready, false);
    lanes_close(router->lanes);
}

static void
tick(struct router *router, int signal_fd)
{
    if (router->now_ms - router->ticked_ms >= STOOD_STILL_MS)
        lanes_forgive(router->lanes, router->now_ms);
    router->ticked_ms = router->now_ms;
    read_signal(router, signal_fd);
    read_monitor(router);
    if (router->now_ms < router->probe_until_ms)
        probe_workers(router);
    certificates_refresh(&router->certificates, router->now_ms);
    lanes_tick(router->lanes, router->now_ms);
    router_answer_failed(router);
    metrics_take_lanes(router->metrics, router->lanes);
    cpu_review(router->cpu, router->now_ms);
}

// Turns of the loop while nothing arrives: often while a request may be overdue, seldom while there is none.
static void
choose_tick(struct router *router)
{
    bool is_idle = router->close_ms == 0 && router->now_ms >= router->probe_until_ms && lanes_are_idle(router->lanes);
    int tick_ms = is_idle ? IDLE_TICK_MS : TICK_MS;
    if (tick_ms != router->tick_ms && zmq_setsockopt(router->socket, ZMQ_RCVTIMEO, &tick_ms, sizeof tick_ms) == 0)
        router->tick_ms = tick_ms;
}

static bool
is_over(const struct router *router)
{
    return router->close_ms != 0 && (router->now_ms >= router->close_ms || lanes_in_flight(router->lanes) == 0);
}

void
router_run(struct router *router, int signal_fd)
{
    router->ticked_ms = clock_monotonic_ms();
    while (!is_over(router)) {
        zmq_msg_t frames[FRAME_COUNT];
        enum status status = bus_await_frames(router->socket, frames, FRAME_COUNT);
        router->now_ms = clock_monotonic_ms();
        if (status == STATUS_OK) {
            router_take(router, frames);
            for (int i = 0; i < FRAME_COUNT; i++)
                zmq_msg_close(&frames[i]);
            router_answer_failed(router);
        } else if (status == STATUS_MALFORMED) {
            metrics_add(&router->metrics->malformed, 1);
        } else if (status == STATUS_LOST) {
            log_write(LOG_ERROR, "the socket of requests is of no use any more", NULL);
            return;
        }
        // Signals and lost connections may wait as long: so the loop needs no poll, only its one socket.
        if (router->now_ms - router->ticked_ms >= TICK_MS)
            tick(router, signal_fd);
        choose_tick(router);
    }
}
