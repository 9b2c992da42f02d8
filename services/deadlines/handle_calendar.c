// The production calendar: read, and changed by the administrator.
#include <string.h>

#include "deadlines_rpc.h"
#include "store_calendar.h"

static const struct message UNKNOWN_KIND = {"unknown_kind", "День: working, shortened, day_off или holiday.",
                                            "A day is working, shortened, day_off or holiday."};
static const struct message UNKNOWN_DAY = {"not_found", "Такого дня в календаре нет.",
                                           "The calendar does not have this day."};

static const struct message UNKNOWN_YEAR = {"not_found", "Такого года в календаре нет: известны годы с %s по %s.",
                                            "The calendar does not have this year: it knows %s to %s."};

enum status
handle_get_calendar(struct call *call, const Deadlines__GetCalendarRequest *request, Deadlines__Calendar *reply)
{
    struct db_rows rows;
    enum status status = store_get_calendar(call, request->year, &rows);
    if (status == STATUS_OK)
        fill_message(&reply->base, &rows, 0, call->arena);
    if (status == STATUS_OK)
        status = store_list_days(call, request->year, &rows);
    if (status == STATUS_OK)
        status = fill_list(call, &rows, &deadlines__calendar_day__descriptor, &reply->n_days, &reply->days);
    if (status == STATUS_OK)
        status = store_list_changes(call, request->year, &rows);
    if (status == STATUS_OK)
        status = fill_list(call, &rows, &deadlines__calendar_change__descriptor, &reply->n_changes, &reply->changes);
    if (status == STATUS_OK)
        status = store_list_zones(call, &rows);
    if (status == STATUS_OK)
        status = fill_list(call, &rows, &deadlines__territory_zone__descriptor, &reply->n_zones, &reply->zones);
    reply->year = request->year;
    if (status != STATUS_OK || reply->n_days > 0)
        return status;
    const char *first = arena_format(call->arena, "%u", reply->first_year);
    const char *last = arena_format(call->arena, "%u", reply->last_year);
    return first && last ? fail_with(call, STATUS_NOT_FOUND, &UNKNOWN_YEAR, first, last) : STATUS_TOO_LARGE;
}

enum status
handle_list_days_off(struct call *call, const Deadlines__ListDaysOffRequest *request, Deadlines__DaysOff *reply)
{
    struct db_rows rows;
    enum status status = store_list_days_off(call, request->year, &rows);
    reply->year = request->year;
    return status == STATUS_OK ? db_text_array_at(&rows, 0, 0, call->arena, (char ***)&reply->days, &reply->n_days)
                               : status;
}

static bool
is_known_kind(const char *kind)
{
    static const char *const KINDS[] = {"working", "shortened", "day_off", "holiday"};
    for (size_t i = 0; i < sizeof KINDS / sizeof KINDS[0]; i++)
        if (strcmp(KINDS[i], kind) == 0)
            return true;
    return false;
}

enum status
handle_save_calendar_day(struct call *call, const Deadlines__SaveCalendarDayRequest *request,
                         Deadlines__CalendarDay *reply)
{
    struct db_rows rows;
    const char *previous_kind = NULL;
    if (!is_known_kind(request->kind))
        return fail_field(call, "kind", &UNKNOWN_KIND);
    enum status status = store_hold_day(call, request->day, &previous_kind);
    if (status == STATUS_OK && !previous_kind)
        return fail(call, STATUS_NOT_FOUND, &UNKNOWN_DAY);
    if (status == STATUS_OK)
        status = store_day(call, request, previous_kind, &rows);
    if (status != STATUS_OK)
        return status;
    fill_message(&reply->base, &rows, 0, call->arena);
    Events__CalendarDayChanged event = EVENTS__CALENDAR_DAY_CHANGED__INIT;
    event.day = request->day;
    event.previous_kind = previous_kind;
    event.kind = request->kind;
    event.note = request->note;
    event.client_address = call->client_address ? call->client_address : "";
    return emit(call, &event.base);
}
