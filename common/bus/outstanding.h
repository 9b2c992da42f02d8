// A client's questions without an answer yet: which are where, and what becomes of each. No sockets, no clock of its
// own. Private to the bus library.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <zmq.h>

#include "vekha/bus/client.h"

enum question_state {
    QUESTION_FREE,
    QUESTION_WAITING, // to be sent at resend_ms
    QUESTION_SENT,
};

enum { NO_BROKER = BUS_MAX_BROKERS };

struct question {
    uint64_t id; // message_id on the wire
    enum question_state state;
    size_t broker; // sent to last, or NO_BROKER
    uint32_t attempt;
    int64_t deadline_ms, resend_ms;
    // What to answer when the time is over while it waits.
    enum status if_too_late;
    uint8_t *header; // packed, without budget and attempt
    size_t header_size;
    zmq_msg_t body; // shared with what is being sent
    bus_reply_function *on_reply;
    void *context;
    uint32_t next_free;
};

struct outstanding {
    struct question *questions;
    uint32_t capacity, used; // questions beyond `used` were never touched
    uint32_t first_free;
    unsigned count;
    uint64_t next_number;
    unsigned sent_to[BUS_MAX_BROKERS];
};

// False without memory.
bool outstanding_init(struct outstanding *outstanding, unsigned capacity);
void outstanding_done(struct outstanding *outstanding);

// NULL when full. The caller fills everything but id, state (WAITING, at once) and broker.
struct question *outstanding_take(struct outstanding *outstanding);
// NULL when it has been answered, or was never asked here.
struct question *outstanding_find(struct outstanding *outstanding, uint64_t id);
void outstanding_give_back(struct outstanding *outstanding, struct question *question);

void question_sent(struct outstanding *outstanding, struct question *question, size_t broker);
// Back to waiting, until now + delay.
void question_wait(struct outstanding *outstanding, struct question *question, int64_t resend_ms,
                   enum status if_too_late);
// Longer each time, 20 to 200 ms.
int64_t question_pause_ms(const struct question *question);
