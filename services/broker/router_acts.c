// What the broker does with each kind of message it receives. Nothing here trusts the sender: the name comes from
// the key, never from a frame.
#include <stdio.h>
#include <string.h>

#include "router_state.h"
#include "vekha/base/crash_point.h"
#include "vekha/base/log.h"

enum { LONGEST_BUDGET_MS = 10 * 60 * 1000, REFUSALS_LOGGED_PER_SECOND = 20, SECOND_MS = 1000 };

static const char GET_SERVICES[] = "broker.GetServices";

static void
log_refusal(struct router *router, const struct incoming *message, const char *what, const char *object)
{
    struct log_limit *limit = &router->log_limit;
    metrics_add(&router->metrics->refused, 1);
    if (router->now_ms - limit->second_ms >= SECOND_MS) {
        char swallowed[16];
        snprintf(swallowed, sizeof swallowed, "%u", limit->swallowed);
        if (limit->swallowed > 0)
            log_write(LOG_WARNING, "more refusals than are written", "count", swallowed, NULL);
        *limit = (struct log_limit){.second_ms = router->now_ms};
    }
    if (limit->written++ < REFUSALS_LOGGED_PER_SECOND)
        log_write(LOG_WARNING, "refused", "what", what, "caller", message->name, "object", object, NULL);
    else
        limit->swallowed++;
}

static void
take_request(struct router *router, const struct incoming *message)
{
    const Bus__Header *header = message->header;
    struct route route;
    enum status status = acl_route(&router->acl, message->name, header->method, &route);
    metrics_add(&router->metrics->requests, 1);
    if (status != STATUS_OK) {
        log_refusal(router, message, status == STATUS_FORBIDDEN ? "call" : "call of an unknown method", header->method);
        router_answer(router, &message->from, header->message_id, status, false);
        return;
    }
    if (strcmp(header->method, GET_SERVICES) == 0) {
        router_answer_services(router, &message->from, header->message_id);
        return;
    }
    uint32_t budget_ms = header->budget_ms > 0 ? header->budget_ms : route.timeout_ms;
    struct request request = {
        .message_id = header->message_id,
        .deadline_ms = router->now_ms + (budget_ms < LONGEST_BUDGET_MS ? budget_ms : LONGEST_BUDGET_MS),
        .size_bytes = (uint32_t)zmq_msg_size(&message->frames[FRAME_BODY]),
        .caller = message->certificate,
        .client = message->from,
    };
    uint32_t lane = lanes_find(router->lanes, route.lane);
    request.lane = lane;
    uint32_t number = NOTHING;
    status = lane != NOTHING ? lanes_request_add(router->lanes, &request, router->now_ms, &number) : STATUS_BUSY;
    if (status != STATUS_OK) {
        router_answer(router, &message->from, header->message_id, status, router->close_ms != 0);
        return;
    }
    struct payload *payload = &router->payloads[number];
    zmq_msg_init(&payload->header);
    zmq_msg_init(&payload->body);
    zmq_msg_move(&payload->header, &message->frames[FRAME_HEADER]);
    zmq_msg_move(&payload->body, &message->frames[FRAME_BODY]);
    crash_point("broker:before_handing_over");
    router_dispatch(router, lane);
}

static uint32_t
sending_worker(struct router *router, const struct incoming *message)
{
    uint32_t worker = lanes_worker_find(router->lanes, &message->from, message->certificate);
    if (worker != NOTHING)
        lanes_worker_heard(router->lanes, worker, router->now_ms);
    return worker;
}

static void
take_reply(struct router *router, const struct incoming *message)
{
    uint32_t worker = sending_worker(router, message);
    uint32_t request =
        worker != NOTHING ? lanes_request_answered(router->lanes, worker, message->header->ticket) : NOTHING;
    if (request == NOTHING) {
        metrics_add(&router->metrics->undeliverable, 1);
        return;
    }
    uint32_t lane = lanes_request_at(router->lanes, request)->lane;
    crash_point("broker:before_reply");
    router_pass_reply(router, request, message);
    zmq_msg_close(&router->payloads[request].header);
    zmq_msg_close(&router->payloads[request].body);
    lanes_request_free(router->lanes, request);
    router_dispatch(router, lane);
}

// Peers that miss an answer ask again, so a failed send needs no more than this.
static void
say(struct router *router, const struct routing_id *to, Bus__Act act, enum status status)
{
    if (router_send_act(router, to, act, status) != STATUS_OK)
        metrics_add(&router->metrics->undeliverable, 1);
}

