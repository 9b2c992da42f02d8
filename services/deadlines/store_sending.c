// Messages on their way out: to whom, under which number, and back.
#include "store_messages.h"

#include "store_role.h"

// $1 message, $2 caller, $3 role, $4 now.
#define AUDIENCE                                                                                                       \
    "message m CROSS JOIN LATERAL audience_of($2::uuid, $3, m.author_path, m.organisation_ids, m.levels,"              \
    " ($4::timestamptz AT TIME ZONE m.zone)::date) f WHERE m.message_id = $1::uuid AND m.author_account_id = $2::uuid"
#define AUDIENCE_PARAMS(message_id)                                                                                    \
    db_text(message_id), db_text(call->principal->account_id), db_text(role_name(call)), db_text(call->now)

enum status
store_list_audience(struct call *call, const char *message_id, struct db_rows *ret_rows)
{
    return db_query(call->db, ret_rows,
                    "SELECT f.level, count(*) AS accounts, count(DISTINCT f.organisation_id) AS organisations"
                    " FROM " AUDIENCE " GROUP BY f.level ORDER BY level_order(f.level)",
                    DB_PARAMS(AUDIENCE_PARAMS(message_id)));
}

enum status
store_count_without_account(struct call *call, const char *message_id, uint32_t *ret_count)
{
    struct db_rows rows;
    enum status status =
        db_query(call->db, &rows,
                 "WITH m AS (SELECT * FROM message WHERE message_id = $1::uuid AND author_account_id = $2::uuid),"
                 " units AS (SELECT DISTINCT v.path FROM m JOIN organisation_version v ON v.organisation_id ="
                 "  ANY (m.organisation_ids) UNION SELECT author_path FROM m WHERE organisation_ids = '{}')"
                 " SELECT count(DISTINCT o.organisation_id) FROM m JOIN organisation_version o ON"
                 " level_of('ROLE_RESPONDENT', o.path, o.kind) = ANY (m.levels) AND o.kind IN ('school', 'authority')"
                 " WHERE o.valid_from <= ($3::timestamptz)::date AND (o.valid_to IS NULL OR o.valid_to > "
                 "($3::timestamptz)::date)"
                 " AND EXISTS (SELECT FROM units u WHERE vekha_in_scope(o.path, u.path))"
                 " AND ($4 <> 'ROLE_CURATOR' OR EXISTS (SELECT FROM curator_school c WHERE c.account_id = $2::uuid"
                 "  AND c.organisation_id = o.organisation_id))"
                 " AND NOT EXISTS (SELECT FROM account a WHERE a.organisation_id = o.organisation_id"
                 "  AND a.role = 'ROLE_RESPONDENT' AND NOT a.closed)",
                 DB_PARAMS(db_text(message_id), db_text(call->principal->account_id), db_text(call->now),
                           db_text(role_name(call))));
    *ret_count = status == STATUS_OK ? (uint32_t)db_integer_at(&rows, 0, 0) : 0;
    return status;
}

enum status
store_hold_numbers(struct call *call)
{
    struct db_rows rows;
    return db_query(call->db, &rows, "SELECT pg_advisory_xact_lock(hashtextextended('message number ' || $1, 0))",
                    DB_PARAMS(db_text(call->principal->organisation_id)));
}

enum status
store_send_message(struct call *call, const char *message_id, uint32_t expected_version, bool *ret_done)
{
    struct db_rows rows;
    enum status status = db_query(
        call->db, &rows,
        "UPDATE message m SET state = 'sent', version = m.version + 1, sent_at = $4::timestamptz,"
        " changed_at = $4::timestamptz, dated_on = d.day, number = CASE WHEN m.kind IN ('letter', 'order') THEN"
        "  coalesce(m.number, (SELECT coalesce(max(n.number::bigint), 0) + 1 FROM message n"
        "   WHERE n.author_organisation_id = m.author_organisation_id AND n.state <> 'draft'"
        "   AND n.number ~ '^[0-9]{1,9}$' AND extract(year FROM n.dated_on) = extract(year FROM d.day))::text) END"
        " FROM (SELECT coalesce(dated_on, ($4::timestamptz AT TIME ZONE zone)::date) AS day FROM message"
        "  WHERE message_id = $1::uuid) d"
        " WHERE m.message_id = $1::uuid AND m.author_account_id = $2::uuid AND m.state = 'draft'"
        " AND m.version = $3::integer RETURNING m.message_id",
        DB_PARAMS(db_text(message_id), db_text(call->principal->account_id), db_integer(expected_version),
                  db_text(call->now)));
    *ret_done = status == STATUS_OK && rows.count > 0;
    return status;
}

