// Which sessions have been ended: asked from auth at start, kept by its events, asked again after a gap.
// Until auth has answered once nobody is let in.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "envelope.pb-c.h"
#include "revoked_set.h"
#include "timers.h"

struct gateway;

struct sessions {
    struct gateway *gateway;
    struct revoked_set revoked;
    struct timer timer; // asks again
    uint64_t bus_handle;
    uint64_t last_number; // of auth's stream
    bool is_loaded, must_reload;
};

void sessions_start(struct sessions *sessions, struct gateway *gateway);
void sessions_stop(struct sessions *sessions);
// A batch of auth's stream.
void sessions_take_batch(struct sessions *sessions, const Bus__EventBatch *batch);
