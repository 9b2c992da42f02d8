// Mailings that come again with each round: the rule, the draft that it prepares, and when that goes out by itself.
#include "store_campaigns.h"

enum status
store_round_assigned(struct call *call, const Events__RoundAssigned *event)
{
    return db_run(call->db, "UPDATE round SET assigned_at = $2::timestamptz WHERE round_id = $1::uuid",
                  DB_PARAMS(db_text(event->round_id), db_text(event->at)));
}

enum status
store_repeat_campaign(struct call *call, const Deadlines__RepeatCampaignRequest *request)
{
    // The round of this very mailing has had its one; drafts of the rule that would go by themselves follow it.
    static const char SQL[] =
        "WITH rule AS (INSERT INTO campaign_rule AS u (programme_id, author_path, author_account_id, author_name,"
        "  author_organisation, words, organisation_ids, mode, hour, since)"
        "  SELECT r.programme_id, c.author_path, $2::uuid, $3,"
        "   coalesce((SELECT short_name FROM organisation_on($4::uuid, ($5::timestamptz)::date)), ''), c.words,"
        "   c.organisation_ids, $6, $7::integer, $5::timestamptz"
        "   FROM campaign c JOIN round r USING (round_id) WHERE c.campaign_id = $1::uuid"
        "  ON CONFLICT (programme_id, author_path) DO UPDATE SET author_account_id = excluded.author_account_id,"
        "   author_name = excluded.author_name, author_organisation = excluded.author_organisation,"
        "   words = excluded.words, organisation_ids = excluded.organisation_ids, mode = excluded.mode,"
        "   hour = excluded.hour RETURNING rule_id, programme_id, author_path),"
        " made AS (INSERT INTO campaign_made (rule_id, round_id, at) SELECT u.rule_id, c.round_id, $5::timestamptz"
        "  FROM rule u, campaign c WHERE c.campaign_id = $1::uuid ON CONFLICT DO NOTHING)"
        " UPDATE campaign c SET sends_from_hour = $7::integer, sends_at = CASE WHEN $6 = 'send' THEN"
        "  campaign_sends_at($5::timestamptz, r.zone, $7::integer, r.due_at) END FROM rule u, round r"
        " WHERE c.state = 'draft' AND c.sends_at IS NOT NULL AND r.round_id = c.round_id"
        "  AND r.programme_id = u.programme_id AND c.author_path = u.author_path";
    return db_run(call->db, SQL,
                  DB_PARAMS(db_text(request->campaign_id), db_text(call->principal->account_id),
                            db_string(call->principal->display_name), db_text(call->principal->organisation_id),
                            db_text(call->now), db_string(request->mode), db_integer(request->hour)));
}

enum status
store_repeat_no_more(struct call *call, const char *campaign_id)
{
    return db_run(call->db,
                  "WITH gone AS (DELETE FROM campaign_rule u USING campaign c, round r WHERE c.campaign_id = $1::uuid"
                  "  AND r.round_id = c.round_id AND u.programme_id = r.programme_id AND u.author_path = c.author_path"
                  "  RETURNING u.programme_id, u.author_path)"
                  " UPDATE campaign c SET sends_at = NULL FROM gone u, round r WHERE c.state = 'draft'"
                  "  AND c.sends_at IS NOT NULL AND r.round_id = c.round_id AND r.programme_id = u.programme_id"
                  "  AND c.author_path = u.author_path",
                  DB_PARAMS(db_text(campaign_id)));
}

