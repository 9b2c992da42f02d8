// Letters between waiting and sent.
#include "store.h"

// Letter `m` goes back into the queue, or waits for its campaign to go on.
#define WAITING                                                                                                        \
    "CASE WHEN EXISTS (SELECT FROM campaign c WHERE c.campaign_id = m.campaign_id AND c.state = 'stopped')"            \
    " THEN 'stopped' ELSE 'waiting' END"

enum status
store_recover_letters(struct call *call)
{
    return db_run(call->db,
                  "UPDATE mail m SET state = CASE WHEN m.handed_at IS NOT NULL THEN 'sent' ELSE " WAITING " END,"
                  " unconfirmed = m.handed_at IS NOT NULL, sent_at = m.handed_at, lease_until = NULL"
                  " WHERE m.state = 'sending' AND m.lease_until < $1::timestamptz",
                  DB_PARAMS(db_text(call->now)));
}

enum status
store_take_letters(struct call *call, struct db_rows *ret_rows)
{
    return db_query(
        call->db, ret_rows,
        "WITH taken AS (UPDATE mail m SET state = 'sending', attempts = m.attempts + 1,"
        "  lease_until = $1::timestamptz + interval '5 minutes'"
        "  FROM (SELECT mail_id FROM mail w WHERE state = 'waiting' AND next_at <= $1::timestamptz AND NOT EXISTS"
        "    (SELECT FROM campaign s WHERE s.campaign_id = w.campaign_id AND s.state = 'stopped')"
        "   ORDER BY next_at LIMIT $2::integer FOR UPDATE SKIP LOCKED) due WHERE m.mail_id = due.mail_id"
        "  RETURNING m.*)"
        " SELECT t.mail_id, t.address, t.subject, coalesce(c.text, t.body), coalesce(c.html, ''),"
        " (extract(epoch FROM t.written_at) * 1000)::bigint, t.attempts, a.login"
        " FROM taken t LEFT JOIN campaign c USING (campaign_id) LEFT JOIN account a USING (account_id) ORDER BY "
        "t.path, t.address",
        DB_PARAMS(db_text(call->now), db_integer(LETTERS_AT_ONCE)));
}

enum status
store_letter_handed(struct call *call, const char *sent_mail_id, const char *mail_id)
{
    return db_send(call->db,
                   "UPDATE mail SET state = CASE WHEN mail_id = $1::uuid THEN 'sent' ELSE state END,"
                   " sent_at = CASE WHEN mail_id = $1::uuid THEN $3::timestamptz ELSE sent_at END,"
                   " lease_until = CASE WHEN mail_id = $1::uuid THEN NULL ELSE lease_until END,"
                   " last_error = CASE WHEN mail_id = $1::uuid THEN NULL ELSE last_error END,"
                   " handed_at = CASE WHEN mail_id = $2::uuid THEN $3::timestamptz ELSE handed_at END"
                   " WHERE mail_id IN ($1::uuid, $2::uuid)",
                   DB_PARAMS(db_text(sent_mail_id), db_text(mail_id), db_text(call->now)));
}

enum status
store_letter_sent(struct call *call, const char *mail_id)
{
    return db_run(call->db,
                  "UPDATE mail SET state = 'sent', sent_at = $2::timestamptz, lease_until = NULL, last_error = NULL"
                  " WHERE mail_id = $1::uuid",
                  DB_PARAMS(db_text(mail_id), db_text(call->now)));
}

enum status
store_letter_failed(struct call *call, const char *mail_id, const char *problem)
{
    return db_run(call->db,
                  "UPDATE mail SET state = 'failed', lease_until = NULL, handed_at = NULL, last_error = $3, failed_at "
                  "= $2::timestamptz"
                  " WHERE mail_id = $1::uuid",
                  DB_PARAMS(db_text(mail_id), db_text(call->now), db_text(problem)));
}

enum status
store_letter_later(struct call *call, const char *mail_id, int64_t delay_s, bool was_tried, const char *problem)
{
    return db_run(
        call->db,
        "UPDATE mail m SET state = " WAITING ", lease_until = NULL, handed_at = NULL,"
        " next_at = $2::timestamptz + make_interval(secs => $3::integer),"
        " attempts = attempts - (NOT $4::boolean)::integer, last_error = coalesce($5, last_error),"
        " failed_at = CASE WHEN $5::text IS NULL THEN failed_at ELSE $2::timestamptz END"
        " WHERE mail_id = $1::uuid",
        DB_PARAMS(db_text(mail_id), db_text(call->now), db_integer(delay_s), db_boolean(was_tried), db_text(problem)));
}

enum status
store_mailbox_position(struct call *call, uint32_t *ret_validity, uint32_t *ret_number)
{
    struct db_rows rows;
    enum status status = db_query(call->db, &rows, "SELECT validity, number FROM mailbox", DB_NO_PARAMS);
    bool is_known = status == STATUS_OK && rows.count > 0;
    *ret_validity = is_known ? (uint32_t)db_integer_at(&rows, 0, 0) : 0;
    *ret_number = is_known ? (uint32_t)db_integer_at(&rows, 0, 1) : 0;
    return status;
}

enum status
store_set_mailbox_position(struct call *call, uint32_t validity, uint32_t number)
{
    return db_run(
        call->db,
        "INSERT INTO mailbox AS m (validity, number) VALUES ($1, $2) ON CONFLICT (one) DO UPDATE SET validity ="
        " EXCLUDED.validity, number = CASE WHEN m.validity = EXCLUDED.validity THEN"
        " greatest(m.number, EXCLUDED.number) ELSE EXCLUDED.number END",
        DB_PARAMS(db_integer(validity), db_integer(number)));
}

enum status
store_letter_returned(struct call *call, const char *mail_id, const char *report_id, const char *problem,
                      bool *ret_counted, bool *ret_wait)
{
    struct db_rows rows;
    enum status status = db_query(
        call->db, &rows,
        "WITH found AS (SELECT mail_id, state FROM mail WHERE mail_id = $1::uuid AND $2 <> ALL (reports) FOR UPDATE),"
        " back AS (UPDATE mail m SET state = 'failed', failed_at = $4::timestamptz, last_error = $3, handed_at = NULL,"
        "  unconfirmed = false, reports = m.reports || $2::text FROM found f"
        "  WHERE m.mail_id = f.mail_id AND f.state = 'sent' RETURNING m.mail_id)"
        " SELECT coalesce((SELECT state = 'sending' FROM found), false), EXISTS (SELECT FROM back)",
        DB_PARAMS(db_text(mail_id), db_text(report_id), db_text(problem), db_text(call->now)));
    *ret_wait = status == STATUS_OK && db_boolean_at(&rows, 0, 0);
    *ret_counted = status == STATUS_OK && db_boolean_at(&rows, 0, 1);
    return status;
}

enum status
store_mail_status(struct call *call, struct db_rows *ret_rows)
{
    return db_query(
        call->db, ret_rows,
        "SELECT count(*) FILTER (WHERE state IN ('waiting', 'sending')) AS waiting,"
        " count(*) FILTER (WHERE state = 'sent') AS sent, count(*) FILTER (WHERE state = 'failed') AS failed,"
        " (SELECT last_error FROM mail WHERE failed_at IS NOT NULL AND last_error IS NOT NULL"
        " ORDER BY failed_at DESC LIMIT 1) AS last_error FROM mail",
        DB_NO_PARAMS);
}
