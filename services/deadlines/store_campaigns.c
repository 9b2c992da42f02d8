// Campaigns as they are written: drafts, the table of a round, and whom it asks.
#include "store_campaigns.h"

enum { CAMPAIGNS_PAGE = 50 };

// How the state of letter `m` is told.
#define PROGRESS                                                                                                       \
    " CROSS JOIN LATERAL (SELECT count(*) AS letters,"                                                                 \
    "  count(*) FILTER (WHERE m.state = 'waiting' AND m.last_error IS NULL) AS waiting,"                               \
    "  count(*) FILTER (WHERE m.state = 'waiting' AND m.last_error IS NOT NULL) AS retrying,"                          \
    "  count(*) FILTER (WHERE m.state = 'sending') AS sending,"                                                        \
    "  count(*) FILTER (WHERE m.state = 'sent' AND NOT m.unconfirmed) AS sent,"                                        \
    "  count(*) FILTER (WHERE m.state = 'sent' AND m.unconfirmed) AS unconfirmed,"                                     \
    "  count(*) FILTER (WHERE m.state = 'failed') AS failed,"                                                          \
    "  count(*) FILTER (WHERE m.state = 'stopped') AS stopped FROM mail m WHERE m.campaign_id = c.campaign_id) p"
#define CAMPAIGN                                                                                                       \
    "SELECT c.campaign_id, c.state, c.version, c.round_id, coalesce(r.name, '') AS round_name,"                        \
    " to_char(coalesce(c.due_on, due_day(r.due_at, r.zone)), 'YYYY-MM-DD') AS due_on, c.subject, c.words,"             \
    " c.organisation_ids, ARRAY(SELECT o.short_name FROM unnest(c.organisation_ids) WITH ORDINALITY u (id, place)"     \
    "  CROSS JOIN LATERAL organisation_on(u.id, ($1::timestamptz)::date) o ORDER BY u.place) AS organisation_names,"   \
    " c.author_name, c.author_organisation AS author_organisation_name, vekha_time(c.changed_at) AS changed_at,"       \
    " vekha_time(c.sent_at) AS sent_at, c.text, c.by_itself, vekha_time(c.sends_at) AS sends_at,"                      \
    " u.mode AS repeat_mode, u.hour AS repeat_hour, u.author_name AS repeat_author_name,"                              \
    " (c.author_path = $2 AND r.programme_id IS NOT NULL) AS may_repeat, p.*"                                          \
    " FROM campaign c LEFT JOIN round r USING (round_id) LEFT JOIN campaign_rule u"                                    \
    "  ON u.programme_id = r.programme_id AND u.author_path = c.author_path"
// Whom draft `c` reaches.
#define AUDIENCE "campaign_audience(c.round_id, c.author_path, c.organisation_ids, ($2::timestamptz)::date)"
#define OF_CAMPAIGN DB_PARAMS(db_text(campaign_id), db_text(call->now))

enum status
store_get_campaign_round(struct call *call, const char *round_id, struct db_rows *ret_rows)
{
    return db_query(call->db, ret_rows,
                    "SELECT r.name, to_char(due_day(r.due_at, r.zone), 'YYYY-MM-DD'), r.closed FROM round r"
                    " WHERE r.round_id = $1::uuid AND EXISTS (SELECT FROM assignment a WHERE a.round_id = r.round_id"
                    "  AND vekha_in_scope(a.path, $2))",
                    DB_PARAMS(db_text(round_id), db_text(call_scope(call))));
}

enum status
store_create_campaign(struct call *call, const char *round_id, const char *subject, const char *words,
                      const char **ret_campaign_id)
{
    struct db_rows rows;
    enum status status =
        db_query(call->db, &rows,
                 "INSERT INTO campaign (round_id, author_account_id, author_path, author_name, author_organisation,"
                 " subject, words, changed_at) SELECT $1::uuid, $2::uuid, $3, $4,"
                 " coalesce((SELECT short_name FROM organisation_on($5::uuid, ($6::timestamptz)::date)), ''), $7, $8,"
                 " $6::timestamptz RETURNING campaign_id",
                 DB_PARAMS(db_text(round_id), db_text(call->principal->account_id), db_text(call_scope(call)),
                           db_string(call->principal->display_name), db_text(call->principal->organisation_id),
                           db_text(call->now), db_string(subject), db_string(words)));
    *ret_campaign_id = status == STATUS_OK && rows.count > 0 ? db_text_at(&rows, 0, 0) : "";
    return status;
}

