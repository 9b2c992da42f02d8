// The administrator has changed the production calendar: into the audit.
#include "handlers.h"
#include "store.h"
#include "vekha/base/time.h"

static enum status
on_calendar_day_changed(struct call *call, const Events__CalendarDayChanged *event)
{
    char at[25];
    time_format_utc(call->event->occurred_at_ms, at);
    const char *detail =
        arena_format(call->arena, "%s: %s -> %s %s", event->day, event->previous_kind, event->kind, event->note);
    if (!detail)
        return STATUS_TOO_LARGE;
    return audit(call, AUDIT_CALENDAR_DAY_CHANGED,
                 (struct audit_object){.actor_account_id = call->event->actor_account_id,
                                       .detail = detail,
                                       .client_address = event->client_address,
                                       .at = at});
}

EVENT_HANDLER(on_calendar_day_changed, "deadlines", Events__CalendarDayChanged,
              events__calendar_day_changed__descriptor)
