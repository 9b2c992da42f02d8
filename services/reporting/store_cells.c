// Cells with their counters and history.
#include <string.h>

#include "moment.h"
#include "store.h"

enum { ASSIGNED_COLUMNS = 4 };

// Who has a due date of their own, or none yet, is told so (store_dues of later changes).
enum status
store_assignments(struct call *call, const Events__OrganisationAssigned *event)
{
    const char *(*rows)[ASSIGNED_COLUMNS] = arena_take(call->arena, (event->n_assignments + 1) * sizeof(*rows));
    if (!rows)
        return STATUS_TOO_LARGE;
    for (size_t i = 0; i < event->n_assignments; i++) {
        const Events__AssignmentReference *one = event->assignments[i];
        const char *row[ASSIGNED_COLUMNS] = {one->assignment_id, one->item_id, one->due_at,
                                             one->due_unknown || *one->due_at ? "t" : "f"};
        memcpy(rows[i], row, sizeof(row));
    }
    struct db_param columns[ASSIGNED_COLUMNS];
    enum status status = db_text_columns(call->arena, rows[0], event->n_assignments, ASSIGNED_COLUMNS, columns);
    if (status != STATUS_OK)
        return status;
    // What was accepted in rounds before this one is known already.
    return db_run(
        call->db,
        "WITH known AS (SELECT h.item_id, min(h.at) AS since FROM history h"
        " WHERE h.organisation_id = $2::uuid AND h.state = 'accepted' GROUP BY h.item_id),"
        " a AS (SELECT * FROM unnest($4::uuid[], $5::uuid[], $6::timestamptz[], $7::boolean[])"
        " a(assignment_id, item_id, due_at, has_own_due)),"
        " asked AS (INSERT INTO participant (round_id, organisation_id, path, assigned_at, event_number)"
        " VALUES ($1::uuid, $2::uuid, $3, $8::timestamptz, $9::bigint) ON CONFLICT DO NOTHING),"
        " dues AS (INSERT INTO assignment_due (round_id, assignment_id, organisation_id, path, due_at, at,"
        " event_number) SELECT $1::uuid, assignment_id, $2::uuid, $3, due_at, $8::timestamptz, $9::bigint"
        " FROM a WHERE has_own_due),"
        " added AS (INSERT INTO cell (assignment_id, round_id, organisation_id, path, item_id, state,"
        " known_since, assigned_at, event_number) SELECT a.assignment_id, $1::uuid, $2::uuid, $3, a.item_id, 'empty',"
        " k.since, $8::timestamptz, $9::bigint FROM a LEFT JOIN known k USING (item_id)"
        " ON CONFLICT DO NOTHING RETURNING known_since)"
        " INSERT INTO counter (round_id, organisation_id, path, total, empty, known_since)"
        " SELECT $1::uuid, $2::uuid, $3, count(*), count(*), min(known_since) FROM added HAVING count(*) > 0"
        " ON CONFLICT (round_id, organisation_id) DO UPDATE"
        " SET total = counter.total + EXCLUDED.total, empty = counter.empty + EXCLUDED.empty,"
        " known_since = least(counter.known_since, EXCLUDED.known_since)",
        DB_PARAMS(db_text(event->round_id), db_text(event->organisation_id), db_string(event->organisation_path),
                  columns[0], columns[1], columns[2], columns[3], db_text(event_moment(call)),
                  db_integer(event_number(call))));
}

