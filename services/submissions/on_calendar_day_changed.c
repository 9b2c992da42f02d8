// A day is worked or not: what opens from now on follows. Dates of rounds under way stay.
#include <string.h>

#include "handlers.h"
#include "store.h"

static enum status
on_calendar_day_changed(struct call *call, const Events__CalendarDayChanged *event)
{
    bool is_off = strcmp(event->kind, "day_off") == 0 || strcmp(event->kind, "holiday") == 0;
    return store_put_day_off(call, event->day, is_off);
}

EVENT_HANDLER(on_calendar_day_changed, "deadlines", Events__CalendarDayChanged,
              events__calendar_day_changed__descriptor)
