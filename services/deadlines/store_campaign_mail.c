// A campaign on its way: its letters written, held back, sent again, and told of one by one.
#include "store_campaigns.h"

enum { LETTERS_PAGE = 100 };

#define READING_WINDOW "interval '10 minutes'"

enum status
store_send_campaign(struct call *call, const char *campaign_id, uint32_t version, const struct campaign_letter *letter,
                    bool *ret_done)
{
    struct db_rows rows;
    enum status status = db_query(
        call->db, &rows,
        "UPDATE campaign c SET state = 'sending', version = c.version + 1, changed_at = $3::timestamptz,"
        " sent_at = $3::timestamptz, due_on = (SELECT due_day(r.due_at, r.zone) FROM round r"
        "  WHERE r.round_id = c.round_id), group_titles = $4::text[], group_indicators = $5::integer[],"
        " group_participants = $6::text[], text = $7, html = $8"
        " WHERE c.campaign_id = $1::uuid AND c.version = $2::integer AND c.state = 'draft' RETURNING c.campaign_id",
        DB_PARAMS(db_text(campaign_id), db_integer(version), db_text(call->now), db_text(letter->titles),
                  db_text(letter->indicators), db_text(letter->participants), db_string(letter->text),
                  db_string(letter->html)));
    *ret_done = status == STATUS_OK && rows.count > 0;
    return status;
}

enum status
store_write_campaign_letters(struct call *call, const char *campaign_id, int64_t *ret_letters)
{
    struct db_rows rows;
    enum status status = db_query(
        call->db, &rows,
        "WITH written AS (INSERT INTO mail (path, cause, address, subject, body, written_at, next_at, campaign_id,"
        "  organisation_id) SELECT DISTINCT ON (lower(a.address)) a.path, 'campaign:' || c.campaign_id, a.address,"
        "  c.subject, '', $2::timestamptz, $2::timestamptz, c.campaign_id, a.organisation_id FROM campaign c"
        "  CROSS JOIN LATERAL campaign_audience(c.round_id, c.author_path, c.organisation_ids,"
        "   ($2::timestamptz)::date) a WHERE c.campaign_id = $1::uuid AND a.address IS NOT NULL"
        "  ORDER BY lower(a.address), a.path ON CONFLICT (address, cause) DO NOTHING RETURNING mail_id)"
        " SELECT count(*) FROM written",
        DB_PARAMS(db_text(campaign_id), db_text(call->now)));
    *ret_letters = status == STATUS_OK ? db_integer_at(&rows, 0, 0) : 0;
    return status;
}

enum status
store_stop_campaign(struct call *call, const char *campaign_id, bool *ret_done)
{
    struct db_rows rows;
    enum status status = db_query(
        call->db, &rows,
        "WITH stopped AS (UPDATE campaign SET state = 'stopped', version = version + 1, changed_at = $2::timestamptz"
        "  WHERE campaign_id = $1::uuid AND state = 'sending' RETURNING campaign_id),"
        " held AS (UPDATE mail m SET state = 'stopped' FROM stopped s WHERE m.campaign_id = s.campaign_id"
        "  AND m.state = 'waiting')"
        " SELECT campaign_id FROM stopped",
        DB_PARAMS(db_text(campaign_id), db_text(call->now)));
    *ret_done = status == STATUS_OK && rows.count > 0;
    return status;
}

enum status
store_resume_campaign(struct call *call, const char *campaign_id, bool *ret_done)
{
    struct db_rows rows;
    enum status status = db_query(
        call->db, &rows,
        "WITH resumed AS (UPDATE campaign SET state = 'sending', version = version + 1, changed_at = $2::timestamptz"
        "  WHERE campaign_id = $1::uuid AND state = 'stopped' RETURNING campaign_id),"
        " let_go AS (UPDATE mail m SET state = 'waiting', next_at = $2::timestamptz FROM resumed r"
        "  WHERE m.campaign_id = r.campaign_id AND m.state = 'stopped')"
        " SELECT campaign_id FROM resumed",
        DB_PARAMS(db_text(campaign_id), db_text(call->now)));
    *ret_done = status == STATUS_OK && rows.count > 0;
    return status;
}

// A letter whose address is nobody's any more goes to one that its organisation has instead, if that one has no letter
// yet.
#define NEW_ADDRESSES                                                                                                  \
    " audience AS MATERIALIZED (SELECT DISTINCT ON (lower(a.address)) a.organisation_id, a.address FROM retried r"     \
    "  CROSS JOIN LATERAL campaign_audience(r.round_id, r.author_path, r.organisation_ids, ($2::timestamptz)::date) a" \
    "  WHERE a.address IS NOT NULL ORDER BY lower(a.address), a.path),"                                                \
    " given AS (SELECT organisation_id, address, row_number() OVER (PARTITION BY organisation_id ORDER BY address)"    \
    "   AS place FROM audience a WHERE NOT EXISTS (SELECT FROM mail k JOIN retried r USING (campaign_id)"              \
    "   WHERE lower(k.address) = lower(a.address))),"                                                                  \
    " stale AS (SELECT m.mail_id, m.organisation_id, row_number() OVER (PARTITION BY m.organisation_id"                \
    "   ORDER BY m.address) AS place FROM mail m JOIN retried r USING (campaign_id) WHERE m.state = 'failed'"          \
    "   AND NOT EXISTS (SELECT FROM audience a WHERE lower(a.address) = lower(m.address))),"                           \
    " moved AS MATERIALIZED (SELECT s.mail_id, g.address FROM stale s JOIN given g USING (organisation_id, place)),"

