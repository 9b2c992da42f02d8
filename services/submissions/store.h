// Every statement of the service. One function is one statement; the runtime owns the transaction around it.
#pragma once

#include "events.pb-c.h"
#include "rules.h"
#include "submissions.pb-c.h"
#include "vekha/service/service.h"

// ---- organisations (from auth's events)

MUST_CHECK enum status store_put_organisation(struct call *call, const Events__OrganisationChanged *event);
// Rows of an organisation that moved in the tree follow it. *ret_moved: whether there were any.
MUST_CHECK enum status store_move_organisation(struct call *call, const char *organisation_id, const char *path);
// Rounds that are open or will be, locked against the job that opens them.
MUST_CHECK enum status store_lock_current_rounds(struct call *call, const char *path, struct db_rows *ret_rounds);
// What the open rounds ask of an organisation and did not yet: a row per round, as store_assign_slice() returns them.
MUST_CHECK enum status store_assign_organisation(struct call *call, const char *organisation_id,
                                                 struct db_rows *ret_rows);

// ---- programmes (store_programme.c)

// One row: organisation_known, zone_known, programme_id, version, in_territory.
MUST_CHECK enum status store_check_programme(struct call *call, const Submissions__LoadProgrammeRequest *file,
                                             struct db_rows *ret_rows);
// The file's items for the statements below, one text per item. NULL over the arena's limit.
const char *store_item_rows(struct call *call, const Submissions__LoadProgrammeRequest *file);
// One row: programme_id, version, added, changed, retired, differs (from the version that counts). file: packed.
MUST_CHECK enum status store_compare_programme(struct call *call, const char *code, const char *items,
                                               struct db_param file, struct db_rows *ret_rows);
// One row: programme_id, version.
MUST_CHECK enum status store_put_programme(struct call *call, const Submissions__LoadProgrammeRequest *file,
                                           struct db_rows *ret_rows);
MUST_CHECK enum status store_put_version(struct call *call, const char *programme_id, uint32_t version,
                                         const Submissions__LoadProgrammeRequest *request, struct db_param file);
MUST_CHECK enum status store_put_sections(struct call *call, const char *programme_id,
                                          const Submissions__LoadProgrammeRequest *file);
MUST_CHECK enum status store_put_items(struct call *call, const char *programme_id, const char *items);
// After store_put_items(): items are known then.
MUST_CHECK enum status store_put_forms(struct call *call, const char *programme_id, const char *items);
// Documents that the file names as forms and that were not uploaded for this programme, the first of them; "": none.
MUST_CHECK enum status store_find_missing_form(struct call *call, const Submissions__LoadProgrammeRequest *file,
                                               const char **ret_document_id);
MUST_CHECK enum status store_put_form_document(struct call *call, const Events__DocumentStored *event);
MUST_CHECK enum status store_list_versions_of(struct call *call, const char *code, struct db_rows *ret_rows);
// With `packed`, the file; version 0: the newest.
MUST_CHECK enum status store_find_version(struct call *call, const char *code, uint32_t version,
                                          struct db_rows *ret_rows);
MUST_CHECK enum status store_list_programmes(struct call *call, struct db_rows *ret_rows);
MUST_CHECK enum status store_find_programme(struct call *call, const char *code, struct db_rows *ret_rows);
MUST_CHECK enum status store_list_sections(struct call *call, const char *programme_id, struct db_rows *ret_rows);
// Items in the order of the cabinet, with section_code and codes[].
MUST_CHECK enum status store_list_items(struct call *call, const char *programme_id, struct db_rows *ret_rows);

// ---- rounds (store_round.c)

// One row: programme_id, today, unknown (codes the programme lacks), silent (codes without participants).
MUST_CHECK enum status store_check_round(struct call *call, const Submissions__CreateRoundRequest *request,
                                         struct db_rows *ret_rows);
MUST_CHECK enum status store_insert_round(struct call *call, const Submissions__CreateRoundRequest *request,
                                          const char *programme_id, const char **ret_round_id);
MUST_CHECK enum status store_find_round(struct call *call, const char *round_id, struct db_rows *ret_rows);
MUST_CHECK enum status store_list_rounds(struct call *call, const char *programme_code, struct db_rows *ret_rows);
// A row per item: section_code, item_code, by_choice, organisations; in each, opens_on, all_organisations, most_of_one.
// No row: there is no such programme.
MUST_CHECK enum status store_forecast_round(struct call *call, const char *code, const char *opens_on,
                                            struct db_rows *ret_rows);
// No row: stale or closed meanwhile.
MUST_CHECK enum status store_change_round(struct call *call, const Submissions__ChangeRoundRequest *request,
                                          struct db_rows *ret_rows);

// ---- the job that opens and closes rounds (store_job.c)

// At most one row: round_id, what (opens, assigns, ends), and the round's days.
MUST_CHECK enum status store_pick_round(struct call *call, struct db_rows *ret_rows);
// Takes the newest texts of the programme, drops what was retired. One row for RoundOpened.
MUST_CHECK enum status store_open_round(struct call *call, const char *round_id, struct db_rows *ret_rows);
// The next slice: a row per organisation with assignment_ids[], item_ids[].
MUST_CHECK enum status store_assign_slice(struct call *call, const char *round_id, int organisations,
                                          struct db_rows *ret_rows);
