// When timers are planned, as the configuration has it.
#include "plan.h"

#include "vekha/base/time.h"

enum status
plan_timers(struct call *call, struct timer_plan *ret_plan)
{
    char *since = arena_take(call->arena, 25);
    if (!since)
        return STATUS_TOO_LARGE;
    time_format_utc(call->event->occurred_at_ms, since);
    *ret_plan = (struct timer_plan){.hour = config_number(call->config, "reminder_hour"), .since = since};
    return STATUS_OK;
}
