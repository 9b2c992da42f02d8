// When a section or an item is due within a round: the kinds of B24. No I/O.
#pragma once

#include <stddef.h>

#include "day.h"

enum due_kind {
    DUE_ROUND,       // the round's own day
    DUE_BY_EXECUTOR, // the organisation sets it (S1.12)
    DUE_EXACT,
    DUE_NOT_LATER,
    DUE_BY_SCHEDULE,   // its owner names it later (S3.14)
    DUE_RELATIVE_YEAR, // «25 августа X - 1 года» (B19)
    DUE_RECURRING,
    DUE_QUARTER,
    DUE_PERIOD,
    DUE_KIND_COUNT
};
// "" is the round's. DUE_KIND_COUNT for a name that is none.
enum due_kind rules_due_kind_named(const char *name);
// The organisation or the owner of a schedule has to name the day first.
bool rules_due_is_open(enum due_kind kind);

// As the file has it; "" and 0 for what is not said.
struct due {
    const char *kind;
    const char *on, *from, *until; // dates
    const char *owner;
    const char *every; // month, quarter, year
    unsigned month, day, quarter;
    int year_offset;
};

enum due_problem {
    DUE_GOOD,
    DUE_UNKNOWN_KIND,
    DUE_ON_MISSING,
    DUE_FROM_MISSING, // or later than `on`
    DUE_OWNER_MISSING,
    DUE_DAY_WRONG, // month and day are no day of the year
    DUE_QUARTER_WRONG,
    DUE_EVERY_UNKNOWN,
};
enum due_problem rules_check_due(const struct due *due);

// A monthly date over five years.
enum { DUE_DAYS_MAX = 60 };
// The days on which it is due in a round from opens_on to closed_until, the year of which is that of due_on: one,
// several of a recurring date, or none when the day is the round's or still open. A day beyond the end of a month is
// the month's last. Returns their number.
size_t rules_due_days(const struct due *due, const char *opens_on, const char *due_on, const char *closed_until,
                      char ret_days[DUE_DAYS_MAX][DATE_BYTES]);

// What becomes of a due date that falls on a day off (ГК РФ, статья 193, is next_working_day).
enum day_off_rule { DAY_OFF_KEEP, DAY_OFF_NEXT, DAY_OFF_PREVIOUS, DAY_OFF_RULE_COUNT };
// "" is keep. DAY_OFF_RULE_COUNT for a name that is none.
enum day_off_rule rules_day_off_named(const char *name);
// days_off: the days that are not worked, in order, with a blank between: "2020-11-04 2020-11-07". What lies beyond
// them is taken for working days. Within a round from opens_on to closed_until a day does not leave it: it stays then.
// True when the day has moved.
bool rules_move_due(char day[DATE_BYTES], enum day_off_rule rule, const char *days_off, const char *opens_on,
                    const char *closed_until);

enum plan_problem {
    PLAN_GOOD,
    PLAN_IN_THE_PAST,
    PLAN_AFTER_THE_ROUND,
    PLAN_STALE, // the date moved meanwhile
    PLAN_UNCHANGED,
    PLAN_NO_REASON,
};
// A planned date, set for the first time (current "") or moved (S1.12, S1.13). Days are those of the region's zone.
enum plan_problem rules_check_plan(const char *planned_on, const char *expected, const char *current,
                                   const char *reason, const char *today, const char *latest_on);
