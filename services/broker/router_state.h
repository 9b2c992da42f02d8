// What router.c, router_acts.c and router_send.c share. Private to them.
#pragma once

#include <zmq.h>

#include "acl.h"
#include "router.h"
#include "vekha/bus/header.h"

enum { FRAME_ID, FRAME_HEADER, FRAME_BODY, FRAME_COUNT };

// The frames of a request while it is queued, by its number in lanes.
struct payload {
    zmq_msg_t header, body;
};

// What a worker has told of its process.
struct presence {
    char process[BUS_PROCESS_CHARS + 1];
    uint64_t head; // of its service's stream
    size_t position_count;
    struct {
        char stream[LANE_NAME_CHARS + 1];
        uint64_t applied;
    } positions[BUS_STREAMS_MAX];
};

// At most so many lines about refusals per second: a valid key must not be able to fill the disk.
struct log_limit {
    int64_t second_ms;
    unsigned written, swallowed;
};

struct router {
    void *socket, *monitor;
    struct lanes *lanes;
    struct payload *payloads;   // REQUESTS_MAX
    struct presence *presences; // WORKERS_MAX
    struct certificates certificates;
    struct acl acl;
    struct metrics *metrics;
    struct cpu_choice *cpu;
    struct log_limit log_limit;
    int64_t now_ms, ticked_ms, probe_until_ms;
    int tick_ms;      // how long the loop waits for a message
    int64_t close_ms; // when to end at the latest; 0: not closing
    struct bus_header_memory header_memory;
};

// One message in hand.
struct incoming {
    zmq_msg_t *frames; // FRAME_COUNT
    struct routing_id from;
    uint16_t certificate;
    const char *name; // of the certificate
    const Bus__Header *header;
};

// -- router_acts.c
void router_take(struct router *router, zmq_msg_t frames[FRAME_COUNT]);

// -- router_send.c
// A header without a body to one peer.
enum status router_send_act(struct router *router, const struct routing_id *to, Bus__Act act, enum status status);
// The broker's own answer to a request.
void router_answer(struct router *router, const struct routing_id *client, uint64_t message_id, enum status status,
                   bool is_unserved);
// The answer to broker.GetServices.
void router_answer_services(struct router *router, const struct routing_id *client, uint64_t message_id);
// A worker's answer to the client; takes the body out of the frame.
void router_pass_reply(struct router *router, uint32_t request, const struct incoming *reply);
// Sends queued requests of a lane while its workers have credit.
void router_dispatch(struct router *router, uint32_t lane);
// Answers everything that lanes have given up.
void router_answer_failed(struct router *router);

// -- router_services.c
void router_note_presence(struct router *router, uint32_t worker, const Bus__Header *header);
MUST_CHECK enum status router_pack_services(struct router *router, zmq_msg_t *ret_body);
