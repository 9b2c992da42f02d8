// The production calendar, its changes, and what follows from them.
#pragma once

#include "store.h"

// Row working_days, first_year, last_year.
MUST_CHECK enum status store_get_calendar(struct call *call, uint32_t year, struct db_rows *ret_rows);
MUST_CHECK enum status store_list_days(struct call *call, uint32_t year, struct db_rows *ret_rows);
// A single row: a list of days.
MUST_CHECK enum status store_list_days_off(struct call *call, uint32_t year, struct db_rows *ret_rows);
MUST_CHECK enum status store_list_changes(struct call *call, uint32_t year, struct db_rows *ret_rows);
// Territories with a zone of their own.
MUST_CHECK enum status store_list_zones(struct call *call, struct db_rows *ret_rows);
// One change at a time. *ret_kind: what the day is now; NULL: the calendar does not have it.
MUST_CHECK enum status store_hold_day(struct call *call, const char *day, const char **ret_kind);
// The day as it is now, in ret_rows.
MUST_CHECK enum status store_day(struct call *call, const Deadlines__SaveCalendarDayRequest *request,
                                 const char *previous_kind, struct db_rows *ret_rows);
// *ret_since: the earliest change that has not been planned for, which is planned for now; NULL: none.
MUST_CHECK enum status store_take_changes(struct call *call, const char **ret_since);
// When those who judge late are told, by the calendar as it is.
MUST_CHECK enum status store_plan_steps_again(struct call *call, int64_t hour);
