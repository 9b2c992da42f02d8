// Events: from XSUB to XPUB, each checked against its sender's name. A thread of its own.
#pragma once

#include "metrics.h"
#include "server_socket.h"
#include "vekha/base/status.h"

struct events_proxy;

MUST_CHECK enum status events_proxy_start(const char *keys_folder, const struct curve_key_pair *keys,
                                          const struct listen_address *address, int stop_fd, struct metrics *metrics,
                                          struct events_proxy **ret_proxy);
void events_proxy_join(struct events_proxy **proxy);
