// The author's acts: save, send, documents. Each checks everything it depends on in its own WHERE.
#include <string.h>

#include "store.h"
#include "store_columns.h"
#include "store_lists.h"

enum { VALUE_COLUMNS = 13 };

static bool
put_value(struct arena *arena, const struct value_to_save *value, const char *ret_row[VALUE_COLUMNS])
{
    const struct answer *answer = &value->answer;
    // The two states the row may come to, decided by the rules for an item with a document missing and without.
    struct evidence missing = {.has_value = true, .answers_none = answer->answers_none, .is_required = true};
    struct evidence present = {.has_value = true, .answers_none = answer->answers_none};
    const char *row[VALUE_COLUMNS] = {
        value->request->assignment_id,
        value->organisation_id,
        value->account_id,
        arena_format(arena, "%u", value->request->expected_version),
        answer->value,
        answer->second_value,
        answer->percent,
        value->request->comment,
        rules_kind_name(answer->kind),
        arena_format(arena, "%u", answer->decimals),
        answer->is_undefined ? "t" : "f",
        rules_state_name(rules_draft_state(&missing)),
        rules_state_name(rules_draft_state(&present)),
    };
    memcpy(ret_row, row, sizeof(row));
    return row[3] && row[9];
}

// The one statement that runs by the thousand: it brings back only what the caller cannot know.
#define SAVE_GIVEN(given)                                                                                              \
    "WITH w AS ("                                                                                                      \
    " SELECT * FROM " given                                                                                            \
    "   AS w (assignment_id, organisation_id, account_id, version, value, second_value, percent, comment, kind,"       \
    "   decimals, is_undefined, state_if_missing, state_if_present, place)),"                                          \
    " c AS ("                                                                                                          \
    " UPDATE assignment a SET version = a.version + 1, acts = a.acts + 1, value = w.value,"                            \
    "   second_value = w.second_value, percent = w.percent, comment = w.comment, saved_at = $14::timestamptz,"         \
    "   state = CASE WHEN i.evidence_required AND a.document_count = 0 THEN w.state_if_missing"                        \
    "     ELSE w.state_if_present END,"                                                                                \
    "   draft_is_new = (a.state IN ('empty', 'rejected') OR coalesce(a.sent_at >= a.saved_at, false)),"                \
    "   was_ready = (a.state = 'ready')"                                                                               \
    " FROM w, round_item i JOIN round r ON r.round_id = i.round_id"                                                    \
    " WHERE a.assignment_id = w.assignment_id AND a.organisation_id = w.organisation_id AND a.version = w.version"     \
    "   AND a.state = ANY ($15::text[]) AND i.round_item_id = a.round_item_id AND r.state = 'open'"                    \
    "   AND r.next_opens_at > $14::timestamptz AND i.value_kind = w.kind AND i.decimals >= w.decimals"                 \
    "   AND NOT (w.is_undefined AND i.evidence_required) AND NOT " NEEDS_PLAN                                          \
    " RETURNING w.place, w.account_id, a.assignment_id, a.acts, a.version, a.state, a.organisation_path,"              \
    "   a.value, a.second_value, a.percent, a.comment, a.draft_is_new, a.was_ready, a.document_count,"                 \
    "   i.evidence_required, due_moment(a.own_due_at, r.due_at) < $14::timestamptz AS overdue),"                       \
    " entry AS ("                                                                                                      \
    " INSERT INTO history (assignment_id, act_number, version, at, actor_account_id, organisation_path, act, value,"   \
    "   second_value, percent, comment)"                                                                               \
    " SELECT c.assignment_id, c.acts, c.version, $14::timestamptz, c.account_id, c.organisation_path, 'saved',"        \
    "   c.value, c.second_value, c.percent, c.comment FROM c)"                                                         \
    " SELECT place, version, state, draft_is_new, was_ready, document_count, evidence_required, overdue FROM c"

