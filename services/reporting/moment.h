// When an event happened that does not say it itself, and its number.
#pragma once

#include "vekha/base/time.h"
#include "vekha/service/service.h"

// With which event of its stream a row comes: slices name the last one they saw.
static inline int64_t
event_number(const struct call *call)
{
    return call->event ? (int64_t)call->event->number : 0;
}

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