enum status
store_get_campaign(struct call *call, const char *campaign_id, struct db_rows *ret_rows)
{
    return db_query(call->db, ret_rows, CAMPAIGN PROGRESS " WHERE c.campaign_id = $3::uuid",
                    DB_PARAMS(db_text(call->now), db_text(call_scope(call)), db_text(campaign_id)));
}

enum status
store_list_campaigns(struct call *call, const Deadlines__ListCampaignsRequest *request, struct db_rows *ret_rows)
{
    return db_query(call->db, ret_rows,
                    CAMPAIGN PROGRESS " WHERE $3::timestamptz IS NULL OR (c.changed_at, c.campaign_id) <"
                                      " ($3, coalesce($4::uuid, '00000000-0000-0000-0000-000000000000'))"
                                      " ORDER BY c.changed_at DESC, c.campaign_id DESC LIMIT $5::integer",
                    DB_PARAMS(db_text(call->now), db_text(call_scope(call)), db_text(request->before_at),
                              db_text(request->before_campaign_id),
                              db_integer(request->limit ? request->limit : CAMPAIGNS_PAGE)));
}

enum status
store_save_campaign(struct call *call, const Deadlines__SaveCampaignRequest *request, const char *organisation_ids,
                    bool *ret_done)
{
    struct db_rows rows;
    enum status status = db_query(
        call->db, &rows,
        "UPDATE campaign SET version = version + 1, changed_at = $3::timestamptz, subject = $4, words = $5,"
        " organisation_ids = $6::uuid[] WHERE campaign_id = $1::uuid AND version = $2::integer AND state = 'draft'"
        " RETURNING campaign_id",
        DB_PARAMS(db_text(request->campaign_id), db_integer(request->expected_version), db_text(call->now),
                  db_string(request->subject), db_string(request->words), db_text(organisation_ids)));
    *ret_done = status == STATUS_OK && rows.count > 0;
    return status;
}

enum status
store_drop_campaign(struct call *call, const char *campaign_id, bool *ret_done)
{
    struct db_rows rows;
    enum status status = db_query(
        call->db, &rows, "DELETE FROM campaign WHERE campaign_id = $1::uuid AND state = 'draft' RETURNING campaign_id",
        DB_PARAMS(db_text(campaign_id)));
    *ret_done = status == STATUS_OK && rows.count > 0;
    return status;
}

enum status
store_make_campaign_groups(struct call *call, const char *campaign_id, struct db_rows *ret_rows)
{
    // Indicators of a section that ask the same organisations share a row: `mark` tells the sets apart.
    return db_query(
        call->db, ret_rows,
        "WITH c AS MATERIALIZED (SELECT * FROM campaign WHERE campaign_id = $1::uuid),"
        " asked AS MATERIALIZED (SELECT DISTINCT o.organisation_id, o.path, o.kind, o.short_name"
        "  FROM c CROSS JOIN LATERAL " AUDIENCE " o),"
        " units AS MATERIALIZED (SELECT DISTINCT v.path FROM c JOIN organisation_version v"
        "  ON v.organisation_id = ANY (c.organisation_ids)),"
        " present AS MATERIALIZED (SELECT DISTINCT v.organisation_id, v.kind FROM c JOIN organisation_version v"
        "  ON vekha_in_scope(v.path, c.author_path) WHERE v.valid_from <= ($2::timestamptz)::date"
        "  AND (v.valid_to IS NULL OR v.valid_to > ($2::timestamptz)::date) AND (c.organisation_ids = '{}'"
        "   OR EXISTS (SELECT FROM units u WHERE vekha_in_scope(v.path, u.path)))),"
        " items AS (SELECT a.item_id, count(*) AS organisations,"
        "  bit_xor(hashtextextended(a.organisation_id::text, 0)) AS mark,"
        "  count(*) FILTER (WHERE o.kind = 'school') AS schools,"
        "  count(*) FILTER (WHERE o.kind = 'authority') AS authorities,"
        "  (array_agg(o.short_name ORDER BY o.path))[1:12] AS names"
        "  FROM assignment a JOIN asked o USING (organisation_id) WHERE a.round_id = (SELECT round_id FROM c)"
        "  GROUP BY a.item_id)"
        " SELECT coalesce(i.section_title, 'Показатели'), count(*), t.organisations, t.schools, t.authorities,"
        " (SELECT count(*) FROM present WHERE kind = 'school'),"
        " (SELECT count(*) FROM present WHERE kind = 'authority'), t.names"
        " FROM items t LEFT JOIN item i USING (item_id)"
        " GROUP BY i.section_title, t.organisations, t.schools, t.authorities, t.mark, t.names"
        " ORDER BY min(i.section_position), i.section_title, min(i.position)",
        OF_CAMPAIGN);
}

