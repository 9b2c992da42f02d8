// Questions, for the words of a rejection, who is reminded of due dates, and who is told of what waits too long.
#include "plan.h"
#include "store_unanswered.h"

static enum status
remind_by_new_rules(struct call *call, const Events__ProgrammeLoaded *event)
{
    bool changed;
    struct timer_plan plan;
    enum status status = store_reminders(call, event, &changed);
    if (status != STATUS_OK || !changed)
        return status;
    status = plan_timers(call, &plan);
    return status == STATUS_OK ? store_plan_again(call, event->programme_id, &plan) : status;
}

static enum status
on_programme_loaded(struct call *call, const Events__ProgrammeLoaded *event)
{
    enum status status = store_items(call, event);
    if (status == STATUS_OK)
        status = remind_by_new_rules(call, event);
    return status == STATUS_OK ? store_answering(call, event, config_number(call->config, "reminder_hour")) : status;
}

EVENT_HANDLER(on_programme_loaded, "submissions", Events__ProgrammeLoaded, events__programme_loaded__descriptor)