static void
take_ready(struct router *router, const struct incoming *message)
{
    const char *name = message->header->lane;
    if (!acl_may_serve(&router->acl, message->name, name)) {
        log_refusal(router, message, "serve", name);
        say(router, &message->from, BUS__ACT__ACT_HEARTBEAT, STATUS_FORBIDDEN);
        return;
    }
    uint32_t lane = lanes_find(router->lanes, name);
    uint32_t worker = lane != NOTHING ? lanes_worker_ready(router->lanes, &message->from, message->certificate, lane,
                                                           message->header->credit, router->now_ms)
                                      : NOTHING;
    say(router, &message->from, BUS__ACT__ACT_HEARTBEAT, worker != NOTHING ? STATUS_OK : STATUS_BUSY);
    if (worker != NOTHING)
        lanes_worker_allow_silence(router->lanes, worker, message->header->budget_ms);
    if (worker == NOTHING) {
        log_refusal(router, message, "serve, the broker's tables are full", name);
        return;
    }
    log_write(LOG_INFO, "worker ready", "lane", name, NULL);
    router_note_presence(router, worker, message->header);
    router_dispatch(router, lane);
}

static void
take_heartbeat(struct router *router, const struct incoming *message)
{
    // Clients serve no lane.
    bool is_client = message->header->lane[0] == '\0';
    uint32_t worker = is_client ? NOTHING : sending_worker(router, message);
    bool is_known = is_client || worker != NOTHING;
    if (worker != NOTHING)
        router_note_presence(router, worker, message->header);
    say(router, &message->from, BUS__ACT__ACT_HEARTBEAT, is_known ? STATUS_OK : STATUS_UNIMPLEMENTED);
}

// The confirmation travels behind every request sent before: after it none will come.
static void
take_drain(struct router *router, const struct incoming *message)
{
    uint32_t worker = sending_worker(router, message);
    if (worker != NOTHING)
        lanes_worker_drain(router->lanes, worker, router->now_ms);
    say(router, &message->from, BUS__ACT__ACT_DRAIN, STATUS_OK);
}

static void
take_bye(struct router *router, const struct incoming *message)
{
    uint32_t worker = sending_worker(router, message);
    if (worker != NOTHING)
        lanes_worker_gone(router->lanes, worker, router->now_ms);
    say(router, &message->from, BUS__ACT__ACT_BYE, STATUS_OK);
}

typedef void act_function(struct router *router, const struct incoming *message);

static act_function *const ACTS[] = {
    [BUS__ACT__ACT_REQUEST] = take_request,     [BUS__ACT__ACT_REPLY] = take_reply, [BUS__ACT__ACT_READY] = take_ready,
    [BUS__ACT__ACT_HEARTBEAT] = take_heartbeat, [BUS__ACT__ACT_DRAIN] = take_drain, [BUS__ACT__ACT_BYE] = take_bye,
};

void
router_take(struct router *router, zmq_msg_t frames[FRAME_COUNT])
{
    struct incoming message = {.frames = frames};
    size_t id_size = zmq_msg_size(&frames[FRAME_ID]);
    // Frame 0 has no metadata in libzmq 4.3.4 after a poll; the others have.
    message.certificate = certificates_find(&router->certificates, zmq_msg_gets(&frames[FRAME_HEADER], "User-Id"));
    message.name = certificates_name(&router->certificates, message.certificate);
    message.header = bus_header_unpack(zmq_msg_data(&frames[FRAME_HEADER]), zmq_msg_size(&frames[FRAME_HEADER]),
                                       &router->header_memory);
    if (message.certificate == NOBODY || id_size == 0 || id_size > ROUTING_ID_MAX) {
        log_refusal(router, &message, "message of a key that is not in the folder any more", "");
        return;
    }
    unsigned act = message.header != NULL ? (unsigned)message.header->act : 0;
    if (act >= sizeof ACTS / sizeof ACTS[0] || ACTS[act] == NULL || message.header->protocol != BUS_PROTOCOL) {
        metrics_add(&router->metrics->malformed, 1);
        return;
    }
    message.from.size = (uint8_t)id_size;
    memcpy(message.from.bytes, zmq_msg_data(&frames[FRAME_ID]), id_size);
    ACTS[act](router, &message);
}