MUST_CHECK enum status store_is_assigned(struct call *call, const char *round_id, bool *ret_done);
// After so many rows were added: plans made while the tables were small would read all of them until autovacuum comes.
MUST_CHECK enum status store_refresh_plans(struct call *call);
MUST_CHECK enum status store_end_round(struct call *call, const char *round_id, struct db_rows *ret_rows);
// named_on: the day that due_on moved from; "": it has not.
MUST_CHECK enum status store_follow_round(struct call *call, const char *round_id, const struct round_days *days,
                                          const char *named_on, const char *name);

// ---- due dates of a round's items (store_due.c)

// A row for each item whose due is not the round's: round_item_id, section_code, is_own, the round's days, the columns
// of the due.
MUST_CHECK enum status store_list_dues(struct call *call, const char *round_id, struct db_rows *ret_rows);
// A row: rule, and days_off as rules_move_due() takes them; "" where they stay.
MUST_CHECK enum status store_find_day_off_rule(struct call *call, const char *round_id, struct db_rows *ret_rows);
MUST_CHECK enum status store_put_day_off(struct call *call, const char *day, bool is_off);
struct item_due {
    const char *round_item_id;
    unsigned checkpoint; // from 1; those above become rows of their own
    const char *kind;
    bool is_own;     // not its section's
    const char *day; // "": not known yet
    const char *text;
};
MUST_CHECK enum status store_put_dues(struct call *call, const struct item_due *dues, size_t count);

// ---- the cabinet (store_assignment.c)

struct assignment_filter {
    const char *tab, *round_id, *section_code, *after_assignment_id;
    int64_t limit;
};
// Each row has the counters of the tabs besides; the only row of an empty page has no assignment_id.
MUST_CHECK enum status store_list_assignments(struct call *call, const struct assignment_filter *filter,
                                              struct db_rows *ret_rows);
MUST_CHECK enum status store_find_assignment(struct call *call, const char *assignment_id, struct db_rows *ret_rows);
MUST_CHECK enum status store_list_versions(struct call *call, const char *assignment_id, struct db_rows *ret_rows);

// ---- whether the cabinet's list still holds (store_tag.c)

struct cabinet_asked {
    const char *organisation_id, *round_id; // round_id "": all
    const char *scope;                      // of who asks
};
// A row for each: version; with a period also begins and ends, in milliseconds, around call->now_ms.
MUST_CHECK enum status store_tag_cabinets(struct call *call, const struct cabinet_asked *asked, size_t count,
                                          bool with_period, struct db_rows *ret_rows);

// ---- answers (store_answer.c)

struct value_to_save {
    const Submissions__SaveValueRequest *request;
    struct answer answer;
    const char *organisation_id, *account_id; // the author's
};
// A row for each value that was saved: its place in the list, from 1; version, state, overdue, document_count,
// evidence_required as they are now; draft_is_new and was_ready as the save found them. No row: refused. Of two values
// for one assignment at most one is saved.
MUST_CHECK enum status store_save_values(struct call *call, const struct value_to_save *values, size_t count,
                                         struct db_rows *ret_rows);
struct sending {
    const Submissions__SubmitRequest *request;
    const char *organisation_id, *account_id; // the author's
};
// A row for each assignment that was sent: its place in the list, from 1, and the assignment as a row of the cabinet,
// with what SubmissionSent needs besides. No row: refused. Of two for one assignment at most one is sent.
MUST_CHECK enum status store_send(struct call *call, const struct sending *sendings, size_t count,
                                  struct db_rows *ret_rows);
// The assignment as rules.h looks at it, and closed_until; no row: not this organisation's.
MUST_CHECK enum status store_find_situation(struct call *call, const char *assignment_id, const char *organisation_id,
                                            bool lock, struct db_rows *ret_rows);
// One row: column_kinds[] of a table.
MUST_CHECK enum status store_find_columns(struct call *call, const char *assignment_id, struct db_rows *ret_rows);
// Rows, each a text[] in a text, as a JSON array of arrays of strings.
MUST_CHECK enum status store_rows_as_json(struct call *call, const char *const *rows, size_t count,
                                          const char **ret_json);
// Sets the document on or off the draft. *ret_done false: there is no such document on this draft.
MUST_CHECK enum status store_set_attached(struct call *call, const char *assignment_id, const char *document_id,
                                          bool attached, enum state next, bool *ret_done);

// ---- events of files and review (store_event.c)

MUST_CHECK enum status store_put_document(struct call *call, const Events__DocumentStored *event, bool *ret_new);
// A row (place from 1, next_opens_at) for each that was applied, in their order; none for a version that is not under
// review any more. Each assignment is named once.
MUST_CHECK enum status store_apply_verdicts(struct call *call, const Events__VerdictGiven *const *events, size_t count,
                                            struct db_rows *ret_rows);
MUST_CHECK enum status store_apply_withdrawal(struct call *call, const Events__ReviewWithdrawn *event,
                                              struct db_rows *ret_rows);
