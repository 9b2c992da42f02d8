// Statements on plans: chosen sections, planned dates, schedules (store_plan.c).
#pragma once

#include "store.h"

// A date that is set, or moved from previous_on ("": there was none).
struct plan_change {
    const char *round_id, *section_code;
    const char *planned_on, *previous_on, *reason;
};

// The caller's sections of an open round, or one of them: a row as PlannedSection, with the round's days and today's.
MUST_CHECK enum status store_list_plan(struct call *call, const char *round_id, const char *section_code,
                                       struct db_rows *ret_rows);
// Items whose date is set for each by itself: a row as PlannedItem, with section_code.
MUST_CHECK enum status store_list_dated(struct call *call, const char *round_id, const char *section_code,
                                        struct db_rows *ret_rows);
// By section, newest first: a row as PlanChange, with section_code and assignment_id.
MUST_CHECK enum status store_list_plan_changes(struct call *call, const char *round_id, const char *section_code,
                                               struct db_rows *ret_rows);
// *ret_done false: it was so already, or has a date.
MUST_CHECK enum status store_choose_section(struct call *call, const char *round_id, const char *section_code,
                                            bool drop, bool *ret_done);
// One row for assign_tell(), with moved_ids and moved_due_at; none when the date moved meanwhile.
MUST_CHECK enum status store_plan_section(struct call *call, const struct plan_change *change,
                                          struct db_rows *ret_rows);
// A chosen section that needs no date is asked at once: at most one row for assign_tell().
MUST_CHECK enum status store_ask_section(struct call *call, const char *round_id, const char *section_code,
                                         struct db_rows *ret_rows);
// Locked. No row: not this organisation's.
MUST_CHECK enum status store_find_dated(struct call *call, const char *assignment_id, struct db_rows *ret_rows);
// One row: due_at, moves.
MUST_CHECK enum status store_plan_assignment(struct call *call, const char *assignment_id,
                                             const struct plan_change *change, struct db_rows *ret_rows);
// Locked: due_kind, scheduled_on, latest_on, round_open. No row: not of the caller's territory.
MUST_CHECK enum status store_find_schedule(struct call *call, const char *round_id, const char *section_code,
                                           struct db_rows *ret_rows);
// A row per organisation: organisation_id, organisation_path, due_at, assignment_ids[].
MUST_CHECK enum status store_set_schedule(struct call *call, const struct plan_change *change,
                                          struct db_rows *ret_rows);
