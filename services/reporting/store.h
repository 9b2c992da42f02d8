// The read models: what events write, what reports read. The only place with SQL.
#pragma once

#include "events.pb-c.h"
#include "reporting.pb-c.h"
#include "rules.h"
#include "vekha/service/service.h"

// --- store_tree.c: organisations and who answers for them
MUST_CHECK enum status store_organisation(struct call *call, const Events__OrganisationChanged *event);
// Versions whose first day has come become the current ones. *ret_count: of organisations changed.
MUST_CHECK enum status store_advance_tree(struct call *call, int64_t *ret_count);
MUST_CHECK enum status store_account(struct call *call, const Events__AccountIssued *event);
MUST_CHECK enum status store_account_closed(struct call *call, const char *account_id);
// The first login of an account of its, and the last one of anybody.
MUST_CHECK enum status store_respondent_login(struct call *call, const Events__LoggedIn *event);
MUST_CHECK enum status store_contact(struct call *call, const Events__ProfileSaved *event, const char *full_name);

// --- store_watchers.c: coordinators and curators
// "coordinator", "curator", or NULL.
const char *watcher_role(Vekha__Role role);
MUST_CHECK enum status store_watcher(struct call *call, const Events__AccountIssued *event, const char *role);
MUST_CHECK enum status store_watcher_closed(struct call *call, const char *account_id);
MUST_CHECK enum status store_watcher_name(struct call *call, const char *account_id, const char *full_name);
MUST_CHECK enum status store_visit(struct call *call, const Events__LoggedIn *event, const char *role);
MUST_CHECK enum status store_reminder(struct call *call, const Events__MessageSent *event);
// The caller looked at this report.
// The schools that the caller, a curator, answers for now.
MUST_CHECK enum status store_bound_schools(struct call *call, struct db_rows *ret_rows);
MUST_CHECK enum status store_view(struct call *call, const char *report);

// --- store_plans.c: what was decided, and when
MUST_CHECK enum status store_section_plan(struct call *call, const Events__SectionPlanned *event);
MUST_CHECK enum status store_item_plan(struct call *call, const Events__AssignmentPlanned *event);
MUST_CHECK enum status store_schedule(struct call *call, const Events__ScheduleSet *event);
MUST_CHECK enum status store_dues(struct call *call, const Events__DueSet *event);
MUST_CHECK enum status store_curator(struct call *call, const Events__CuratorBound *event);

// --- store_programme.c: programmes and rounds
MUST_CHECK enum status store_programme(struct call *call, const Events__ProgrammeLoaded *event);
MUST_CHECK enum status store_round(struct call *call, const Events__RoundOpened *event);
MUST_CHECK enum status store_round_change(struct call *call, const Events__RoundChanged *event);

// --- store_cells.c: cells with their counters and history
MUST_CHECK enum status store_assignments(struct call *call, const Events__OrganisationAssigned *event);
struct cell_change {
    const char *assignment_id;
    enum cell_state state;
    const char *at;
    // Of a version that is sent; NULL keeps what is there.
    const Events__SubmissionSent *sent;
    int64_t event_number;
};
// Moves cells, their counters and their history together; each cell is named once. A row (place from 1, assignment_id,
// organisation_id, organisation_path, round_id, item_id) for each whose state changed, in the order of the changes.
enum { CHANGED_PLACE };
MUST_CHECK enum status store_change_cells(struct call *call, const struct cell_change *const *changes, size_t count,
                                          struct db_rows *ret_rows);

// --- store_reports.c
struct report_round {
    const char *zone;
    const char *due_at;      // "" if unknown
    const char *today;       // in the round's zone
    const char *as_of;       // the day asked for, else today
    const char *as_of_begin; // its first moment
    const char *as_of_end;   // the first moment after it
    const char *seen_at;     // as_of_end, or now if that is still to come
    const char *opens_on;    // "" if unknown
    const char *reviewer;    // operator, curator: at as_of_end
    bool is_due, was_due;    // now; when as_of began
};
// NOT_FOUND without such a round in the caller's territory.
MUST_CHECK enum status store_get_round(struct call *call, const char *round_id, const char *as_of,
                                       struct report_round *ret_round);
