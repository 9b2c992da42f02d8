// Lets in only keys of the public folder (ZeroMQ's ZAP, RFC 27). Without it CURVE accepts everybody, so when its
// thread cannot go on the process ends.
#pragma once

#include "metrics.h"
#include "vekha/base/status.h"

// Two doors: every key of the folder may ask, only services and the gateway may publish and listen.
#define ZAP_REQUESTS "vekha-requests"
#define ZAP_EVENTS "vekha-events"

struct zap;

// Must come before any bind. stop_fd: an eventfd that becomes readable when the process ends.
MUST_CHECK enum status zap_start(const char *keys_folder, int stop_fd, struct metrics *metrics, struct zap **ret_zap);
void zap_join(struct zap **zap);
