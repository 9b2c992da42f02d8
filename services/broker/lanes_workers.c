// Workers: by routing id, their lane, their credit, their end.
#include <string.h>

#include "lanes_state.h"

// FNV-1a; ids are random, so no one can aim at a bucket for long.
static uint32_t
bucket_of(const struct routing_id *id)
{
    uint32_t hash = 2166136261U;
    for (size_t i = 0; i < id->size; i++)
        hash = (hash ^ id->bytes[i]) * 16777619U;
    return hash % HASH_SIZE;
}

static bool
same_id(const struct routing_id *a, const struct routing_id *b)
{
    return a->size == b->size && memcmp(a->bytes, b->bytes, a->size) == 0;
}

static uint32_t
find_by_id(const struct lanes *lanes, const struct routing_id *id)
{
    uint32_t number = lanes->buckets[bucket_of(id)];
    while (number != NOTHING && !same_id(&lanes->workers[number].id, id))
        number = lanes->workers[number].next_of_hash;
    return number;
}

uint32_t
lanes_worker_find(const struct lanes *lanes, const struct routing_id *id, uint16_t certificate)
{
    uint32_t number = find_by_id(lanes, id);
    return number != NOTHING && lanes->workers[number].certificate == certificate ? number : NOTHING;
}

const struct worker *
lanes_worker_at(const struct lanes *lanes, uint32_t worker)
{
    return &lanes->workers[worker];
}

static uint32_t
take_worker(struct lanes *lanes)
{
    for (uint32_t i = 0; i < lanes->workers_used; i++)
        if (!lanes->workers[i].is_used)
            return i;
    return lanes->workers_used < WORKERS_MAX ? lanes->workers_used++ : NOTHING;
}

// The queue's requests now live by other limits: look at once.
static void
count_live(struct lane *lane, int change, int64_t now_ms)
{
    lane->workers_live = (unsigned)((int)lane->workers_live + change);
    lane->next_look_ms = now_ms;
    if (lane->workers_live == 0)
        lane->deserted_ms = now_ms;
}

uint32_t
lanes_worker_ready(struct lanes *lanes, const struct routing_id *id, uint16_t certificate, uint32_t lane,
                   uint32_t credit, int64_t now_ms)
{
    uint32_t number = find_by_id(lanes, id);
    if (number != NOTHING && (lanes->workers[number].certificate != certificate || lanes->workers[number].lane != lane))
        return NOTHING;
    if (number == NOTHING) {
        number = take_worker(lanes);
        if (number == NOTHING)
            return NOTHING;
        struct worker *worker = &lanes->workers[number];
        uint32_t *bucket = &lanes->buckets[bucket_of(id)];
        *worker = (struct worker){.is_used = true, .id = *id, .certificate = certificate, .lane = lane};
        request_list_init(&worker->in_flight);
        worker->next_of_hash = *bucket;
        *bucket = number;
        worker->next_of_lane = lanes->lanes[lane].first_worker;
        lanes->lanes[lane].first_worker = number;
        count_live(&lanes->lanes[lane], 1, now_ms);
    } else if (lanes->workers[number].is_draining) {
        lanes->workers[number].is_draining = false;
        count_live(&lanes->lanes[lane], 1, now_ms);
    }
    lanes->workers[number].credit = credit < MAX_WORKER_CREDIT ? credit : MAX_WORKER_CREDIT;
    lanes->workers[number].heard_ms = now_ms;
    lanes->workers[number].silence_ms = WORKER_SILENCE_MS;
    return number;
}

void
lanes_worker_allow_silence(struct lanes *lanes, uint32_t worker, uint32_t silence_ms)
{
    if (silence_ms > WORKER_SILENCE_MS)
        lanes->workers[worker].silence_ms = silence_ms < WORKER_SILENCE_MAX_MS ? silence_ms : WORKER_SILENCE_MAX_MS;
}

void
lanes_worker_heard(struct lanes *lanes, uint32_t worker, int64_t now_ms)
{
    lanes->workers[worker].heard_ms = now_ms;
}

void
lanes_worker_drain(struct lanes *lanes, uint32_t number, int64_t now_ms)
{
    struct worker *worker = &lanes->workers[number];
    if (worker->is_draining)
        return;
    worker->is_draining = true;
    count_live(&lanes->lanes[worker->lane], -1, now_ms);
}

static void
unlink_worker(struct lanes *lanes, uint32_t number)
{
    struct worker *worker = &lanes->workers[number];
    uint32_t *link = &lanes->lanes[worker->lane].first_worker;
    while (*link != number)
        link = &lanes->workers[*link].next_of_lane;
    *link = worker->next_of_lane;
    link = &lanes->buckets[bucket_of(&worker->id)];
    while (*link != number)
        link = &lanes->workers[*link].next_of_hash;
    *link = worker->next_of_hash;
}

void
lanes_worker_gone(struct lanes *lanes, uint32_t number, int64_t now_ms)
{
    struct worker *worker = &lanes->workers[number];
    if (!worker->is_used)
        return;
    lanes_worker_drain(lanes, number, now_ms);
    while (worker->in_flight.first != NOTHING)
        lanes_give_up(lanes, worker->in_flight.first, STATUS_UNKNOWN_OUTCOME, false);
    unlink_worker(lanes, number);
    worker->is_used = false;
}
