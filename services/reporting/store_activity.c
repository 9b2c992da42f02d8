// What coordinators and curators do: visits, looks at reports, how soon they answer, and what waits for them (S1.30).
#include "store.h"

// $6 the period's first moment, $7 role, $8 after_account_id, $9 limit, $10 the period's last day. Whoever is shown is
// so by territory, a curator also by a school in it.
static const char activity[] =
    "WITH tasks AS MATERIALIZED (SELECT t.organisation_id, t.path, count(*) FILTER (WHERE t.stands = 'waiting') AS"
    " waiting, min(t.sent_at) FILTER (WHERE t.stands = 'waiting') AS waiting_since,"
    " count(*) FILTER (WHERE t.is_overdue) AS overdue"
    " FROM tasks_on($1::uuid, $2::timestamptz, $3::timestamptz, $4, $5::uuid) t"
    " WHERE t.stands = 'waiting' OR t.is_overdue GROUP BY t.organisation_id, t.path),"
    " bound AS MATERIALIZED (SELECT b.account_id, b.organisation_id FROM (SELECT DISTINCT ON (account_id,"
    " organisation_id) account_id, organisation_id, bound FROM curator_binding WHERE at < $2::timestamptz"
    " AND in_territory(path, $4) ORDER BY account_id, organisation_id, at DESC, number DESC) b WHERE b.bound),"
    " answers AS (SELECT b.account_id, count(*) AS answered, floor(percentile_cont(0.5) WITHIN GROUP"
    " (ORDER BY extract(epoch FROM v.at - s.at)::double precision) / 3600)::integer AS median_hours"
    " FROM bound b JOIN history v USING (organisation_id) CROSS JOIN LATERAL (SELECT h.at FROM history h"
    " WHERE h.assignment_id = v.assignment_id AND h.at <= v.at AND h.number < v.number AND h.state = 'in_review'"
    " ORDER BY h.at DESC LIMIT 1) s WHERE v.round_id = $1::uuid AND v.at >= $6::timestamptz"
    " AND v.at < $2::timestamptz AND v.state IN ('accepted', 'rejected') GROUP BY b.account_id),"
    " people AS (SELECT w.* FROM watcher w WHERE w.issued_at < $2::timestamptz"
    " AND (w.closed_at IS NULL OR w.closed_at >= $2::timestamptz) AND ($7::text IS NULL OR w.role = $7)"
    " AND (in_territory(w.path, $4) OR w.account_id IN (SELECT b.account_id FROM bound b))"
    " AND ($8::uuid IS NULL OR (w.path, w.account_id) > (SELECT a.path, a.account_id FROM watcher a"
    " WHERE a.account_id = $8)) ORDER BY w.path, w.account_id LIMIT $9::integer)"
    " SELECT w.account_id, w.role, watcher_name_on(w.account_id, $2::timestamptz) AS name, w.organisation_id,"
    " o.short_name AS organisation_name, o.municipality_name, w.path,"
    " (SELECT count(*) FROM bound b WHERE b.account_id = w.account_id) AS schools,"
    " vekha_time(greatest((SELECT max(v.at) FROM visit v WHERE v.account_id = w.account_id AND v.at <"
    " $2::timestamptz), (SELECT max(r.last_at) FROM report_view r WHERE r.account_id = w.account_id AND r.hour <"
    " $2::timestamptz))) AS last_visit_at,"
    " (SELECT count(*) FROM visit v WHERE v.account_id = w.account_id AND v.at >= $6::timestamptz"
    " AND v.at < $2::timestamptz) AS visits,"
    " coalesce((SELECT sum(r.views) FROM report_view r WHERE r.account_id = w.account_id AND r.hour >= $6::timestamptz"
    " AND r.hour < $2::timestamptz), 0) AS report_views,"
    " (SELECT count(*) FROM reminder m WHERE m.account_id = w.account_id AND m.at >= $6::timestamptz"
    " AND m.at < $2::timestamptz) AS reminders,"
    " c.waiting, vekha_time(c.waiting_since) AS waiting_since,"
    " floor(extract(epoch FROM $3::timestamptz - c.waiting_since) / 86400)::integer AS waiting_days, c.overdue,"
    " coalesce(a.answered, 0) AS answered, coalesce(a.median_hours, 0) AS median_answer_hours"
    " FROM people w LEFT JOIN answers a ON a.account_id = w.account_id AND w.role = 'curator' LEFT JOIN LATERAL "
    "version_on(w.organisation_id, $10::date) o ON true CROSS JOIN LATERAL"
    " (SELECT coalesce(sum(t.waiting), 0) AS waiting, min(t.waiting_since) AS waiting_since,"
    " coalesce(sum(t.overdue), 0) AS overdue FROM tasks t WHERE CASE w.role WHEN 'curator' THEN EXISTS (SELECT FROM"
    " bound b WHERE b.account_id = w.account_id AND b.organisation_id = t.organisation_id)"
    " ELSE t.path = w.path OR w.path = '*' OR starts_with(t.path, w.path || '.') END) c"
    " ORDER BY w.path, w.account_id";

enum status
store_list_activity(struct call *call, const Reporting__GetActivityReportRequest *request,
                    const struct report_round *first, const struct report_round *last, uint32_t limit,
                    struct db_rows *ret_rows)
{
    return db_query(call->db, ret_rows, activity,
                    DB_PARAMS(AS_OF_PARAMS(call, request->round_id, last), db_text(first->as_of_begin),
                              db_text(request->role), db_text(request->after_account_id), db_integer(limit),
                              db_text(last->as_of)));
}
