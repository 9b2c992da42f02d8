// A schedule that a section waited for has its day (S3.14).
#include "store.h"

static enum status
on_schedule_set(struct call *call, const Events__ScheduleSet *event)
{
    return store_schedule(call, event);
}

EVENT_HANDLER(on_schedule_set, "submissions", Events__ScheduleSet, events__schedule_set__descriptor)