enum status
store_save_values(struct call *call, const struct value_to_save *values, size_t count, struct db_rows *ret_rows)
{
    static const char ALL[] =
        SAVE_GIVEN("unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::integer[], $5::text[], $6::text[], $7::text[],"
                   " $8::text[], $9::text[], $10::smallint[], $11::boolean[], $12::text[], $13::text[])"
                   " WITH ORDINALITY");
    // Alone it need not go through arrays: a quarter of the statement's time.
    static const char ONE[] =
        SAVE_GIVEN("(VALUES ($1::uuid, $2::uuid, $3::uuid, $4::integer, $5::text, $6::text, $7::text, $8::text,"
                   " $9::text, $10::smallint, $11::boolean, $12::text, $13::text, 1::bigint))");
    const char *rows[TOGETHER_MAX][VALUE_COLUMNS];
    for (size_t i = 0; i < count; i++)
        if (!put_value(call->arena, &values[i], rows[i]))
            return STATUS_BUSY;
    struct db_param params[VALUE_COLUMNS + 2];
    enum status status = STATUS_OK;
    if (count == 1)
        for (size_t i = 0; i < VALUE_COLUMNS; i++)
            params[i] = db_text(rows[0][i]);
    else
        status = db_text_columns(call->arena, rows[0], count, VALUE_COLUMNS, params);
    if (status != STATUS_OK)
        return status;
    char states[STATES_TEXT_BYTES];
    rules_states_text(ACT_SAVE, states);
    params[VALUE_COLUMNS] = db_text(call->now);
    params[VALUE_COLUMNS + 1] = db_text(states);
    return db_query(call->db, ret_rows, count == 1 ? ONE : ALL, params, VALUE_COLUMNS + 2);
}

enum { SENDING_COLUMNS = 4 };

enum status
store_send(struct call *call, const struct sending *sendings, size_t count, struct db_rows *ret_rows)
{
    // The documents of this snapshot must be those the row counts: one that is being attached right now would be
    // sent without being named.
    static const char SQL[] =
        "WITH w AS ("
        " SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::integer[]) WITH ORDINALITY"
        "   AS w (assignment_id, organisation_id, account_id, version, place)),"
        " c AS ("
        " UPDATE assignment a SET version = a.version + 1, acts = a.acts + 1, sent_at = $5::timestamptz,"
        "   state = 'in_review'"
        " FROM w, " ASSIGNMENT_TABLES
        " WHERE a.assignment_id = w.assignment_id AND a.organisation_id = w.organisation_id AND a.version = w.version"
        "   AND a.state = ANY ($6::text[]) AND i.round_item_id = a.round_item_id AND r.state = 'open'"
        "   AND r.next_opens_at > $5::timestamptz AND NOT " NEEDS_PLAN
        " AND (a.document_count = 0 OR a.document_count ="
        "     (SELECT count(*) FROM document f WHERE f.assignment_id = a.assignment_id AND f.attached))"
        " RETURNING w.place, w.account_id, " ASSIGNMENT_COLUMNS(
            "$5::timestamptz") ", " ASSIGNMENT_KEYS ","
                               "   CASE WHEN a.document_count = 0 THEN '{}'::uuid[] ELSE"
                               "     (SELECT array_agg(f.document_id ORDER BY f.stored_at, f.document_id) FROM "
                               "document f"
                               "       WHERE f.assignment_id = a.assignment_id AND f.attached) END AS sent_documents, "
                               "r.programme_id),"
                               " entry AS ("
                               " INSERT INTO history (assignment_id, act_number, version, at, actor_account_id, "
                               "organisation_path, act, value,"
                               "   second_value, percent, comment, documents)"
                               " SELECT c.assignment_id, c.acts, c.version, $5::timestamptz, c.account_id, "
                               "c.organisation_path, 'sent',"
                               "   c.value, c.second_value, c.percent, c.comment, c.sent_documents FROM c)"
                               " SELECT " CABINET_COLUMNS ", p.code AS programme_code, p.reviewer"
                               " FROM c JOIN programme p USING (programme_id)" CABINET_JOINS " ORDER BY c.place";
    const char *rows[TOGETHER_MAX][SENDING_COLUMNS];
    for (size_t i = 0; i < count; i++) {
        rows[i][0] = sendings[i].request->assignment_id;
        rows[i][1] = sendings[i].organisation_id;
        rows[i][2] = sendings[i].account_id;
        if (!(rows[i][3] = arena_format(call->arena, "%u", sendings[i].request->expected_version)))
            return STATUS_BUSY;
    }
    struct db_param params[SENDING_COLUMNS + 2];
    enum status status = db_text_columns(call->arena, rows[0], count, SENDING_COLUMNS, params);
    if (status != STATUS_OK)
        return status;
    char states[STATES_TEXT_BYTES];
    rules_states_text(ACT_SEND, states);
    params[SENDING_COLUMNS] = db_text(call->now);
    params[SENDING_COLUMNS + 1] = db_text(states);
    return db_query(call->db, ret_rows, SQL, params, SENDING_COLUMNS + 2);
}

