// Requests and replies: one ROUTER, one thread.
#pragma once

#include "certificates.h"
#include "cpu.h"
#include "lanes.h"
#include "metrics.h"
#include "server_socket.h"
#include "vekha/base/status.h"

struct router;

struct router_settings {
    const char *keys_folder;
    const struct curve_key_pair *keys;
    const struct listen_address *address;
    unsigned queue_limit;
    struct cpu_choice *cpu; // reviewed by router_run()
    struct metrics *metrics;
};

// BUSY when the port is taken or there is no memory; NOT_FOUND when the keys cannot be read.
MUST_CHECK enum status router_new(const struct router_settings *settings, struct router **ret_router);
void router_free(struct router **router);
// Until signal_fd becomes readable. Then everything queued is answered BUSY, what is in flight gets half a second.
void router_run(struct router *router, int signal_fd);
