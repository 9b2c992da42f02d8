// Flat tables for BI tools. Events are applied in their order, and numbers of changes are committed in theirs: so
// whoever has seen a change has seen all before it, and a row that changes moves to where it is still to be read.
#include "store_bi.h"

enum { STRIDE = 100000 };

#define KNOWN_EVENTS                                                                                                   \
    "SELECT coalesce((SELECT number FROM inbox_position WHERE stream = 'submissions' AND $1::text IS NOT NULL), 0)"

#define ROWS " SELECT r.change, true, r.key, r.* FROM ("
#define BEHIND                                                                                                         \
    ") r WHERE (r.change, r.key) > ($2::bigint, $3::uuid) AND r.change <= least($5::bigint, $6::bigint)"               \
    " ORDER BY r.change, r.key LIMIT $4::integer"

const struct bi_table bi_organisations = {
    .row = &reporting__bi_organisation__descriptor,
    .known = "SELECT coalesce(max(o.change_number), 0) FROM organisation o WHERE in_territory(o.path, $1)",
    .changed =
        ROWS "SELECT o.change_number AS change, o.organisation_id AS key, o.organisation_id, o.path, o.kind,"
             " o.short_name, o.inn, o.municipality_id, o.municipality_name,"
             " vekha_time(o.first_login_at) AS started_at FROM organisation o WHERE in_territory(o.path, $1)" BEHIND,
};

// Rounds in which somebody of the territory was asked, and with which event the first one was: before it nobody there
// knew of the round and its programme.
#define SEEN_ROUNDS                                                                                                    \
    "WITH seen AS MATERIALIZED (SELECT r.round_id, r.programme_id, min(p.event_number) AS event_number"                \
    " FROM round r JOIN participant p USING (round_id) WHERE in_territory(p.path, $1) GROUP BY r.round_id)"
#define SEEN_PROGRAMMES                                                                                                \
    SEEN_ROUNDS ", known AS (SELECT programme_id, min(event_number) AS event_number FROM seen GROUP BY programme_id)"

const struct bi_table bi_programmes = {
    .row = &reporting__bi_programme__descriptor,
    .known = KNOWN_EVENTS,
    .changed = SEEN_PROGRAMMES ROWS
    "SELECT greatest(p.event_number, k.event_number) AS change, p.programme_id AS key, p.programme_id, p.code, p.title,"
    " p.zone FROM programme p JOIN known k USING (programme_id)" BEHIND,
};

// What a section was when the item was described last: later descriptions may no longer have the item.
const struct bi_table bi_items = {
    .row = &reporting__bi_item__descriptor,
    .known = KNOWN_EVENTS,
    .changed = SEEN_PROGRAMMES ROWS
    "SELECT greatest(i.event_number, k.event_number) AS change, i.item_id AS key, i.item_id, i.programme_id,"
    " v.version AS programme_version, i.section_code, s.number AS section_number, i.section_title,"
    " coalesce(s.by_choice, false) AS by_choice, i.code, i.question, i.second_question, i.value_kind, i.unit,"
    " i.position FROM item i JOIN known k USING (programme_id)"
    " LEFT JOIN LATERAL (SELECT v.version FROM programme_version v WHERE v.programme_id = i.programme_id"
    " AND v.event_number = i.event_number ORDER BY v.known_from DESC LIMIT 1) v ON true"
    " LEFT JOIN LATERAL (SELECT s.number, s.by_choice FROM section_version s WHERE s.programme_id = i.programme_id"
    " AND s.code = i.section_code AND s.event_number = i.event_number"
    " ORDER BY s.known_from DESC LIMIT 1) s ON true" BEHIND,
};