enum status
store_list_campaign_groups(struct call *call, const char *campaign_id, struct db_rows *ret_rows)
{
    return db_query(call->db, ret_rows,
                    "SELECT g.title, g.indicators, g.participants FROM campaign c CROSS JOIN LATERAL"
                    " unnest(c.group_titles, c.group_indicators, c.group_participants) WITH ORDINALITY"
                    " g (title, indicators, participants, place) WHERE c.campaign_id = $1::uuid ORDER BY g.place",
                    DB_PARAMS(db_text(campaign_id)));
}

enum status
store_list_campaign_territories(struct call *call, const char *campaign_id, struct db_rows *ret_rows)
{
    return db_query(call->db, ret_rows,
                    "SELECT t.municipality_id, coalesce(o.short_name, '') AS name, t.organisations, t.addresses FROM"
                    " (SELECT a.municipality_id, count(DISTINCT a.organisation_id) AS organisations,"
                    "  count(DISTINCT lower(a.address)) AS addresses FROM campaign c CROSS JOIN LATERAL " AUDIENCE
                    "  a WHERE c.campaign_id = $1::uuid GROUP BY a.municipality_id) t"
                    " LEFT JOIN LATERAL organisation_on(t.municipality_id, ($2::timestamptz)::date) o ON true"
                    " ORDER BY o.path NULLS FIRST",
                    OF_CAMPAIGN);
}

enum status
store_count_campaign_audience(struct call *call, const char *campaign_id, struct db_rows *ret_rows)
{
    return db_query(call->db, ret_rows,
                    "SELECT count(DISTINCT lower(a.address)) AS addresses, count(DISTINCT a.organisation_id)"
                    " AS organisations, count(DISTINCT a.organisation_id) FILTER (WHERE NOT a.reached)"
                    " AS organisations_without_address FROM campaign c CROSS JOIN LATERAL"
                    " (SELECT *, count(address) OVER (PARTITION BY organisation_id) > 0 AS reached FROM " AUDIENCE
                    ") a WHERE c.campaign_id = $1::uuid",
                    OF_CAMPAIGN);
}

enum status
store_list_without_address(struct call *call, const char *campaign_id, struct db_rows *ret_rows)
{
    return db_query(call->db, ret_rows,
                    "SELECT a.organisation_id, a.short_name AS name, coalesce(u.short_name, '') AS municipality_name"
                    " FROM campaign c CROSS JOIN LATERAL (SELECT organisation_id, path, short_name, municipality_id"
                    "  FROM " AUDIENCE " GROUP BY 1, 2, 3, 4 HAVING count(address) = 0) a"
                    " LEFT JOIN LATERAL organisation_on(a.municipality_id, ($2::timestamptz)::date) u ON true"
                    " WHERE c.campaign_id = $1::uuid ORDER BY a.path LIMIT 200",
                    OF_CAMPAIGN);
}
