// A due date moved, or the round was closed: timers follow.
#include "plan.h"

static enum status
on_round_changed(struct call *call, const Events__RoundChanged *event)
{
    struct timer_plan plan;
    enum status status = plan_timers(call, &plan);
    return status == STATUS_OK ? store_round_change(call, event, &plan) : status;
}

EVENT_HANDLER(on_round_changed, "submissions", Events__RoundChanged, events__round_changed__descriptor)
