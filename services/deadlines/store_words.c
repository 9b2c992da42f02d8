// Word of messages: taken from the line, a few hundred addressees at a time, into notices and letters.
#include "store_messages.h"

enum status
store_take_message_timers(struct call *call)
{
    // A reminder that comes when the next one is due too, or after the beginning, says nothing.
    return db_run(
        call->db,
        "WITH due AS (SELECT message_id, about FROM message_timer WHERE fires_at <= $1::timestamptz ORDER BY fires_at"
        "  LIMIT 20 FOR UPDATE SKIP LOCKED), taken AS (DELETE FROM message_timer t USING due d"
        "  WHERE t.message_id = d.message_id AND t.about = d.about RETURNING t.*)"
        " INSERT INTO message_word (message_id, about, account_id, at)"
        " SELECT t.message_id, t.about, a.account_id, t.fires_at FROM taken t JOIN message m USING (message_id)"
        " JOIN message_addressee a USING (message_id) WHERE m.state = 'sent' AND m.starts_at > $1::timestamptz"
        " AND NOT EXISTS (SELECT FROM taken l WHERE l.message_id = t.message_id AND l.fires_at > t.fires_at)"
        " ON CONFLICT DO NOTHING",
        DB_PARAMS(db_text(call->now)));
}

enum status
store_take_words(struct call *call, struct db_rows *ret_rows)
{
    // Those who got it with the same words: of whoever passed it on.
    return db_query(
        call->db, ret_rows,
        "WITH first AS (SELECT w.message_id, w.about, a.pass_id FROM message_word w"
        "  JOIN message_addressee a USING (message_id, account_id) ORDER BY w.at, w.message_id LIMIT 1"
        "  FOR UPDATE OF w SKIP LOCKED),"
        " chosen AS (SELECT w.message_id, w.about, w.account_id FROM first f JOIN message_word w"
        "  ON w.message_id = f.message_id AND w.about = f.about JOIN message_addressee a"
        "  ON a.message_id = w.message_id AND a.account_id = w.account_id AND a.pass_id IS NOT DISTINCT FROM f.pass_id"
        "  LIMIT 200 FOR UPDATE OF w SKIP LOCKED),"
        " taken AS (DELETE FROM message_word w USING chosen s WHERE w.message_id = s.message_id AND w.about = s.about"
        "  AND w.account_id = s.account_id RETURNING w.*)"
        " SELECT m.message_id, t.about, m.kind, m.subject, m.number, to_char(m.dated_on, 'YYYY-MM-DD'), m.author_name,"
        " m.author_organisation, to_char(m.starts_at AT TIME ZONE m.zone, 'YYYY-MM-DD'),"
        " to_char(m.starts_at AT TIME ZONE m.zone, 'HH24:MI'), m.zone, zone_minutes(m.starts_at, m.zone),"
        " m.asks_acknowledgement, m.recall_reason, p.person_name, p.words, m.document_ids,"
        " array_agg(t.account_id), array_agg(a.path)"
        " FROM taken t JOIN message m USING (message_id)"
        " JOIN message_addressee a ON a.message_id = t.message_id AND a.account_id = t.account_id"
        " LEFT JOIN message_pass p ON p.pass_id = a.pass_id GROUP BY m.message_id, t.about, p.pass_id",
        DB_NO_PARAMS);
}

enum status
store_tell_addressees(struct call *call, const struct message_notice *notice, struct db_rows *ret_rows)
{
    return db_query(
        call->db, ret_rows,
        "WITH people AS (SELECT a.account_id, a.path, coalesce(a.email, o.email) AS address FROM account a"
        "  LEFT JOIN LATERAL (SELECT v.email FROM organisation_on(a.organisation_id, ($7::timestamptz)::date) v"
        "   WHERE a.role = 'ROLE_RESPONDENT') o ON true"
        "  WHERE a.account_id = ANY ($1::uuid[]) AND NOT a.closed),"
        " told AS (INSERT INTO notification (account_id, path, cause, kind, title, text, message_id, items, at)"
        "  SELECT p.account_id, p.path, $2, $3, $4, $5, $6::uuid, 1, $7::timestamptz FROM people p"
        "  ON CONFLICT (account_id, cause) DO NOTHING RETURNING notification_id, account_id),"
        " written AS (INSERT INTO mail (path, cause, address, subject, body, written_at, next_at)"
        "  SELECT DISTINCT ON (p.address) p.path, $2, p.address, $4, $8, $7::timestamptz, $7::timestamptz FROM people p"
        "  WHERE p.address IS NOT NULL AND wants_mail(p.account_id, $3) ON CONFLICT (address, cause) DO NOTHING)"
        " SELECT notification_id, account_id FROM told",
        DB_PARAMS(db_text(notice->accounts), db_text(notice->cause), db_text(notice->kind), db_text(notice->title),
                  db_text(notice->text), db_text(notice->message_id), db_text(call->now), db_text(notice->letter)));
}