MUST_CHECK enum status store_list_rounds(struct call *call, struct db_rows *ret_rows);
// The first day with an accepted value in the caller's territory: "" if there is none. Today in the round's zone.
MUST_CHECK enum status store_get_first_day(struct call *call, const char *round_id, const char **ret_today,
                                           const char **ret_first_day);
MUST_CHECK enum status store_count_started(struct call *call, const Reporting__GetStartReportRequest *request,
                                           const struct report_round *round, struct db_rows *ret_rows);
MUST_CHECK enum status store_list_started(struct call *call, const Reporting__GetStartReportRequest *request,
                                          const struct report_round *round, uint32_t limit, struct db_rows *ret_rows);
MUST_CHECK enum status store_count_provided(struct call *call, const Reporting__GetProvidedReportRequest *request,
                                            enum report_values values, const struct report_round *round,
                                            struct db_rows *ret_rows);
// Column numbers beside those that fill_message knows.
enum provided_column {
    PROVIDED_KIND,
    PROVIDED_HAS_LOGGED_IN,
    PROVIDED_BEGUN,
    PROVIDED_IN_REVIEW,
    PROVIDED_ACCEPTED,
    PROVIDED_DRAFT_AT, // the moments only where nothing is filled
    PROVIDED_SENT_AT,
    PROVIDED_ACCEPTED_AT,
    PROVIDED_REJECTED_AT,
    PROVIDED_CONTACT, // name, position, phone, email
    PROVIDED_ORGANISATION_ID = PROVIDED_CONTACT + 4
};
MUST_CHECK enum status store_list_provided(struct call *call, const Reporting__GetProvidedReportRequest *request,
                                           enum report_values values, const struct report_round *round, uint32_t limit,
                                           struct db_rows *ret_rows);

// --- store_values.c
// One row: short_name, has_logged_in, contact name, position, phone, email.
enum organisation_column { ORGANISATION_NAME, ORGANISATION_HAS_LOGGED_IN, ORGANISATION_CONTACT };
MUST_CHECK enum status store_get_organisation(struct call *call, const char *organisation_id,
                                              const struct report_round *round, struct db_rows *ret_rows);
enum value_column {
    VALUE_SECTION_CODE,
    VALUE_SECTION_TITLE,
    VALUE_STATE,
    VALUE_HAS_DATA,
    VALUE_DRAFT_AT,
    VALUE_SENT_AT,
    VALUE_ACCEPTED_AT,
    VALUE_REJECTED_AT
};
MUST_CHECK enum status store_list_values(struct call *call, const Reporting__GetProvidedValuesRequest *request,
                                         enum report_values values, const struct report_round *round,
                                         struct db_rows *ret_rows);

// Questions of a round that have a value, in their order: rows of ValuesColumn; and what each organisation says to
// them.
MUST_CHECK enum status store_list_values_columns(struct call *call, const char *round_id, struct db_rows *ret_rows);
MUST_CHECK enum status store_list_values_rows(struct call *call, const Reporting__GetValuesReportRequest *request,
                                              enum report_values values, const struct report_round *round,
                                              uint32_t limit, struct db_rows *ret_rows);

// --- store_readings.c
struct contact_reading {
    const char *act, *round_id;
    const char *unit_id; // "": the whole territory
};
// *ret_round_name: NULL when the caller's session has read the same a few minutes ago.
MUST_CHECK enum status store_note_reading(struct call *call, const struct contact_reading *reading,
                                          const char **ret_round_name);
MUST_CHECK enum status store_forget_readings(struct call *call);

