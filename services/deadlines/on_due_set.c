// A date of an organisation's own was set or moved: its reminders follow (S1.13).
#include "handlers.h"
#include "plan.h"

static enum status
on_due_set(struct call *call, const Events__DueSet *event)
{
    struct timer_plan plan;
    enum status status = plan_timers(call, &plan);
    return status == STATUS_OK ? store_due(call, event, &plan) : status;
}

EVENT_HANDLER(on_due_set, "submissions", Events__DueSet, events__due_set__descriptor)
