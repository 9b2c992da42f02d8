// What the broker sends: requests to workers, replies to clients, its own answers.
#include <string.h>

#include "router_state.h"

static enum status
send_to(struct router *router, const struct routing_id *to, const Bus__Header *header, zmq_msg_t *body)
{
    zmq_msg_t frames[FRAME_COUNT];
    enum status status = bus_header_pack(header, &frames[FRAME_HEADER]);
    if (status != STATUS_OK)
        return status;
    if (zmq_msg_init_size(&frames[FRAME_ID], to->size) != 0) {
        zmq_msg_close(&frames[FRAME_HEADER]);
        return STATUS_BUSY;
    }
    memcpy(zmq_msg_data(&frames[FRAME_ID]), to->bytes, to->size);
    zmq_msg_init(&frames[FRAME_BODY]);
    if (body != NULL)
        zmq_msg_move(&frames[FRAME_BODY], body);
    return bus_send_frames(router->socket, frames, FRAME_COUNT);
}

enum status
router_send_act(struct router *router, const struct routing_id *to, Bus__Act act, enum status status)
{
    Bus__Header header = BUS__HEADER__INIT;
    header.protocol = BUS_PROTOCOL;
    header.act = act;
    header.status = status;
    return send_to(router, to, &header, NULL);
}

static void
count_answer(struct router *router, enum status status)
{
    if (status == STATUS_BUSY)
        metrics_add(&router->metrics->busy, 1);
    else if (status == STATUS_TIMEOUT)
        metrics_add(&router->metrics->timeouts, 1);
    else if (status == STATUS_UNKNOWN_OUTCOME)
        metrics_add(&router->metrics->unknown_outcomes, 1);
}

void
router_answer(struct router *router, const struct routing_id *client, uint64_t message_id, enum status status,
              bool is_unserved)
{
    Bus__Header header = BUS__HEADER__INIT;
    header.protocol = BUS_PROTOCOL;
    header.act = BUS__ACT__ACT_REPLY;
    header.message_id = message_id;
    header.caller = "broker";
    header.status = status;
    header.unserved = is_unserved;
    count_answer(router, status);
    if (send_to(router, client, &header, NULL) != STATUS_OK)
        metrics_add(&router->metrics->undeliverable, 1);
}

void
router_answer_services(struct router *router, const struct routing_id *client, uint64_t message_id)
{
    zmq_msg_t body;
    enum status status = router_pack_services(router, &body);
    if (status != STATUS_OK) {
        router_answer(router, client, message_id, status, false);
        return;
    }
    Bus__Header header = BUS__HEADER__INIT;
    header.protocol = BUS_PROTOCOL;
    header.act = BUS__ACT__ACT_REPLY;
    header.message_id = message_id;
    header.caller = "broker";
    if (send_to(router, client, &header, &body) != STATUS_OK)
        metrics_add(&router->metrics->undeliverable, 1);
    zmq_msg_close(&body);
    metrics_add(&router->metrics->replies, 1);
}

void
router_pass_reply(struct router *router, uint32_t request, const struct incoming *reply)
{
    const struct request *answered = lanes_request_at(router->lanes, request);
    Bus__Header header = BUS__HEADER__INIT;
    header.protocol = BUS_PROTOCOL;
    header.act = BUS__ACT__ACT_REPLY;
    header.message_id = answered->message_id;
    header.caller = reply->name;
    header.status = reply->header->status;
    if (send_to(router, &answered->client, &header, &reply->frames[FRAME_BODY]) != STATUS_OK)
        metrics_add(&router->metrics->undeliverable, 1);
    metrics_add(&router->metrics->replies, 1);
}

static enum status
send_request(struct router *router, uint32_t number)
{
    const struct request *request = lanes_request_at(router->lanes, number);
    const struct routing_id *to = &lanes_worker_at(router->lanes, request->worker)->id;
    struct payload *payload = &router->payloads[number];
    Bus__Header changes = BUS__HEADER__INIT;
    changes.budget_ms = (uint32_t)(request->deadline_ms - router->now_ms);
    changes.caller = certificates_name(&router->certificates, request->caller);
    changes.ticket = request->ticket;
    zmq_msg_t frames[FRAME_COUNT];
    enum status status = bus_header_amend(zmq_msg_data(&payload->header), zmq_msg_size(&payload->header), &changes,
                                          &frames[FRAME_HEADER]);
    if (status != STATUS_OK)
        return status;
    if (zmq_msg_init_size(&frames[FRAME_ID], to->size) != 0) {
        zmq_msg_close(&frames[FRAME_HEADER]);
        return STATUS_BUSY;
    }
    memcpy(zmq_msg_data(&frames[FRAME_ID]), to->bytes, to->size);
    zmq_msg_init(&frames[FRAME_BODY]);
    zmq_msg_move(&frames[FRAME_BODY], &payload->body);
    zmq_msg_close(&payload->header);
    zmq_msg_init(&payload->header);
    return bus_send_frames(router->socket, frames, FRAME_COUNT);
}

void
router_dispatch(struct router *router, uint32_t lane)
{
    uint32_t request;
    while (lanes_assign(router->lanes, lane, router->now_ms, &request)) {
        uint32_t worker = lanes_request_at(router->lanes, request)->worker;
        enum status status = send_request(router, request);
        if (status == STATUS_OK)
            continue;
        // It never left: no outcome is unknown, the client may ask again.
        bool is_ours = status == STATUS_TOO_LARGE;
        lanes_request_fail(router->lanes, request, is_ours ? status : STATUS_BUSY, !is_ours);
        if (status == STATUS_NOT_FOUND)
            lanes_worker_gone(router->lanes, worker, router->now_ms);
    }
}

void
router_answer_failed(struct router *router)
{
    for (uint32_t i = lanes_failed(router->lanes); i != NOTHING; i = lanes_failed(router->lanes)) {
        const struct request *request = lanes_request_at(router->lanes, i);
        router_answer(router, &request->client, request->message_id, (enum status)request->failure,
                      request->is_unserved);
        zmq_msg_close(&router->payloads[i].header);
        zmq_msg_close(&router->payloads[i].body);
        lanes_request_free(router->lanes, i);
    }
}
