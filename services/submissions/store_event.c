// What files and review tell us about assignments.
#include <string.h>

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

enum { VERDICT_COLUMNS = 6 };

enum status
store_apply_verdicts(struct call *call, const Events__VerdictGiven *const *events, size_t count,
                     struct db_rows *ret_rows)
{
    // The values accepted last are kept beside the history. Of an item that two rounds ask for, both may be accepted
    // here: the later counts.
    static const char SQL[] =
        "WITH w AS ("
        " SELECT * FROM unnest($1::uuid[], $2::integer[], $3::boolean[], $4::timestamptz[], $5::uuid[], $6::text[])"
        "   WITH ORDINALITY AS w (assignment_id, version, accepted, at, operator, resolution, place)),"
        " c AS ("
        " UPDATE assignment a SET version = a.version + 1, acts = a.acts + 1,"
        "   state = CASE WHEN w.accepted THEN $7 ELSE $8 END,"
        "   rejected_act = CASE WHEN w.accepted THEN NULL ELSE a.acts + 1 END"
        " FROM w, round_item i JOIN round r ON r.round_id = i.round_id"
        " WHERE a.assignment_id = w.assignment_id AND a.version = w.version"
        "   AND a.state = ANY (CASE WHEN w.accepted THEN $9::text[] ELSE $10::text[] END)"
        "   AND i.round_item_id = a.round_item_id"
        " RETURNING a.assignment_id, a.acts, a.version, a.organisation_id, a.organisation_path, a.state, a.value,"
        "   a.second_value, a.percent, a.comment, i.item_id, r.next_opens_at, w.accepted, w.at, w.operator,"
        "   w.resolution, w.place),"
        " entry AS ("
        " INSERT INTO history (assignment_id, act_number, version, at, actor_account_id, organisation_path, act, value,"
        "   second_value, percent, comment, resolution)"
        " SELECT c.assignment_id, c.acts, c.version, c.at, c.operator, c.organisation_path, c.state, c.value,"
        "   c.second_value, c.percent, c.comment, c.resolution FROM c),"
        " last AS ("
        " INSERT INTO accepted (organisation_id, item_id, organisation_path, assignment_id, version, value,"
        "   second_value, percent, accepted_at)"
        " SELECT DISTINCT ON (c.organisation_id, c.item_id) c.organisation_id, c.item_id, c.organisation_path,"
        "   c.assignment_id, c.version - 1, coalesce(c.value, ''), c.second_value, c.percent, c.at FROM c WHERE "
        "c.accepted"
        "   ORDER BY c.organisation_id, c.item_id, c.at DESC, c.place DESC"
        " ON CONFLICT (organisation_id, item_id) DO UPDATE SET assignment_id = excluded.assignment_id,"
        "   version = excluded.version, value = excluded.value, second_value = excluded.second_value,"
        "   percent = excluded.percent, accepted_at = excluded.accepted_at"
        " WHERE accepted.accepted_at <= excluded.accepted_at)"
        " SELECT c.place, vekha_time(c.next_opens_at) AS next_opens_at FROM c ORDER BY c.place";
    const char *(*rows)[VERDICT_COLUMNS] = arena_take(call->arena, count * sizeof(*rows));
    if (!rows)
        return STATUS_BUSY;
    for (size_t i = 0; i < count; i++) {
        const char *row[VERDICT_COLUMNS] = {
            events[i]->assignment_id,        arena_format(call->arena, "%u", events[i]->version),
            events[i]->accepted ? "t" : "f", events[i]->at,
            events[i]->operator_account_id,  events[i]->resolution,
        };
        if (!row[1])
            return STATUS_BUSY;
        memcpy(rows[i], row, sizeof(row));
    }
    struct db_param columns[VERDICT_COLUMNS];
    enum status status = db_text_columns(call->arena, rows[0], count, VERDICT_COLUMNS, columns);
    if (status != STATUS_OK)
        return status;
    char to_accept[STATES_TEXT_BYTES], to_reject[STATES_TEXT_BYTES];
    rules_states_text(ACT_ACCEPT, to_accept);
    rules_states_text(ACT_REJECT, to_reject);
    return db_query(call->db, ret_rows, SQL,
                    DB_PARAMS(columns[0], columns[1], columns[2], columns[3], columns[4], columns[5],
                              db_text(rules_state_name(STATE_ACCEPTED)), db_text(rules_state_name(STATE_REJECTED)),
                              db_text(to_accept), db_text(to_reject)));
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
