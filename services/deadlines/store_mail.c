// Letters between waiting and sent.
#include "store.h"

enum status
store_take_letters(struct call *call, struct db_rows *ret_rows)
{
    return db_query(call->db, ret_rows,
                    "UPDATE mail m SET state = 'sending', attempts = m.attempts + 1,"
                    " lease_until = $1::timestamptz + interval '5 minutes'"
                    " FROM (SELECT mail_id FROM mail WHERE (state = 'waiting' AND next_at <= $1::timestamptz)"
                    " OR (state = 'sending' AND lease_until < $1::timestamptz)"
                    " ORDER BY next_at LIMIT $2::integer FOR UPDATE SKIP LOCKED) due WHERE m.mail_id = due.mail_id"
                    " RETURNING m.mail_id, m.address, m.subject, m.body,"
                    " (extract(epoch FROM m.written_at) * 1000)::bigint, m.attempts",
                    DB_PARAMS(db_text(call->now), db_integer(LETTERS_AT_ONCE)));
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
                  "UPDATE mail SET state = 'failed', lease_until = NULL, last_error = $3, failed_at = $2::timestamptz"
                  " WHERE mail_id = $1::uuid",
                  DB_PARAMS(db_text(mail_id), db_text(call->now), db_text(problem)));
}

enum status
store_letter_later(struct call *call, const char *mail_id, int64_t delay_s, bool was_tried, const char *problem)
{
    return db_run(
        call->db,
        "UPDATE mail SET state = 'waiting', lease_until = NULL,"
        " next_at = $2::timestamptz + make_interval(secs => $3::integer),"
        " attempts = attempts - (NOT $4::boolean)::integer, last_error = coalesce($5, last_error),"
        " failed_at = CASE WHEN $5::text IS NULL THEN failed_at ELSE $2::timestamptz END"
        " WHERE mail_id = $1::uuid",
        DB_PARAMS(db_text(mail_id), db_text(call->now), db_integer(delay_s), db_boolean(was_tried), db_text(problem)));
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
