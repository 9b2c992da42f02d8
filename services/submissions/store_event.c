// What files and review tell us about assignments.
#include "store.h"

enum status
store_put_document(struct call *call, const Events__DocumentStored *event, bool *ret_new)
{
    static const char SQL[] =
        "INSERT INTO document (document_id, assignment_id, organisation_id, organisation_path, file_name, size_bytes,"
        " pages, stored_at, attached) VALUES ($1, $2, $3, $4, $5, $6, $7, $8::timestamptz, false)"
        " ON CONFLICT (document_id) DO NOTHING";
    struct db_rows rows;
    enum status status =
        db_query(call->db, &rows, SQL,
                 DB_PARAMS(db_text(event->document_id), db_text(event->assignment_id), db_text(event->organisation_id),
                           db_string(event->organisation_path), db_string(event->file_name),
                           db_integer((int64_t)event->size_bytes), db_integer(event->pages), db_text(event->at)));
    if (status == STATUS_OK)
        *ret_new = rows.affected > 0;
    return status;
}

enum status
store_apply_verdict(struct call *call, const Events__VerdictGiven *event, struct db_rows *ret_rows)
{
    // The values accepted last are kept beside the history.
    static const char SQL[] =
        "WITH c AS ("
        " UPDATE assignment a SET version = a.version + 1, acts = a.acts + 1,"
        "   state = CASE WHEN $3 THEN $4 ELSE $5 END, rejected_act = CASE WHEN $3 THEN NULL ELSE a.acts + 1 END"
        " FROM round_item i JOIN round r ON r.round_id = i.round_id"
        " WHERE a.assignment_id = $1 AND a.version = $2 AND a.state = ANY ($6::text[])"
        "   AND i.round_item_id = a.round_item_id"
        " RETURNING a.*, i.item_id, r.next_opens_at),"
        " entry AS ("
        " INSERT INTO history (assignment_id, act_number, version, at, actor_account_id, organisation_path, act, value,"
        "   second_value, percent, comment, resolution)"
        " SELECT c.assignment_id, c.acts, c.version, $7::timestamptz, $8::uuid, c.organisation_path, c.state, c.value,"
        "   c.second_value, c.percent, c.comment, $9 FROM c),"
        " last AS ("
        " INSERT INTO accepted (organisation_id, item_id, organisation_path, assignment_id, version, value,"
        "   second_value, percent, accepted_at)"
        " SELECT c.organisation_id, c.item_id, c.organisation_path, c.assignment_id, $2, c.value, c.second_value,"
        "   c.percent, $7::timestamptz FROM c WHERE $3"
        " ON CONFLICT (organisation_id, item_id) DO UPDATE SET assignment_id = excluded.assignment_id,"
        "   version = excluded.version, value = excluded.value, second_value = excluded.second_value,"
        "   percent = excluded.percent, accepted_at = excluded.accepted_at"
        " WHERE accepted.accepted_at <= excluded.accepted_at)"
        " SELECT c.assignment_id, vekha_time(c.next_opens_at) AS next_opens_at FROM c";
    char states[STATES_TEXT_BYTES];
    rules_states_text(event->accepted ? ACT_ACCEPT : ACT_REJECT, states);
    return db_query(call->db, ret_rows, SQL,
                    DB_PARAMS(db_text(event->assignment_id), db_integer(event->version), db_boolean(event->accepted),
                              db_text(rules_state_name(STATE_ACCEPTED)), db_text(rules_state_name(STATE_REJECTED)),
                              db_text(states), db_text(event->at), db_text(event->operator_account_id),
                              db_text(event->resolution)));
}

enum status
store_apply_withdrawal(struct call *call, const Events__ReviewWithdrawn *event, struct db_rows *ret_rows)
{
    // What could be sent can be sent again: the documents were locked with the answer.
    static const char SQL[] =
        "WITH c AS ("
        " UPDATE assignment a SET version = a.version + 1, acts = a.acts + 1, state = $3"
        " WHERE a.assignment_id = $1 AND a.version = $2 AND a.state = ANY ($4::text[]) RETURNING a.*),"
        " entry AS ("
        " INSERT INTO history (assignment_id, act_number, version, at, actor_account_id, organisation_path, act, value,"
        "   second_value, percent, comment)"
        " SELECT c.assignment_id, c.acts, c.version, $5::timestamptz, $6::uuid, c.organisation_path, 'withdrawn',"
        "   c.value, c.second_value, c.percent, c.comment FROM c)"
        " SELECT c.assignment_id FROM c";
    char states[STATES_TEXT_BYTES];
    rules_states_text(ACT_WITHDRAW, states);
    return db_query(call->db, ret_rows, SQL,
                    DB_PARAMS(db_text(event->assignment_id), db_integer(event->version),
                              db_text(rules_state_name(STATE_READY)), db_text(states), db_text(event->at),
                              db_text(event->account_id)));
}
