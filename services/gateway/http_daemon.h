// libmicrohttpd in the gateway's own loop: connections, their first line, their pieces, their end.
#pragma once

#include "gateway.h"

struct http_settings {
    const char *listen; // "127.0.0.1:8080"
    unsigned max_connections;
};

// INVALID: listen does not parse. BUSY: the port is taken.
MUST_CHECK enum status http_daemon_open(struct gateway *gateway, const struct http_settings *settings);
// Takes no new connections; those that are open go on.
void http_daemon_quiesce(struct gateway *gateway);
// Cuts what is still open.
void http_daemon_close(struct gateway *gateway);