enum status
store_address_message(struct call *call, const char *message_id, int64_t *ret_addressed)
{
    struct db_rows rows;
    enum status status = db_query(
        call->db, &rows,
        "WITH added AS (INSERT INTO message_addressee (message_id, account_id, organisation_id, municipality_id, path,"
        " level, addressed_at) SELECT m.message_id, f.account_id, f.organisation_id, f.municipality_id, f.path, "
        "f.level,"
        " $4::timestamptz FROM " AUDIENCE " ON CONFLICT DO NOTHING RETURNING account_id),"
        " words AS (INSERT INTO message_word (message_id, about, account_id, at)"
        "  SELECT $1::uuid, 'sent', account_id, $4::timestamptz FROM added ON CONFLICT DO NOTHING)"
        " SELECT count(*) FROM added",
        DB_PARAMS(AUDIENCE_PARAMS(message_id)));
    *ret_addressed = status == STATUS_OK ? db_integer_at(&rows, 0, 0) : 0;
    return status;
}

enum status
store_plan_message_reminders(struct call *call, const char *message_id)
{
    return db_run(call->db,
                  "INSERT INTO message_timer (message_id, about, fires_at)"
                  " SELECT m.message_id, t.about, m.starts_at - t.before FROM message m,"
                  " (VALUES ('day_before', interval '1 day'), ('hour_before', interval '1 hour')) t (about, before)"
                  " WHERE m.message_id = $1::uuid AND m.kind = 'consultation'"
                  " AND m.starts_at - t.before > $2::timestamptz ON CONFLICT DO NOTHING",
                  DB_PARAMS(db_text(message_id), db_text(call->now)));
}

// Addressees of message `m` who are to hear that it holds no more; their reminders go.
#define CALL_OFF                                                                                                       \
    " timers AS (DELETE FROM message_timer t USING m WHERE t.message_id = m.message_id),"                              \
    " words AS (INSERT INTO message_word (message_id, about, account_id, at)"                                          \
    "  SELECT m.message_id, 'recalled', a.account_id, $3::timestamptz FROM m JOIN message_addressee a"                 \
    "  USING (message_id) WHERE m.state = 'recalled' ON CONFLICT DO NOTHING)"

enum status
store_supersede_message(struct call *call, const char *message_id)
{
    return db_run(call->db,
                  "WITH m AS (UPDATE message old SET state = 'superseded', superseded_by_id = new.message_id,"
                  " version = old.version + 1, changed_at = $3::timestamptz FROM message new"
                  " WHERE new.message_id = $1::uuid AND old.message_id = new.supersedes_id"
                  " AND old.author_account_id = $2::uuid AND old.state = 'sent' RETURNING old.*)," CALL_OFF
                  " SELECT message_id FROM m",
                  DB_PARAMS(db_text(message_id), db_text(call->principal->account_id), db_text(call->now)));
}

enum status
store_recall_message(struct call *call, const Deadlines__RecallMessageRequest *request, bool *ret_done)
{
    struct db_rows rows;
    enum status status = db_query(
        call->db, &rows,
        "WITH m AS (UPDATE message SET state = 'recalled', recalled_at = $3::timestamptz, recall_reason = $4,"
        " version = version + 1, changed_at = $3::timestamptz WHERE message_id = $1::uuid"
        " AND author_account_id = $2::uuid AND state = 'sent' RETURNING *)," CALL_OFF " SELECT message_id FROM m",
        DB_PARAMS(db_text(request->message_id), db_text(call->principal->account_id), db_text(call->now),
                  db_text(request->reason)));
    *ret_done = status == STATUS_OK && rows.count > 0;
    return status;
}