enum status
store_retry_campaign(struct call *call, const Deadlines__RetryCampaignRequest *request, bool *ret_done)
{
    struct db_rows rows;
    enum status status = db_query(
        call->db, &rows,
        "WITH retried AS (UPDATE campaign SET version = version + 1, changed_at = $2::timestamptz"
        "  WHERE campaign_id = $1::uuid AND state = 'sending'"
        "  RETURNING campaign_id, round_id, author_path, organisation_ids)," NEW_ADDRESSES
        " again AS (UPDATE mail m SET state = 'waiting', attempts = 0, next_at = $2::timestamptz, sent_at = NULL,"
        "  failed_at = NULL, last_error = NULL, handed_at = NULL, unconfirmed = false,"
        "  address = coalesce((SELECT v.address FROM moved v WHERE v.mail_id = m.mail_id), m.address) FROM retried r"
        "  WHERE m.campaign_id = r.campaign_id AND (m.state = 'failed' OR (m.state = 'waiting'"
        "   AND m.last_error IS NOT NULL) OR ($3::boolean AND m.state = 'sent' AND m.unconfirmed)))"
        " SELECT campaign_id FROM retried",
        DB_PARAMS(db_text(request->campaign_id), db_text(call->now), db_boolean(request->include_unconfirmed)));
    *ret_done = status == STATUS_OK && rows.count > 0;
    return status;
}

// Letters `l` of $1 with their state as it is told; $2 and $3: the state and the words that are looked for.
#define LETTERS                                                                                                        \
    "(SELECT m.*, coalesce(o.short_name, '') AS organisation_name, o.municipality_id, CASE"                            \
    "  WHEN m.state = 'waiting' AND m.last_error IS NOT NULL THEN 'retrying'"                                          \
    "  WHEN m.state = 'sent' AND m.unconfirmed THEN 'unconfirmed' ELSE m.state END AS told"                            \
    "  FROM mail m LEFT JOIN LATERAL organisation_on(m.organisation_id, (m.written_at)::date) o ON true"               \
    "  WHERE m.campaign_id = $1::uuid) l WHERE ($2::text IS NULL OR l.told = $2) AND ($3::text IS NULL"                \
    "  OR strpos(lower(l.address), lower($3)) > 0 OR strpos(lower(l.organisation_name), lower($3)) > 0)"
#define LETTERS_PARAMS(request) db_text((request)->campaign_id), db_text((request)->state), db_text((request)->query)

enum status
store_list_campaign_letters(struct call *call, const Deadlines__ListCampaignLettersRequest *request,
                            struct db_rows *ret_rows)
{
    return db_query(
        call->db, ret_rows,
        "SELECT w.mail_id AS letter_id, w.address, w.organisation_name, coalesce(u.short_name, '')"
        " AS municipality_name, w.told AS state, w.attempts, w.last_error AS problem, vekha_time(w.sent_at) AS sent_at,"
        " CASE WHEN w.state = 'waiting' THEN vekha_time(w.next_at) END AS next_at"
        " FROM (SELECT * FROM " LETTERS " AND ($4::uuid IS NULL OR (l.path, l.address) >"
        "  (SELECT k.path, k.address FROM mail k WHERE k.mail_id = $4::uuid))"
        "  ORDER BY l.path, l.address LIMIT $5::integer) w"
        " LEFT JOIN LATERAL organisation_on(w.municipality_id, ($6::timestamptz)::date) u ON true"
        " ORDER BY w.path, w.address",
        DB_PARAMS(LETTERS_PARAMS(request), db_text(request->after_letter_id),
                  db_integer(request->limit ? request->limit : LETTERS_PAGE), db_text(call->now)));
}

enum status
store_count_campaign_letters(struct call *call, const Deadlines__ListCampaignLettersRequest *request,
                             uint32_t *ret_total)
{
    struct db_rows rows;
    enum status status = db_query(call->db, &rows, "SELECT count(*) FROM " LETTERS, DB_PARAMS(LETTERS_PARAMS(request)));
    *ret_total = status == STATUS_OK ? (uint32_t)db_integer_at(&rows, 0, 0) : 0;
    return status;
}

enum status
store_note_addresses_read(struct call *call, const char *campaign_id, const char **ret_subject)
{
    struct db_rows rows;
    enum status status =
        db_query(call->db, &rows,
                 "INSERT INTO message_contact_reading AS known (session_id, message_id, read_at)"
                 " VALUES ($1::uuid, $2::uuid, $3::timestamptz)"
                 " ON CONFLICT (session_id, message_id) DO UPDATE SET read_at = excluded.read_at"
                 " WHERE known.read_at <= excluded.read_at - " READING_WINDOW
                 " RETURNING (SELECT subject FROM campaign WHERE campaign_id = $2::uuid)",
                 DB_PARAMS(db_text(call->principal->session_id), db_text(campaign_id), db_text(call->now)));
    *ret_subject = status == STATUS_OK && rows.count ? db_text_at(&rows, 0, 0) : NULL;
    return status;
}
