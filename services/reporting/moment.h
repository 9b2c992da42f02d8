// When an event happened that does not say it itself.
#pragma once

#include "vekha/base/time.h"
#include "vekha/service/service.h"

// NULL over the arena's limit.
static inline const char *
event_moment(struct call *call)
{
    enum { MOMENT_BYTES = 25 };
    char *moment = arena_take(call->arena, MOMENT_BYTES);
    if (moment)
        time_format_utc(call->event->occurred_at_ms, moment);
    return moment;
}
