// Lanes: finding them, and what the passing of time does to their queues and workers.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lanes_state.h"

enum { SWEEP_MS = 1000 };

struct lanes *
lanes_new(unsigned queue_limit, int64_t now_ms)
{
    struct lanes *lanes = calloc(1, sizeof *lanes);
    if (lanes == NULL)
        return NULL;
    // calloc: pages nobody needs are never touched.
    lanes->requests = calloc(REQUESTS_MAX, sizeof *lanes->requests);
    if (lanes->requests == NULL) {
        free(lanes);
        return NULL;
    }
    lanes->queue_limit = queue_limit;
    lanes->first_free = NOTHING;
    lanes->now_ms = now_ms;
    lanes->next_ticket = 1;
    memset(lanes->buckets, 0xff, sizeof lanes->buckets);
    request_list_init(&lanes->failed);
    return lanes;
}

void
lanes_free(struct lanes **lanes)
{
    if (*lanes == NULL)
        return;
    free((*lanes)->requests);
    free(*lanes);
    *lanes = NULL;
}

uint32_t
lanes_find(struct lanes *lanes, const char *name)
{
    for (uint32_t i = 0; i < lanes->lane_count; i++)
        if (strcmp(lanes->lanes[i].name, name) == 0)
            return i;
    size_t size = strlen(name);
    if (lanes->lane_count == LANES_MAX || size == 0 || size > LANE_NAME_CHARS)
        return NOTHING;
    struct lane *lane = &lanes->lanes[lanes->lane_count];
    memcpy(lane->name, name, size + 1);
    request_list_init(&lane->queue);
    lane->first_worker = NOTHING;
    lane->deserted_ms = lanes->now_ms;
    return (uint32_t)lanes->lane_count++;
}

size_t
lanes_count(const struct lanes *lanes)
{
    return lanes->lane_count;
}

const struct lane *
lanes_at(const struct lanes *lanes, uint32_t lane)
{
    return &lanes->lanes[lane];
}

uint32_t
lanes_in_flight(const struct lanes *lanes)
{
    return lanes->in_flight;
}

bool
lanes_are_idle(const struct lanes *lanes)
{
    bool is_idle = lanes->in_flight == 0 && lanes->failed.count == 0;
    for (size_t i = 0; i < lanes->lane_count && is_idle; i++)
        is_idle = lanes->lanes[i].queue.count == 0;
    return is_idle;
}

// Until when a queued request may stay, as things are; *ret_unserved: because nobody serves the lane.
static int64_t
give_up_ms(const struct lane *lane, const struct request *request, bool *ret_unserved)
{
    *ret_unserved = false;
    if (lane->workers_live > 0)
        return request->deadline_ms;
    int64_t since_ms = lane->deserted_ms > request->arrived_ms ? lane->deserted_ms : request->arrived_ms;
    *ret_unserved = since_ms + UNSERVED_WAIT_MS <= request->deadline_ms;
    return *ret_unserved ? since_ms + UNSERVED_WAIT_MS : request->deadline_ms;
}

static void
sweep_queue(struct lanes *lanes, struct lane *lane, int64_t now_ms)
{
    int64_t next_ms = INT64_MAX;
    for (uint32_t i = lane->queue.first; i != NOTHING;) {
        uint32_t next = lanes->requests[i].next;
        bool is_unserved = false;
        int64_t end_ms = give_up_ms(lane, &lanes->requests[i], &is_unserved);
        if (end_ms <= now_ms)
            lanes_give_up(lanes, i, is_unserved ? STATUS_BUSY : STATUS_TIMEOUT, is_unserved);
        else if (end_ms < next_ms)
            next_ms = end_ms;
        i = next;
    }
    lane->next_look_ms = next_ms;
}

static void
sweep_worker(struct lanes *lanes, uint32_t number, int64_t now_ms)
{
    struct worker *worker = &lanes->workers[number];
    if (!worker->is_used)
        return;
    if (now_ms - worker->heard_ms >= worker->silence_ms) {
        lanes_worker_gone(lanes, number, now_ms);
        return;
    }
    for (uint32_t i = worker->in_flight.first; i != NOTHING;) {
        uint32_t next = lanes->requests[i].next;
        if (now_ms - lanes->requests[i].deadline_ms >= ABANDONED_MS)
            lanes_give_up(lanes, i, STATUS_UNKNOWN_OUTCOME, false);
        i = next;
    }
}

void
lanes_tick(struct lanes *lanes, int64_t now_ms)
{
    lanes->now_ms = now_ms;
    for (uint32_t i = 0; i < lanes->workers_used; i++)
        if (lanes->workers[i].is_used && now_ms - lanes->workers[i].heard_ms >= lanes->workers[i].silence_ms)
            sweep_worker(lanes, i, now_ms);
    for (size_t i = 0; i < lanes->lane_count; i++)
        if (lanes->lanes[i].queue.count > 0 && now_ms >= lanes->lanes[i].next_look_ms)
            sweep_queue(lanes, &lanes->lanes[i], now_ms);
    if (now_ms < lanes->next_sweep_ms)
        return;
    lanes->next_sweep_ms = now_ms + SWEEP_MS;
    for (uint32_t i = 0; i < lanes->workers_used; i++)
        sweep_worker(lanes, i, now_ms);
}

void
lanes_forgive(struct lanes *lanes, int64_t now_ms)
{
    for (uint32_t i = 0; i < lanes->workers_used; i++)
        lanes->workers[i].heard_ms = now_ms;
}

void
lanes_close(struct lanes *lanes)
{
    lanes->is_closed = true;
    for (size_t i = 0; i < lanes->lane_count; i++)
        while (lanes->lanes[i].queue.first != NOTHING)
            lanes_give_up(lanes, lanes->lanes[i].queue.first, STATUS_BUSY, true);
}
