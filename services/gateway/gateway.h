// The gateway's own state: one thread, one loop, everything that exchanges share.
#pragma once

#include <microhttpd.h>
#include <stdbool.h>
#include <stdint.h>

#include "event_hub.h"
#include "kept_answers.h"
#include "metrics.h"
#include "principals.h"
#include "router.h"
#include "sessions.h"
#include "static_files.h"
#include "timers.h"
#include "vekha/base/config.h"
#include "vekha/base/text.h"
#include "vekha/bus/client.h"
#include "vekha/bus/events.h"

struct exchange;

// tag_checks.c: exchanges that wait to be asked about, and questions under way.
struct tag_checks {
    struct exchange *first, *last;
    struct tag_batch *under_way;
};

struct gateway {
    struct bus_settings settings;
    struct bus_client *client;
    struct bus_subscriber *subscriber;
    struct MHD_Daemon *daemon;
    int epoll_fd;
    int hang_ups_fd; // readable when a client has hung up
    struct timers timers;
    struct router *router;
    struct principals *principals;
    struct sessions sessions;
    struct event_hub hub;
    struct static_files *files;
    struct metrics *metrics;
    struct kept_answers *kept_answers; // NULL: none are kept
    struct tag_checks tag_checks;
    struct buffer scratch; // of the answer being written
    struct arena memory;   // of the event batch being read
    struct exchange *idle; // finished exchanges kept for the next ones
    unsigned idle_count;
    struct exchange *under_way;
    unsigned running;     // how many are under way
    unsigned compressing; // answers that travel compressed
    bool is_stopping;
    int64_t next_look_ms; // the subscriber looks after its connections then
    // Configuration.
    const char *public_origin; // "" : the Host header counts
    bool trusts_forwarded_for;
    bool is_https;
    bool is_clock_moved;
    char openapi_tag[67];
};

// Runs until SIGTERM; returns the process's exit code.
int gateway_run(int argc, char **argv);