#define SITUATION                                                                                                      \
    "SELECT a.state, a.version, (r.state = 'open' AND r.next_opens_at > $3::timestamptz) AS round_open,"               \
    " i.value_kind, i.decimals, i.evidence_required, a.value, a.document_count,"                                       \
    " to_char(r.closed_until, 'YYYY-MM-DD') AS closed_until, a.draft_is_new, " NEEDS_PLAN " AS needs_plan"             \
    " FROM assignment a JOIN round_item i USING (round_item_id) JOIN round r USING (round_id)"                         \
    " WHERE a.assignment_id = $1 AND a.organisation_id = $2"

enum status
store_find_situation(struct call *call, const char *assignment_id, const char *organisation_id, bool lock,
                     struct db_rows *ret_rows)
{
    static const char READ[] = SITUATION;
    static const char LOCK[] = SITUATION " FOR UPDATE OF a";
    return db_query(call->db, ret_rows, lock ? LOCK : READ,
                    DB_PARAMS(db_text(assignment_id), db_text(organisation_id), db_text(call->now)));
}

enum status
store_set_attached(struct call *call, const char *assignment_id, const char *document_id, bool attached,
                   enum state next, bool *ret_done)
{
    static const char SQL[] =
        "WITH moved AS ("
        " UPDATE document SET attached = $3 WHERE document_id = $2 AND assignment_id = $1 AND attached <> $3"
        " RETURNING document_id),"
        " c AS ("
        " UPDATE assignment a SET acts = a.acts + 1, state = $4,"
        "   document_count = a.document_count + CASE WHEN $3 THEN 1 ELSE -1 END"
        " FROM moved WHERE a.assignment_id = $1"
        " RETURNING a.assignment_id, a.acts, a.version, a.organisation_path, a.value, a.second_value, a.percent)"
        " INSERT INTO history (assignment_id, act_number, version, at, actor_account_id, organisation_path, act, value,"
        "   second_value, percent, documents)"
        " SELECT c.assignment_id, c.acts, c.version, $5::timestamptz, $6::uuid, c.organisation_path,"
        "   CASE WHEN $3 THEN 'document_attached' ELSE 'document_detached' END, c.value, c.second_value, c.percent,"
        "   ARRAY[$2::uuid] FROM c";
    const char *actor = call->principal ? call->principal->account_id
                        : call->event   ? call->event->actor_account_id
                                        : "";
    struct db_rows rows;
    enum status status = db_query(call->db, &rows, SQL,
                                  DB_PARAMS(db_text(assignment_id), db_text(document_id), db_boolean(attached),
                                            db_text(rules_state_name(next)), db_text(call->now), db_text(actor)));
    if (status == STATUS_OK)
        *ret_done = rows.affected > 0;
    return status;
}

enum status
store_find_columns(struct call *call, const char *assignment_id, struct db_rows *ret_rows)
{
    static const char SQL[] = "SELECT t.column_kinds FROM assignment a JOIN round_item i USING (round_item_id)"
                              " JOIN item_text t USING (item_text_id)"
                              " WHERE a.assignment_id = $1 AND a.organisation_id = $2";
    return db_query(call->db, ret_rows, SQL,
                    DB_PARAMS(db_text(assignment_id), db_text(call->principal->organisation_id)));
}

enum status
store_rows_as_json(struct call *call, const char *const *rows, size_t count, const char **ret_json)
{
    static const char SQL[] = "SELECT json_agg(to_json(w.cells::text[]) ORDER BY w.position)::text"
                              " FROM unnest($1::text[]) WITH ORDINALITY AS w (cells, position)";
    const char *list = text_list(call->arena, rows, count);
    struct db_rows found;
    enum status status = list ? db_query(call->db, &found, SQL, DB_PARAMS(db_text(list))) : STATUS_TOO_LARGE;
    if (status == STATUS_OK)
        *ret_json = db_text_at(&found, 0, 0);
    return status;
}
