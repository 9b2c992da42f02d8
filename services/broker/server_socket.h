// Bound sockets: CURVE with our key, every peer checked, every limit set.
#pragma once

#include <stdint.h>

#include "vekha/crypto/keys.h"

// Where one broker listens.
struct listen_address {
    char host[100];
    uint16_t port; // requests; events in on +1, out on +2
};

MUST_CHECK enum status listen_address_parse(const char *text, struct listen_address *ret_address);
// NULL when it could not be bound; errno says why. port_offset: 0, 1 or 2.
void *server_socket_new(int socket_type, const struct curve_key_pair *keys, const struct listen_address *address,
                        unsigned port_offset);
