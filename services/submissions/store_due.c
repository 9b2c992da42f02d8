// Due dates of a round's items, worked out when it opens.
#include "store.h"
#include "store_file.h"

enum status
store_list_dues(struct call *call, const char *round_id, struct db_rows *ret_rows)
{
    static const char SQL[] =
        "SELECT i.round_item_id, t.section_code, ((t.due).kind IS NOT NULL) AS is_own,"
        " to_char(r.opens_on, 'YYYY-MM-DD') AS opens_on,"
        " to_char(r.due_on, 'YYYY-MM-DD') AS due_on, to_char(r.closed_until, 'YYYY-MM-DD') AS "
        "closed_until, " STORE_DUE_COLUMNS(
            "x.due") " FROM round r JOIN round_item i USING (round_id) JOIN item_text t USING (item_text_id)"
                     " LEFT JOIN round_section s ON s.round_id = r.round_id AND s.code = t.section_code"
                     " CROSS JOIN LATERAL (SELECT due_that_counts(t.due, s.due) AS due) x"
                     " WHERE i.round_id = $1 AND coalesce((x.due).kind, 'round') <> 'round' ORDER BY t.section_code,"
                     " i.round_item_id";
    return db_query(call->db, ret_rows, SQL, DB_PARAMS(db_text(round_id)));
}

enum status
store_find_day_off_rule(struct call *call, const char *round_id, struct db_rows *ret_rows)
{
    static const char SQL[] =
        "SELECT p.on_day_off AS rule, CASE WHEN p.on_day_off <> 'keep' THEN"
        "   (SELECT string_agg(to_char(d.day, 'YYYY-MM-DD'), ' ' ORDER BY d.day) FROM day_off d) END AS days_off"
        " FROM round r JOIN programme p USING (programme_id) WHERE r.round_id = $1";
    return db_query(call->db, ret_rows, SQL, DB_PARAMS(db_text(round_id)));
}

enum status
store_put_day_off(struct call *call, const char *day, bool is_off)
{
    return is_off ? db_run(call->db, "INSERT INTO day_off (day) VALUES ($1::date) ON CONFLICT DO NOTHING",
                           DB_PARAMS(db_text(day)))
                  : db_run(call->db, "DELETE FROM day_off WHERE day = $1::date", DB_PARAMS(db_text(day)));
}

enum status
store_put_dues(struct call *call, const struct item_due *dues, size_t count)
{
    // The first day belongs to the row that is there; each further one is a row of its own.
    static const char SQL[] =
        "WITH w AS (SELECT * FROM unnest($1::integer[], $2::smallint[], $3::text[], $4::boolean[], $5::date[], "
        "$6::text[])"
        "   AS w (round_item_id, checkpoint, kind, is_own, day, wording)),"
        " first AS (UPDATE round_item i SET due_kind = w.kind, due_is_own = w.is_own, due_text = coalesce(w.wording, "
        "''),"
        "   due_at = coalesce(round_day_ends(w.day, r.zone), 'infinity')"
        "   FROM w, round r WHERE w.checkpoint = 1 AND i.round_item_id = w.round_item_id AND r.round_id = i.round_id)"
        " INSERT INTO round_item (round_id, item_id, item_text_id, value_kind, decimals, evidence_rule,"
        "   evidence_required, selector, codes, attribute, own_participants, by_choice, checkpoint, due_kind, "
        "due_is_own,"
        "   due_text, due_at)"
        " SELECT i.round_id, i.item_id, i.item_text_id, i.value_kind, i.decimals, i.evidence_rule,"
        "   i.evidence_required, i.selector, i.codes, i.attribute, i.own_participants, i.by_choice, w.checkpoint, "
        "w.kind,"
        "   w.is_own, coalesce(w.wording, ''), round_day_ends(w.day, r.zone)"
        "   FROM w JOIN round_item i USING (round_item_id) JOIN round r USING (round_id) WHERE w.checkpoint > 1";
    enum { COLUMNS = 6 };
    const char *(*rows)[COLUMNS] = arena_take(call->arena, (count + 1) * sizeof(*rows));
    if (!rows)
        return STATUS_TOO_LARGE;
    for (size_t i = 0; i < count; i++) {
        rows[i][0] = dues[i].round_item_id;
        rows[i][1] = arena_format(call->arena, "%u", dues[i].checkpoint);
        rows[i][2] = dues[i].kind;
        rows[i][3] = dues[i].is_own ? "t" : "f";
        rows[i][4] = dues[i].day;
        rows[i][5] = dues[i].text;
        if (!rows[i][1])
            return STATUS_TOO_LARGE;
    }
    struct db_param params[COLUMNS];
    enum status status = db_text_columns(call->arena, rows[0], count, COLUMNS, params);
    return status == STATUS_OK ? db_run(call->db, SQL, params, COLUMNS) : status;
}
