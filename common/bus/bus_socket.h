// Sockets with every option set, before they connect. Private to the bus library.
#pragma once

#include <stdint.h>

#include "vekha/bus/bus.h"

enum {
    BUS_EVENT_QUEUE = 2000, // messages a publisher or subscriber holds before it drops
    ROUTING_ID_BYTES = 17,
};

// Not connected. NULL without memory or file descriptors.
void *bus_socket_new(const struct bus_settings *settings, int socket_type);
