// Requests: into a queue, to a worker, back, or given up.
#include <string.h>

#include "lanes_state.h"

enum { REQUEST_BITS = 14 };
_Static_assert(REQUESTS_MAX == 1 << REQUEST_BITS, "a ticket holds the request's number in its low bits");

static uint32_t
take_request(struct lanes *lanes)
{
    uint32_t number = lanes->first_free;
    if (number != NOTHING)
        lanes->first_free = lanes->requests[number].next;
    else if (lanes->requests_used < REQUESTS_MAX)
        number = lanes->requests_used++;
    return number;
}

enum status
lanes_request_add(struct lanes *lanes, const struct request *request, int64_t now_ms, uint32_t *ret_request)
{
    struct lane *lane = &lanes->lanes[request->lane];
    if (request->deadline_ms <= now_ms)
        return STATUS_TIMEOUT;
    if (lanes->is_closed || lane->queue.count >= lanes->queue_limit ||
        request->size_bytes > QUEUED_BYTES_MAX - lanes->queued_bytes)
        return STATUS_BUSY;
    uint32_t number = take_request(lanes);
    if (number == NOTHING)
        return STATUS_BUSY;
    struct request *added = &lanes->requests[number];
    *added = *request;
    added->ticket = lanes->next_ticket++ << REQUEST_BITS | number;
    added->arrived_ms = now_ms;
    added->state = REQUEST_QUEUED;
    added->worker = NOTHING;
    request_list_append(lanes->requests, &lane->queue, number);
    lanes->queued_bytes += request->size_bytes;
    // Earlier than needed is harmless, later is not.
    if (lane->workers_live == 0 || request->deadline_ms < lane->next_look_ms)
        lane->next_look_ms = now_ms;
    *ret_request = number;
    return STATUS_OK;
}

struct request *
lanes_request_at(struct lanes *lanes, uint32_t request)
{
    return &lanes->requests[request];
}

static void
leave_list(struct lanes *lanes, uint32_t number)
{
    struct request *request = &lanes->requests[number];
    if (request->state == REQUEST_QUEUED) {
        request_list_remove(lanes->requests, &lanes->lanes[request->lane].queue, number);
        lanes->queued_bytes -= request->size_bytes;
    } else if (request->state == REQUEST_IN_FLIGHT) {
        request_list_remove(lanes->requests, &lanes->workers[request->worker].in_flight, number);
        lanes->in_flight--;
    } else if (request->state == REQUEST_FAILED) {
        request_list_remove(lanes->requests, &lanes->failed, number);
    }
}

static uint32_t
freest_worker(const struct lanes *lanes, const struct lane *lane)
{
    uint32_t best = NOTHING;
    uint32_t best_free = 0;
    for (uint32_t i = lane->first_worker; i != NOTHING; i = lanes->workers[i].next_of_lane) {
        const struct worker *worker = &lanes->workers[i];
        if (worker->is_draining || worker->in_flight.count >= worker->credit)
            continue;
        uint32_t unused = worker->credit - worker->in_flight.count;
        if (unused > best_free || (unused == best_free && worker->last_served < lanes->workers[best].last_served)) {
            best = i;
            best_free = unused;
        }
    }
    return best;
}

bool
lanes_assign(struct lanes *lanes, uint32_t lane, int64_t now_ms, uint32_t *ret_request)
{
    struct lane *source = &lanes->lanes[lane];
    while (source->queue.first != NOTHING && lanes->requests[source->queue.first].deadline_ms <= now_ms)
        lanes_give_up(lanes, source->queue.first, STATUS_TIMEOUT, false);
    uint32_t number = source->queue.first;
    uint32_t worker = number != NOTHING ? freest_worker(lanes, source) : NOTHING;
    if (worker == NOTHING)
        return false;
    leave_list(lanes, number);
    struct request *request = &lanes->requests[number];
    request->state = REQUEST_IN_FLIGHT;
    request->worker = worker;
    request_list_append(lanes->requests, &lanes->workers[worker].in_flight, number);
    lanes->workers[worker].last_served = ++lanes->serve_count;
    lanes->in_flight++;
    *ret_request = number;
    return true;
}

uint32_t
lanes_request_answered(const struct lanes *lanes, uint32_t worker, uint64_t ticket)
{
    uint64_t number = ticket & (REQUESTS_MAX - 1);
    if (number >= lanes->requests_used)
        return NOTHING;
    const struct request *request = &lanes->requests[number];
    bool is_its = request->state == REQUEST_IN_FLIGHT && request->ticket == ticket && request->worker == worker;
    return is_its ? (uint32_t)number : NOTHING;
}

void
lanes_give_up(struct lanes *lanes, uint32_t number, enum status status, bool is_unserved)
{
    leave_list(lanes, number);
    struct request *request = &lanes->requests[number];
    request->state = REQUEST_FAILED;
    request->failure = (uint8_t)status;
    request->is_unserved = is_unserved;
    request_list_append(lanes->requests, &lanes->failed, number);
}

void
lanes_request_fail(struct lanes *lanes, uint32_t request, enum status status, bool is_unserved)
{
    lanes_give_up(lanes, request, status, is_unserved);
}

void
lanes_request_free(struct lanes *lanes, uint32_t number)
{
    leave_list(lanes, number);
    struct request *request = &lanes->requests[number];
    request->state = REQUEST_FREE;
    request->next = lanes->first_free;
    lanes->first_free = number;
}

uint32_t
lanes_failed(const struct lanes *lanes)
{
    return lanes->failed.first;
}
