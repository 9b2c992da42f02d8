// The one question that a broker answers itself: who serves what, how much waits, and who is how far behind.
#include <stdio.h>
#include <string.h>

#include "broker.pb-c.h"
#include "router_state.h"

enum { REPLICAS_MAX = 128 };

// Lags hold, until all workers have been seen, how far the replica is.
struct shown_replica {
    Broker__Replica replica;
    char service[LANE_NAME_CHARS + 1];
    Broker__StreamLag lags[BUS_STREAMS_MAX];
    Broker__StreamLag *lag_list[BUS_STREAMS_MAX];
};

struct answer {
    Broker__Services services;
    Broker__Lane lanes[LANES_MAX];
    Broker__Lane *list[LANES_MAX];
    struct shown_replica replicas[REPLICAS_MAX];
    Broker__Replica *replica_list[REPLICAS_MAX];
};

void
router_note_presence(struct router *router, uint32_t worker, const Bus__Header *header)
{
    struct presence *presence = &router->presences[worker];
    snprintf(presence->process, sizeof presence->process, "%s", header->process);
    presence->head = header->head;
    presence->position_count = header->n_positions < BUS_STREAMS_MAX ? header->n_positions : BUS_STREAMS_MAX;
    for (size_t i = 0; i < presence->position_count; i++) {
        snprintf(presence->positions[i].stream, sizeof presence->positions[i].stream, "%s",
                 header->positions[i]->stream);
        presence->positions[i].applied = header->positions[i]->applied;
    }
}

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
    answer->services.lanes = answer->list;
    answer->services.n_lanes = count;
}

// The one of this process, made if it is new; NULL: too many.
static struct shown_replica *
find_replica(struct answer *answer, const char *lane, const char *process)
{
    size_t length = strcspn(lane, "/");
    for (size_t i = 0; i < answer->services.n_replicas; i++) {
        struct shown_replica *known = &answer->replicas[i];
        if (strlen(known->service) == length && memcmp(known->service, lane, length) == 0 &&
            strcmp(known->replica.process, process) == 0)
            return known;
    }
    if (answer->services.n_replicas == REPLICAS_MAX)
        return NULL;
    struct shown_replica *fresh = &answer->replicas[answer->services.n_replicas];
    answer->replica_list[answer->services.n_replicas++] = &fresh->replica;
    broker__replica__init(&fresh->replica);
    snprintf(fresh->service, sizeof fresh->service, "%.*s", (int)length, lane);
    fresh->replica.service = fresh->service;
    fresh->replica.process = process;
    fresh->replica.draining = true;
    fresh->replica.lags = fresh->lag_list;
    return fresh;
}

// Of several threads of a process the one that has spoken last knows most.
static void
take_positions(const struct presence *presence, struct shown_replica *shown)
{
    for (size_t i = 0; i < presence->position_count; i++) {
        size_t at = 0;
        while (at < shown->replica.n_lags && strcmp(shown->lags[at].stream, presence->positions[i].stream) != 0)
            at++;
        if (at == BUS_STREAMS_MAX)
            return;
        if (at == shown->replica.n_lags) {
            broker__stream_lag__init(&shown->lags[at]);
            shown->lags[at].stream = presence->positions[i].stream;
            shown->lag_list[at] = &shown->lags[at];
            shown->replica.n_lags++;
        }
        if (presence->positions[i].applied > shown->lags[at].behind)
            shown->lags[at].behind = presence->positions[i].applied;
    }
}

static void
take_workers(const struct router *router, struct answer *answer)
{
    for (uint32_t i = 0; i < WORKERS_MAX; i++) {
        const struct worker *worker = lanes_worker_at(router->lanes, i);
        if (!worker->is_used)
            continue;
        answer->lanes[worker->lane].in_flight += worker->in_flight.count;
        const struct presence *presence = &router->presences[i];
        struct shown_replica *shown =
            find_replica(answer, lanes_at(router->lanes, worker->lane)->name, presence->process);
        if (shown == NULL)
            continue;
        shown->replica.workers += worker->is_draining ? 0 : 1;
        shown->replica.draining = shown->replica.draining && worker->is_draining;
        shown->replica.in_flight += worker->in_flight.count;
        take_positions(presence, shown);
    }
    answer->services.replicas = answer->replica_list;
}

static uint64_t
head_of(const struct router *router, const char *service)
{
    uint64_t head = 0;
    for (uint32_t i = 0; i < WORKERS_MAX; i++) {
        const struct worker *worker = lanes_worker_at(router->lanes, i);
        if (worker->is_used && router->presences[i].head > head &&
            strcmp(lanes_at(router->lanes, worker->lane)->name, service) == 0)
            head = router->presences[i].head;
    }
    return head;
}

static void
turn_positions_into_lags(const struct router *router, struct answer *answer)
{
    for (size_t i = 0; i < answer->services.n_replicas; i++) {
        struct shown_replica *shown = &answer->replicas[i];
        for (size_t k = 0; k < shown->replica.n_lags; k++) {
            uint64_t head = head_of(router, shown->lags[k].stream);
            shown->lags[k].behind = head > shown->lags[k].behind ? head - shown->lags[k].behind : 0;
        }
    }
}

enum status
router_pack_services(struct router *router, zmq_msg_t *ret_body)
{
    struct answer answer;
    struct metrics *metrics = router->metrics;
    broker__services__init(&answer.services);
    take_lanes(router->lanes, &answer);
    take_workers(router, &answer);
    turn_positions_into_lags(router, &answer);
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