enum status
store_find_due_campaign(struct call *call, struct db_rows *ret_rows)
{
    // Whoever has written to the round by hand needs no second one.
    static const char SQL[] =
        "SELECT u.rule_id, r.round_id, r.name, to_char(due_day(r.due_at, r.zone), 'YYYY-MM-DD'), s.at,"
        " coalesce(to_char(s.at AT TIME ZONE r.zone, 'DD.MM.YYYY \"в\" HH24:MI'), ''), r.zone,"
        " zone_minutes(coalesce(s.at, $1::timestamptz), r.zone), u.author_path, ARRAY[u.author_account_id],"
        " ARRAY(SELECT a.email FROM account a WHERE a.account_id = u.author_account_id AND a.email IS NOT NULL"
        "  AND wants_mail(a.account_id, $2))"
        " FROM campaign_rule u JOIN round r ON r.programme_id = u.programme_id AND r.assigned_at > u.since"
        "  AND NOT r.closed AND r.due_at > $1::timestamptz"
        " CROSS JOIN LATERAL (SELECT CASE WHEN u.mode = 'send' THEN"
        "  campaign_sends_at($1::timestamptz, r.zone, u.hour, r.due_at) END AS at) s"
        " WHERE NOT EXISTS (SELECT FROM campaign_made m WHERE m.rule_id = u.rule_id AND m.round_id = r.round_id)"
        "  AND NOT EXISTS (SELECT FROM campaign c WHERE c.round_id = r.round_id AND c.author_path = u.author_path)"
        "  AND NOT EXISTS (SELECT FROM account a WHERE a.account_id = u.author_account_id AND a.closed)"
        "  AND EXISTS (SELECT FROM assignment a WHERE a.round_id = r.round_id"
        "   AND vekha_in_scope(a.path, u.author_path))"
        " ORDER BY r.assigned_at, u.rule_id LIMIT 1 FOR UPDATE OF u SKIP LOCKED";
    return db_query(call->db, ret_rows, SQL,
                    DB_PARAMS(db_text(call->now), db_text(rules_kind_name(NOTICE_CAMPAIGN_READY))));
}

enum status
store_prepare_campaign(struct call *call, const struct db_rows *due, const char *subject, const char **ret_campaign_id)
{
    static const char SQL[] =
        "WITH made AS (INSERT INTO campaign_made (rule_id, round_id, at)"
        "  VALUES ($1::uuid, $2::uuid, $3::timestamptz) ON CONFLICT DO NOTHING RETURNING rule_id)"
        " INSERT INTO campaign (round_id, author_account_id, author_path, author_name, author_organisation, subject,"
        "  words, organisation_ids, changed_at, by_itself, sends_at, sends_from_hour)"
        " SELECT $2::uuid, u.author_account_id, u.author_path, u.author_name, u.author_organisation, $4, u.words,"
        "  u.organisation_ids, $3::timestamptz, true, $5::timestamptz, u.hour FROM made JOIN campaign_rule u"
        "  USING (rule_id) RETURNING campaign_id";
    struct db_rows rows;
    enum status status = db_query(call->db, &rows, SQL,
                                  DB_PARAMS(db_text(db_text_at(due, 0, DUE_CAMPAIGN_RULE_ID)),
                                            db_text(db_text_at(due, 0, DUE_CAMPAIGN_ROUND_ID)), db_text(call->now),
                                            db_string(subject), db_text(db_text_at(due, 0, DUE_CAMPAIGN_SENDS_AT))));
    *ret_campaign_id = status == STATUS_OK && rows.count > 0 ? db_text_at(&rows, 0, 0) : "";
    return status;
}

enum status
store_find_ripe_campaign(struct call *call, struct db_rows *ret_rows)
{
    // After the end of a working day, when nothing was running, it goes on the next one.
    static const char SQL[] =
        "SELECT c.campaign_id, coalesce((SELECT d.is_working FROM calendar_day d"
        "   WHERE d.day = due_day($1::timestamptz, r.zone)), true)"
        "  AND extract(hour FROM $1::timestamptz AT TIME ZONE r.zone) BETWEEN c.sends_from_hour AND 20"
        "  AND NOT r.closed AND r.due_at > $1::timestamptz"
        "  AND NOT EXISTS (SELECT FROM account a WHERE a.account_id = c.author_account_id AND a.closed)"
        " FROM campaign c JOIN round r USING (round_id) WHERE c.state = 'draft' AND c.sends_at <= $1::timestamptz"
        " ORDER BY c.sends_at, c.campaign_id LIMIT 1 FOR UPDATE OF c SKIP LOCKED";
    return db_query(call->db, ret_rows, SQL, DB_PARAMS(db_text(call->now)));
}

enum status
store_put_off_campaign(struct call *call, const char *campaign_id, bool is_held)
{
    return db_run(call->db,
                  "UPDATE campaign c SET sends_at = CASE WHEN NOT $3::boolean AND NOT r.closed AND NOT EXISTS"
                  "  (SELECT FROM account a WHERE a.account_id = c.author_account_id AND a.closed)"
                  "  THEN campaign_sends_at($2::timestamptz, r.zone, c.sends_from_hour, r.due_at) END"
                  " FROM round r WHERE c.campaign_id = $1::uuid AND r.round_id = c.round_id",
                  DB_PARAMS(db_text(campaign_id), db_text(call->now), db_boolean(is_held)));
}
