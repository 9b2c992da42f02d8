// The one question that a broker answers itself: who serves what, and how much waits.
#include "broker.pb-c.h"
#include "router_state.h"

struct answer {
    Broker__Services services;
    Broker__Lane lanes[LANES_MAX];
    Broker__Lane *list[LANES_MAX];
};

static uint64_t
read_counter(atomic_ullong *counter)
{
    return atomic_load_explicit(counter, memory_order_relaxed);
}

static void
take_lanes(const struct lanes *lanes, struct answer *answer)
{
    size_t count = lanes_count(lanes);
    for (uint32_t i = 0; i < count; i++) {
        const struct lane *lane = lanes_at(lanes, i);
        broker__lane__init(&answer->lanes[i]);
        answer->lanes[i].name = lane->name;
        answer->lanes[i].workers = lane->workers_live;
        answer->lanes[i].queued = lane->queue.count;
        answer->list[i] = &answer->lanes[i];
    }
    for (uint32_t i = 0; i < WORKERS_MAX; i++) {
        const struct worker *worker = lanes_worker_at(lanes, i);
        if (worker->is_used)
            answer->lanes[worker->lane].in_flight += worker->in_flight.count;
    }
    answer->services.lanes = answer->list;
    answer->services.n_lanes = count;
}

enum status
router_pack_services(struct router *router, zmq_msg_t *ret_body)
{
    struct answer answer;
    struct metrics *metrics = router->metrics;
    broker__services__init(&answer.services);
    take_lanes(router->lanes, &answer);
    answer.services.requests = read_counter(&metrics->requests);
    answer.services.busy = read_counter(&metrics->busy);
    answer.services.timeouts = read_counter(&metrics->timeouts);
    answer.services.refused = read_counter(&metrics->refused);
    answer.services.events = read_counter(&metrics->events_forwarded);
    if (zmq_msg_init_size(ret_body, broker__services__get_packed_size(&answer.services)) != 0)
        return STATUS_BUSY;
    broker__services__pack(&answer.services, zmq_msg_data(ret_body));
    return STATUS_OK;
}