// --- store_statistics.c: rows of StateCounters and DayCounters
MUST_CHECK enum status store_count_all(struct call *call, const Reporting__GetStatisticsRequest *request,
                                       const struct report_round *round, struct db_rows *ret_rows);
MUST_CHECK enum status store_count_municipalities(struct call *call, const Reporting__GetStatisticsRequest *request,
                                                  const struct report_round *round, struct db_rows *ret_rows);
MUST_CHECK enum status store_count_sections(struct call *call, const Reporting__GetStatisticsRequest *request,
                                            const struct report_round *round, struct db_rows *ret_rows);
MUST_CHECK enum status store_count_days(struct call *call, const Reporting__GetStatisticsRequest *request,
                                        const struct report_round *round, struct db_rows *ret_rows);

// --- store_roadmaps.c
// $1 round, $2 and $3 the moment, $4 the territory, $5 the curator whose schools alone are seen: what every report as
// of a moment starts with.
#define AS_OF_PARAMS(call, round_id, round)                                                                            \
    db_text(round_id), db_text((round)->as_of_end), db_text((round)->seen_at), db_text(call_scope(call)),              \
        db_text((call)->principal->role == VEKHA__ROLE__ROLE_CURATOR ? (call)->principal->account_id : "")
// The first row has the totals of the whole report; then come the rows of organisations after `after_path`, or, if
// `organisations` (a text[]) is not NULL, of these. `limit`: organisations, not rows.
struct roadmaps_page {
    const char *after_path;
    const char *organisations;
    uint32_t limit;
};
MUST_CHECK enum status store_list_roadmaps(struct call *call, const Reporting__GetRoadmapsReportRequest *request,
                                           const struct report_round *round, const struct roadmaps_page *page,
                                           struct db_rows *ret_rows);

// --- store_missing.c: a row per item that an organisation of the uuid[] literal owes; one without a state: it owes
// none.
enum missing_column { MISSING_ORGANISATION_ID, MISSING_SHORT_NAME };
MUST_CHECK enum status store_list_missing(struct call *call, const char *round_id, const char *organisation_ids,
                                          const struct report_round *round, struct db_rows *ret_rows);

// --- store_measures.c
MUST_CHECK enum status store_list_measures(struct call *call, const Reporting__GetMeasuresReportRequest *request,
                                           const struct report_round *round, struct db_rows *ret_rows);
enum { MUNICIPAL_ROWS_MAX = 6000 };
MUST_CHECK enum status store_list_municipal_measures(struct call *call,
                                                     const Reporting__GetMeasuresReportRequest *request,
                                                     const struct report_round *round, struct db_rows *ret_rows);

// --- store_roadmap.c
enum road_column {
    ROAD_RESPONSIBLE_TITLES,
    ROAD_RESPONSIBLE_CODES,
    ROAD_OVERDUE,
    ROAD_DUE_UNKNOWN,
    ROAD_BEGUN,
    ROAD_ORGANISATIONS
};
// A row for each section of the programme, in its order.
MUST_CHECK enum status store_list_road_sections(struct call *call, const Reporting__GetRoadmapRequest *request,
                                                const struct report_round *round, struct db_rows *ret_rows);
enum road_item_column { ROAD_ITEM_SECTION };
MUST_CHECK enum status store_list_road_items(struct call *call, const Reporting__GetRoadmapRequest *request,
                                             const struct report_round *round, struct db_rows *ret_rows);

// --- store_roadmap_tables.c
// A row for each day on which a table that comes again is due.
MUST_CHECK enum status store_list_road_tables(struct call *call, const Reporting__GetRoadmapTablesRequest *request,
                                              const struct report_round *round, struct db_rows *ret_rows);

// --- store_activity.c
MUST_CHECK enum status store_list_activity(struct call *call, const Reporting__GetActivityReportRequest *request,
                                           const struct report_round *first, const struct report_round *last,
                                           uint32_t limit, struct db_rows *ret_rows);
