// A due date: the coordinators of the municipalities will hear of who missed it.
#include "plan.h"

static enum status
on_round_opened(struct call *call, const Events__RoundOpened *event)
{
    struct timer_plan plan;
    enum status status = plan_timers(call, &plan);
    return status == STATUS_OK ? store_round(call, event, &plan) : status;
}

EVENT_HANDLER(on_round_opened, "submissions", Events__RoundOpened, events__round_opened__descriptor)
