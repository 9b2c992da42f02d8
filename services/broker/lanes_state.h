// What lanes.c, lanes_workers.c and lanes_requests.c share. Private to them.
#pragma once

#include "lanes.h"
#include "request_list.h"

enum { HASH_SIZE = 1024 };

struct lanes {
    unsigned queue_limit;
    bool is_closed;
    size_t lane_count;
    struct lane lanes[LANES_MAX];
    struct worker workers[WORKERS_MAX];
    uint32_t workers_used; // beyond were never touched
    uint32_t buckets[HASH_SIZE];
    uint64_t serve_count;
    struct request *requests; // REQUESTS_MAX
    uint32_t requests_used, first_free, in_flight;
    uint64_t next_ticket;
    uint64_t queued_bytes;
    struct request_list failed;
    int64_t now_ms, next_sweep_ms;
};

// Takes it out of the list it is in and puts it into the failed ones.
void lanes_give_up(struct lanes *lanes, uint32_t request, enum status status, bool is_unserved);