const struct bi_table bi_rounds = {
    .row = &reporting__bi_round__descriptor,
    .known = KNOWN_EVENTS,
    .changed = SEEN_ROUNDS ROWS
    "SELECT greatest(r.event_number, s.event_number) AS change, r.round_id AS key, r.round_id, r.programme_id, r.name,"
    " vekha_time(r.opens_at) AS opens_at, vekha_time(r.due_at) AS due_at,"
    " vekha_time(r.next_opens_at) AS next_opens_at, r.zone, r.closed FROM round r JOIN seen s USING (round_id)" BEHIND,
};

// The event that last changed what is shown of the cell c; of those of this reading. By the sum the planner is kept
// from looking for the greatest number in the whole table instead of among the cell's few rows.
#define LAST "(SELECT max(x.event_number + 0) FROM "
#define IN_HISTORY LAST "history x WHERE x.assignment_id = c.assignment_id"
#define IN_DUES LAST "assignment_due x WHERE x.round_id = c.round_id AND x.assignment_id = c.assignment_id"
#define OF_READING " AND x.event_number <= $6::bigint"
#define LAST_CHANGE "greatest(c.event_number, " IN_HISTORY "), " IN_DUES "))"
#define LAST_CHANGE_OF_READING "greatest(c.event_number, " IN_HISTORY OF_READING "), " IN_DUES OF_READING "))"

// Of a draft nothing but its moment: its value is still its organisation's own (S2.37).
#define ASSIGNMENT                                                                                                     \
    "c.assignment_id, c.round_id, c.organisation_id, c.item_id, c.state, v.value, v.second_value, v.percent,"          \
    " vekha_time(c.assigned_at) AS assigned_at, vekha_time(c.draft_at) AS draft_at, vekha_time(c.sent_at) AS sent_at," \
    " vekha_time(c.accepted_at) AS accepted_at, vekha_time(c.rejected_at) AS rejected_at, CASE WHEN d.number IS NULL"  \
    " THEN 'round' WHEN d.due_at IS NULL THEN 'open' ELSE 'own' END AS due, vekha_time(d.due_at) AS due_at"
#define WITH_VALUE_AND_DUE                                                                                             \
    " LEFT JOIN LATERAL (SELECT c.value, c.second_value, c.percent"                                                    \
    " WHERE c.state IN ('in_review', 'accepted', 'rejected')) v ON true"                                               \
    " LEFT JOIN LATERAL (SELECT d.number, d.due_at FROM assignment_due d WHERE d.round_id = c.round_id"                \
    " AND d.assignment_id = c.assignment_id ORDER BY d.at DESC, d.number DESC LIMIT 1) d ON true"

// Every change of an assignment is an entry of one of three tables.
#define ENTRIES "(SELECT e.event_number, e.assignment_id FROM "
#define OF_PAGE                                                                                                        \
    " e WHERE e.event_number BETWEEN $2::bigint AND $5::bigint AND e.assignment_id IS NOT NULL"                        \
    " AND (e.event_number, e.assignment_id) > ($2::bigint, $3::uuid) AND in_territory(e.path, $1)"                     \
    " ORDER BY e.event_number, e.assignment_id LIMIT $4::integer)"

