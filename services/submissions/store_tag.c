// On what the cabinet's list rests: numbers that grow with every change of it (0005_changes.sql), and the moments at
// which it turns by itself.
#include "store.h"

#define MILLISECONDS(moment) "(extract(epoch FROM nullif(" moment ", 'infinity')) * 1000)"

// The arrays stand in subselects so that the planner does not see how long they are: else it plans each time anew,
// which costs more than all the rest. Sums over the rows of w's organisation; asked for one round, over those of its
// items alone and whatever has numbers between them, however many rounds there were before. Each organisation's rows
// pass the wall with the scope of who asks about it: holding all of them against a list of all scopes took longer than
// the sums.
#define TAGS(columns, tables)                                                                                          \
    "WITH w AS (SELECT * FROM unnest((SELECT $1::uuid[]), (SELECT $2::uuid[]), (SELECT $3::text[]))"                   \
    "   WITH ORDINALITY AS w (organisation_id, round_id, scope, place)),"                                              \
    " bounds AS MATERIALIZED (SELECT i.round_id, min(i.round_item_id) AS least, max(i.round_item_id) AS greatest"      \
    "   FROM (SELECT DISTINCT w.round_id FROM w) d JOIN round_item i USING (round_id) GROUP BY i.round_id),"           \
    " shared AS MATERIALIZED (SELECT coalesce(sum(changes), 0) AS changes FROM change)"                                \
    " SELECT concat_ws('.', mine.rows, mine.acts, last.rows, last.replaced, shared.changes) AS version" columns        \
    " FROM w CROSS JOIN shared LEFT JOIN bounds b ON b.round_id = w.round_id"                                          \
    " CROSS JOIN LATERAL (SELECT set_config('vekha.scope', w.scope, true) OFFSET 0) wall"                              \
    " CROSS JOIN LATERAL (SELECT count(*) AS rows, coalesce(sum(a.acts), 0) AS acts FROM assignment a"                 \
    "   WHERE a.organisation_id = w.organisation_id"                                                                   \
    "   AND a.round_item_id BETWEEN coalesce(b.least, 0) AND coalesce(b.greatest, 2147483647)) mine"                   \
    " CROSS JOIN LATERAL (SELECT count(*) AS rows, coalesce(sum(l.replaced), 0) AS replaced FROM accepted l"           \
    "   WHERE l.organisation_id = w.organisation_id) last" tables " ORDER BY w.place"

// A date is overdue from the millisecond after it on, a round takes nothing any more from the moment that the next one
// opens.
#define PERIOD                                                                                                         \
    " CROSS JOIN LATERAL (SELECT coalesce(max(m.turn) FILTER (WHERE m.turn <= $4::bigint), 0) AS begins,"              \
    "   coalesce(min(m.turn) FILTER (WHERE m.turn > $4::bigint), 9223372036854775807) AS ends FROM assignment a"       \
    "   JOIN round_item i USING (round_item_id) JOIN round r USING (round_id) CROSS JOIN LATERAL (VALUES"              \
    "     (floor(" MILLISECONDS(                                                                                       \
        "due_moment(a.own_due_at, r.due_at)") ")::bigint + 1),"                                                        \
                                              "     (ceil(" MILLISECONDS(                                              \
                                                  "r.next_opens_at") ")::bigint)) AS m (turn)"                         \
                                                                     "   WHERE a.organisation_id = w.organisation_id"  \
                                                                     "   AND a.round_item_id BETWEEN "                 \
                                                                     "coalesce(b.least, 0) AND coalesce(b.greatest, "  \
                                                                     "2147483647)) period"

enum { TAG_COLUMNS = 3 };

enum status
store_tag_cabinets(struct call *call, const struct cabinet_asked *asked, size_t count, bool with_period,
                   struct db_rows *ret_rows)
{
    static const char VERSIONS[] = TAGS("", "");
    static const char PERIODS[] = TAGS(", period.begins, period.ends", PERIOD);
    const char *rows[TOGETHER_MAX][TAG_COLUMNS];
    for (size_t i = 0; i < count; i++) {
        rows[i][0] = asked[i].organisation_id;
        rows[i][1] = asked[i].round_id;
        rows[i][2] = asked[i].scope;
    }
    struct db_param params[TAG_COLUMNS + 1];
    enum status status = db_text_columns(call->arena, rows[0], count, TAG_COLUMNS, params);
    if (status != STATUS_OK)
        return status;
    params[TAG_COLUMNS] = db_integer(call->now_ms);
    return db_query(call->db, ret_rows, with_period ? PERIODS : VERSIONS, params, TAG_COLUMNS + (with_period ? 1 : 0));
}
