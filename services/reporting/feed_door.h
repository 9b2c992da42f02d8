// The feed's door for regional dashboards: a CURVE-protected ZeroMQ ROUTER that answers Asks (proto/feed.proto).
//
// Why questions and answers and not PUB and SUB: a subscriber of some territory cannot see a gap, as numbers of others
// are missing anyway; what comes before its subscription is lost to it; a topic is no right, and libzmq 4.3.4 takes no
// subscription back from a connection that stands. Here rights are looked at with every answer, every answer says up to
// where nothing is missing, and a subscriber is sent nothing that it has not asked for: so none can be slow, the
// answers gather by themselves what happened meanwhile, and reading old events is the same question with a smaller
// number.
#pragma once

#include "vekha/service/service.h"

// Binds the door if there is one.
MUST_CHECK enum status feed_open(const struct config *config);
void feed_close(void);
// One turn, without end as long as there is a door.
enum status job_serve_feed(struct call *call, bool *ret_again);
// For the administrator: Z85, "" without a door.
const char *feed_server_key(void);
// "tcp://host:port" of every replica; NULL without memory.
const char *const *feed_addresses(struct call *call, size_t *ret_count);
