// One TCP connection: how long its next head may take, and whether its client has hung up.
#pragma once

#include "gateway.h"

struct peer {
    struct gateway *gateway;
    struct exchange *exchange; // under way; NULL: between two
    int socket;
    struct timer head, hang_up;
    // When last looked at after the client had hung up.
    size_t body_bytes; // of the exchange
    bool was_idle;
};

// What notices hang-ups; false: the system gives no descriptor.
bool peers_open(struct gateway *gateway);
void peers_close(struct gateway *gateway);
// Without memory NULL: then the library's own limits must do.
struct peer *peer_new(struct gateway *gateway, int socket, int64_t head_ms);
// Before its socket is closed. May be NULL.
void peer_free(struct peer *peer);
void peer_head_is_there(struct peer *peer);
// The exchange is over.
void peer_await_head(struct peer *peer, int64_t head_ms);
// Lets go of the clients that have hung up.
void peers_take_hang_ups(struct gateway *gateway);
