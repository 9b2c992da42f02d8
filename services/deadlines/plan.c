// When timers fire, as the configuration has it.
#include "plan.h"

#include "vekha/base/time.h"

bool
plan_is_possible(const struct config *config)
{
    int offsets[REMINDER_DAYS_MAX + 2];
    int64_t hour = config_number(config, "reminder_hour");
    return rules_timer_offsets(config_text(config, "reminder_days"), offsets) > 0 && hour >= 0 && hour <= 23;
}

enum status
plan_timers(struct call *call, struct timer_plan *ret_plan)
{
    int offsets[REMINDER_DAYS_MAX + 2];
    char *texts[REMINDER_DAYS_MAX + 2];
    size_t count = rules_timer_offsets(config_text(call->config, "reminder_days"), offsets);
    for (size_t i = 0; i < count; i++)
        if (!(texts[i] = arena_format(call->arena, "%d", offsets[i])))
            return STATUS_TOO_LARGE;
    char *since = arena_take(call->arena, 25);
    if (!since)
        return STATUS_TOO_LARGE;
    time_format_utc(call->event->occurred_at_ms, since);
    *ret_plan = (struct timer_plan){
        .offsets = db_text_array(call->arena, texts, count),
        .hour = config_number(call->config, "reminder_hour"),
        .since = since,
    };
    return ret_plan->offsets ? STATUS_OK : STATUS_TOO_LARGE;
}
