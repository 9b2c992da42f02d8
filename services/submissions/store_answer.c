// The author's acts: save, send, documents. Each checks everything it depends on in its own WHERE.
#include "store.h"
#include "store_columns.h"

enum status
store_save_value(struct call *call, const Submissions__SaveValueRequest *request, const struct answer *answer,
                 struct db_rows *ret_rows)
{
    // The one statement that runs by the thousand: it brings back only what the caller cannot know.
    static const char SQL[] =
        "WITH c AS ("
        " UPDATE assignment a SET version = a.version + 1, acts = a.acts + 1, value = $4, second_value = $5,"
        "   percent = $6, comment = $7, saved_at = $8::timestamptz,"
        "   state = CASE WHEN i.evidence_required AND a.document_count = 0 THEN $9 ELSE $10 END,"
        "   draft_is_new = (a.state IN ('empty', 'rejected') OR coalesce(a.sent_at >= a.saved_at, false)),"
        "   was_ready = (a.state = 'ready')"
        " FROM round_item i JOIN round r ON r.round_id = i.round_id"
        " WHERE a.assignment_id = $1 AND a.organisation_id = $2 AND a.version = $3 AND a.state = ANY ($11::text[])"
        "   AND i.round_item_id = " ITEM_OF_ASSIGNMENT " AND r.state = 'open' AND r.next_opens_at > $8::timestamptz"
        "   AND i.value_kind = $12 AND i.decimals >= $13 AND NOT ($14::boolean AND i.evidence_required)"
        " RETURNING a.acts, a.version, a.state, a.organisation_path, a.draft_is_new, a.was_ready, a.document_count,"
        "   i.evidence_required, r.due_at < $8::timestamptz AS overdue),"
        " entry AS ("
        " INSERT INTO history (assignment_id, act_number, version, at, actor_account_id, organisation_path, act, value,"
        "   second_value, percent, comment)"
        " SELECT $1, c.acts, c.version, $8::timestamptz, $15::uuid, c.organisation_path, 'saved', $4, $5, $6, $7 FROM "
        "c)"
        " SELECT version, state, draft_is_new, was_ready, document_count, evidence_required, overdue FROM c";
    // The two states the row may come to, decided by the rules for an item with a document missing and without.
    struct evidence missing = {.has_value = true, .answers_none = answer->answers_none, .is_required = true};
    struct evidence present = {.has_value = true, .answers_none = answer->answers_none};
    char states[STATES_TEXT_BYTES];
    rules_states_text(ACT_SAVE, states);
    return db_query(call->db, ret_rows, SQL,
                    DB_PARAMS(db_text(request->assignment_id), db_text(call->principal->organisation_id),
                              db_integer(request->expected_version), db_text(answer->value),
                              db_text(answer->second_value), db_text(answer->percent), db_text(request->comment),
                              db_text(call->now), db_text(rules_state_name(rules_draft_state(&missing))),
                              db_text(rules_state_name(rules_draft_state(&present))), db_text(states),
                              db_text(rules_kind_name(answer->kind)), db_integer(answer->decimals),
                              db_boolean(answer->is_undefined), db_text(call->principal->account_id)));
}

enum status
store_send(struct call *call, const Submissions__SubmitRequest *request, struct db_rows *ret_rows)
{
    // The documents of this snapshot must be those the row counts: one that is being attached right now would be
    // sent without being named.
    static const char SQL[] =
        "WITH held AS ("
        " SELECT coalesce(array_agg(f.document_id ORDER BY f.stored_at, f.document_id), '{}') AS documents"
        "   FROM document f WHERE f.assignment_id = $1 AND f.attached),"
        " c AS ("
        " UPDATE assignment a SET version = a.version + 1, acts = a.acts + 1, sent_at = $4::timestamptz,"
        "   state = 'in_review'"
        " FROM held, " ASSIGNMENT_TABLES
        " WHERE a.assignment_id = $1 AND a.organisation_id = $2 AND a.version = $3 AND a.state = ANY ($5::text[])"
        "   AND i.round_item_id = " ITEM_OF_ASSIGNMENT " AND r.state = 'open' AND r.next_opens_at > $4::timestamptz"
        "   AND a.document_count = cardinality(held.documents)"
        " RETURNING " ASSIGNMENT_COLUMNS(
            "$4::timestamptz") ", " ASSIGNMENT_KEYS ", held.documents AS sent_documents, r.programme_id),"
                               " entry AS ("
                               " INSERT INTO history (assignment_id, act_number, version, at, actor_account_id, "
                               "organisation_path, act, value,"
                               "   second_value, percent, comment, documents)"
                               " SELECT c.assignment_id, c.acts, c.version, $4::timestamptz, $6::uuid, "
                               "c.organisation_path, 'sent', c.value,"
                               "   c.second_value, c.percent, c.comment, c.sent_documents FROM c)"
                               " SELECT " CABINET_COLUMNS
                               ", p.code AS programme_code FROM c JOIN programme p USING (programme_id)" CABINET_JOINS;
    char states[STATES_TEXT_BYTES];
    rules_states_text(ACT_SEND, states);
    return db_query(call->db, ret_rows, SQL,
                    DB_PARAMS(db_text(request->assignment_id), db_text(call->principal->organisation_id),
                              db_integer(request->expected_version), db_text(call->now), db_text(states),
                              db_text(call->principal->account_id)));
}

#define SITUATION                                                                                                      \
    "SELECT a.state, a.version, (r.state = 'open' AND r.next_opens_at > $3::timestamptz) AS round_open,"               \
    " i.value_kind, i.decimals, i.evidence_required, a.value, a.document_count,"                                       \
    " to_char(r.closed_until, 'YYYY-MM-DD') AS closed_until, a.draft_is_new"                                           \
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