// $1 assignments, $2 new states, $3 moments, $4 whether values come with it, $5-$7 the values, $8 the
// events' numbers. No lock is needed to
// know the state before: whoever changes states holds the stream's position.
static const char change_cells[] =
    "WITH w AS (SELECT * FROM unnest($1::uuid[], $2::text[], $3::timestamptz[], $4::boolean[], $5::text[], $6::text[],"
    " $7::text[], $8::bigint[]) WITH ORDINALITY"
    " AS w (assignment_id, state, at, has_values, value, second_value, percent, event_number, place)),"
    " moved AS (UPDATE cell c SET state = w.state,"
    " value = CASE WHEN w.has_values THEN w.value ELSE c.value END,"
    " second_value = CASE WHEN w.has_values THEN w.second_value ELSE c.second_value END,"
    " percent = CASE WHEN w.has_values THEN w.percent ELSE c.percent END,"
    " draft_at = CASE WHEN w.state IN ('draft', 'empty') THEN w.at ELSE c.draft_at END,"
    " sent_at = CASE w.state WHEN 'in_review' THEN w.at ELSE c.sent_at END,"
    " accepted_at = CASE w.state WHEN 'accepted' THEN w.at ELSE c.accepted_at END,"
    " rejected_at = CASE w.state WHEN 'rejected' THEN w.at ELSE c.rejected_at END,"
    " known_since = CASE w.state WHEN 'accepted' THEN least(c.known_since, w.at) ELSE c.known_since END"
    " FROM w JOIN cell b ON b.assignment_id = w.assignment_id"
    " WHERE c.assignment_id = w.assignment_id AND b.state <> w.state"
    " RETURNING w.place, w.at, w.event_number, b.state AS old_state, c.assignment_id, c.organisation_id, c.path, "
    "c.round_id, c.item_id,"
    " c.state, c.value, c.second_value, c.percent, c.draft_at, c.sent_at, c.accepted_at, c.rejected_at,"
    " c.known_since),"
    " sums AS (SELECT round_id, organisation_id,"
    " count(*) FILTER (WHERE state = 'empty') - count(*) FILTER (WHERE old_state = 'empty') AS empty,"
    " count(*) FILTER (WHERE state = 'draft') - count(*) FILTER (WHERE old_state = 'draft') AS draft,"
    " count(*) FILTER (WHERE state = 'in_review') - count(*) FILTER (WHERE old_state = 'in_review') AS in_review,"
    " count(*) FILTER (WHERE state = 'accepted') - count(*) FILTER (WHERE old_state = 'accepted') AS accepted,"
    " count(*) FILTER (WHERE state = 'rejected') - count(*) FILTER (WHERE old_state = 'rejected') AS rejected,"
    " max(draft_at) AS draft_at, max(sent_at) AS sent_at, max(accepted_at) AS accepted_at,"
    " max(rejected_at) AS rejected_at, min(known_since) AS known_since FROM moved GROUP BY round_id, organisation_id),"
    " counted AS (UPDATE counter k SET empty = k.empty + s.empty, draft = k.draft + s.draft,"
    " in_review = k.in_review + s.in_review, accepted = k.accepted + s.accepted, rejected = k.rejected + s.rejected,"
    " draft_at = greatest(k.draft_at, s.draft_at), sent_at = greatest(k.sent_at, s.sent_at),"
    " accepted_at = greatest(k.accepted_at, s.accepted_at), rejected_at = greatest(k.rejected_at, s.rejected_at),"
    " known_since = least(k.known_since, s.known_since)"
    " FROM sums s WHERE k.round_id = s.round_id AND k.organisation_id = s.organisation_id),"
    " kept AS (INSERT INTO history (organisation_id, path, item_id, round_id, assignment_id, state, at, value,"
    " second_value, percent, event_number)"
    " SELECT organisation_id, path, item_id, round_id, assignment_id, state, at,"
    " CASE WHEN state <> 'draft' THEN value END, CASE WHEN state <> 'draft' THEN second_value END,"
    " CASE WHEN state <> 'draft' THEN percent END, event_number FROM moved ORDER BY place)"
    " SELECT place, assignment_id, organisation_id, path AS organisation_path, round_id, item_id FROM moved"
    " ORDER BY place";

enum { CHANGE_COLUMNS = 8 };

enum status
store_change_cells(struct call *call, const struct cell_change *const *changes, size_t count, struct db_rows *ret_rows)
{
    const char *(*rows)[CHANGE_COLUMNS] = arena_take(call->arena, count * sizeof(*rows));
    if (!rows)
        return STATUS_TOO_LARGE;
    for (size_t i = 0; i < count; i++) {
        const Events__SubmissionSent *sent = changes[i]->sent;
        const char *row[CHANGE_COLUMNS] = {
            changes[i]->assignment_id,
            rules_state_name(changes[i]->state),
            changes[i]->at,
            sent ? "t" : "f",
            sent ? sent->value : "",
            sent ? sent->second_value : "",
            sent ? sent->percent : "",
            arena_format(call->arena, "%lld", (long long)changes[i]->event_number),
        };
        if (!row[CHANGE_COLUMNS - 1])
            return STATUS_TOO_LARGE;
        memcpy(rows[i], row, sizeof(row));
    }
    struct db_param params[CHANGE_COLUMNS];
    enum status status = db_text_columns(call->arena, rows[0], count, CHANGE_COLUMNS, params);
    return status == STATUS_OK ? db_query(call->db, ret_rows, change_cells, params, CHANGE_COLUMNS) : status;
}