const struct bi_table bi_assignments = {
    .row = &reporting__bi_assignment__descriptor,
    .known = KNOWN_EVENTS,
    // An entry that is not the assignment's last one is passed over.
    .changed =
        "WITH entries AS MATERIALIZED (SELECT m.event_number, m.assignment_id FROM (" ENTRIES "history" OF_PAGE
        " UNION " ENTRIES "assignment_due" OF_PAGE " UNION " ENTRIES "cell" OF_PAGE
        ") m ORDER BY m.event_number, m.assignment_id LIMIT $4::integer)"
        " SELECT m.event_number, m.event_number = " LAST_CHANGE_OF_READING ", m.assignment_id, " LAST_CHANGE
        " AS change, " ASSIGNMENT " FROM entries m JOIN cell c ON c.assignment_id = m.assignment_id" WITH_VALUE_AND_DUE
        " ORDER BY m.event_number, m.assignment_id",
    .whole = "WITH page AS (SELECT c.* FROM (SELECT p.round_id, p.organisation_id FROM participant p"
             " WHERE (p.round_id, p.organisation_id) >= ($2::uuid, $3::uuid) AND in_territory(p.path, $1)"
             " ORDER BY p.round_id, p.organisation_id) p CROSS JOIN LATERAL"
             " (SELECT c.* FROM cell c WHERE c.round_id = p.round_id AND c.organisation_id = p.organisation_id"
             " AND (c.round_id, c.organisation_id, c.assignment_id) > ($2::uuid, $3::uuid, $4::uuid)"
             " ORDER BY c.assignment_id) c ORDER BY p.round_id, p.organisation_id, c.assignment_id LIMIT $5::integer)"
             " SELECT 0, true, c.round_id, c.organisation_id, c.assignment_id, " LAST_CHANGE " AS change, " ASSIGNMENT
             " FROM page c" WITH_VALUE_AND_DUE " ORDER BY c.round_id, c.organisation_id, c.assignment_id",
    .stride = STRIDE,
};

#define BEHIND_NUMBER                                                                                                  \
    " e WHERE (e.event_number, e.number) > ($2::bigint, $3::bigint) AND e.event_number <= least($5::bigint, "          \
    "$6::bigint)"                                                                                                      \
    " AND in_territory(e.path, $1) ORDER BY e.event_number, e.number LIMIT $4::integer"

const struct bi_table bi_plans = {
    .row = &reporting__bi_plan__descriptor,
    .known = KNOWN_EVENTS,
    .changed = "SELECT e.event_number AS change, NOT EXISTS (SELECT FROM section_plan l WHERE l.round_id = e.round_id"
               " AND l.organisation_id = e.organisation_id AND l.section_code = e.section_code AND l.number > e.number"
               " AND l.event_number <= $6::bigint), e.number AS key, e.round_id, e.organisation_id, e.section_code,"
               " e.state, to_char(e.planned_on, 'YYYY-MM-DD') AS planned_on,"
               " to_char(e.previous_on, 'YYYY-MM-DD') AS previous_on, e.moves, vekha_time(e.at) AS at"
               " FROM section_plan" BEHIND_NUMBER,
    .stride = STRIDE,
    .has_number_keys = true,
};

const struct bi_table bi_changes = {
    .row = &reporting__bi_change__descriptor,
    .known = KNOWN_EVENTS,
    .changed = "SELECT e.event_number AS change, true, e.number AS key, e.number AS change_id, e.assignment_id,"
               " e.round_id, e.organisation_id, e.item_id, e.state, vekha_time(e.at) AS at, e.value, e.second_value,"
               " e.percent FROM history" BEHIND_NUMBER,
    .stride = STRIDE,
    .has_number_keys = true,
};

enum status
store_get_bi_known(struct call *call, const struct bi_table *table, int64_t *ret_number)
{
    struct db_rows rows;
    enum status status = db_query(call->db, &rows, table->known, DB_PARAMS(db_text(call_scope(call))));
    *ret_number = status == STATUS_OK && rows.count > 0 ? db_integer_at(&rows, 0, 0) : 0;
    return status;
}

enum status
store_list_bi_rows(struct call *call, const struct bi_page *page, struct db_rows *ret_rows)
{
    const struct bi_cursor *cursor = &page->cursor;
    if (bi_is_walk(cursor))
        return db_query(call->db, ret_rows, page->table->whole,
                        DB_PARAMS(db_text(call_scope(call)), db_text(cursor->keys[0]), db_text(cursor->keys[1]),
                                  db_text(cursor->keys[2]), db_integer(page->limit)));
    return db_query(call->db, ret_rows, page->table->changed,
                    DB_PARAMS(db_text(call_scope(call)), db_integer(cursor->change), db_text(cursor->keys[0]),
                              db_integer(page->limit), db_integer(page->last_change), db_integer(page->end)));
}
