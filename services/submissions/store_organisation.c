// The tree of organisations as auth tells of it, and what newcomers are asked.
#include "store.h"
#include "store_columns.h"
#include "store_lists.h"

enum status
store_put_organisation(struct call *call, const Events__OrganisationChanged *event)
{
    // It replaces what was known of its period; a version that holds at its beginning ends there, being older.
    static const char SQL[] =
        "WITH replaced AS (DELETE FROM organisation o WHERE o.organisation_id = $1"
        "   AND o.valid_from > coalesce($2::date, '0001-01-01') AND ($3::date IS NULL OR o.valid_from < $3::date))"
        " INSERT INTO organisation (organisation_id, valid_from, valid_to, path, kind, short_name, attributes)"
        " VALUES ($1, coalesce($2::date, '0001-01-01'), $3::date, $4, $5, $6, $7::text[])"
        " ON CONFLICT (organisation_id, valid_from) DO UPDATE SET valid_to = excluded.valid_to, path = excluded.path,"
        "   kind = excluded.kind, short_name = excluded.short_name, attributes = excluded.attributes";
    const char *attributes = text_list(call->arena, event->attributes, event->n_attributes);
    if (!attributes)
        return STATUS_TOO_LARGE;
    return db_run(call->db, SQL,
                  DB_PARAMS(db_text(event->organisation_id), db_text(event->valid_from), db_text(event->valid_to),
                            db_string(event->path), db_string(event->kind), db_string(event->short_name),
                            db_text(attributes)));
}

enum status
store_move_organisation(struct call *call, const char *organisation_id, const char *path)
{
    static const char SQL[] =
        "WITH moved AS (UPDATE assignment SET organisation_path = $2"
        "   WHERE organisation_id = $1 AND organisation_path <> $2 RETURNING assignment_id),"
        " entries AS (UPDATE history h SET organisation_path = $2 FROM moved"
        "   WHERE h.assignment_id = moved.assignment_id),"
        " plans AS (UPDATE section_plan SET organisation_path = $2"
        "   WHERE organisation_id = $1 AND organisation_path <> $2),"
        " changes AS (UPDATE plan_change SET organisation_path = $2"
        "   WHERE organisation_id = $1 AND organisation_path <> $2),"
        " documents AS (UPDATE document d SET organisation_path = $2 FROM moved"
        "   WHERE d.assignment_id = moved.assignment_id)"
        " UPDATE accepted SET organisation_path = $2 WHERE organisation_id = $1 AND organisation_path <> $2";
    return db_run(call->db, SQL, DB_PARAMS(db_text(organisation_id), db_string(path)));
}

enum status
store_lock_current_rounds(struct call *call, const char *path, struct db_rows *ret_rounds)
{
    static const char SQL[] = "SELECT r.round_id, r.state FROM round r JOIN programme p USING (programme_id)"
                              " WHERE r.state IN ('planned', 'open')"
                              "   AND vekha_in_scope($1::text, p.organisation_path) FOR SHARE OF r";
    return db_query(call->db, ret_rounds, SQL, DB_PARAMS(db_string(path)));
}

enum status
store_assign_organisation(struct call *call, const char *organisation_id, struct db_rows *ret_rows)
{
    static const char SQL[] =
        "WITH asked AS ("
        " SELECT i.round_item_id, i.item_id, i.by_choice, i.due_at, r.round_id, o.organisation_id, o.path"
        "   FROM round r JOIN programme p USING (programme_id) JOIN round_item i USING (round_id)"
        "   JOIN organisations_on(($2::timestamptz AT TIME ZONE p.zone)::date) o"
        "     ON o.organisation_id = $1 AND vekha_in_scope(o.path, p.organisation_path)"
        "  WHERE r.state = 'open' AND r.next_opens_at > $2::timestamptz"
        "    AND participates(i.selector, i.codes, i.attribute, o.path, o.kind, o.attributes)),"
        " before AS (SELECT DISTINCT i.round_id FROM assignment a JOIN round_item i USING (round_item_id)"
        "   WHERE a.organisation_id = $1 UNION SELECT c.round_id FROM participant c WHERE c.organisation_id = $1),"
        " added AS ("
        " INSERT INTO assignment (organisation_id, round_item_id, organisation_path, own_due_at)"
        " SELECT k.organisation_id, k.round_item_id, k.path, k.due_at FROM asked k WHERE NOT k.by_choice"
        " ON CONFLICT DO NOTHING RETURNING " ADDED_COLUMNS "),"
        " choosers AS ("
        " INSERT INTO participant (round_id, organisation_id)"
        " SELECT DISTINCT k.round_id, k.organisation_id FROM asked k WHERE k.by_choice"
        " ON CONFLICT DO NOTHING RETURNING round_id),"
        " news AS (SELECT i.round_id, d.organisation_id, d.organisation_path, " ADDED_LISTS
        "   FROM added d JOIN round_item i USING (round_item_id) GROUP BY 1, 2, 3"
        "  UNION ALL SELECT DISTINCT k.round_id, k.organisation_id, k.path, " NO_LISTS
        "   FROM choosers c JOIN asked k USING (round_id) WHERE NOT EXISTS"
        "     (SELECT FROM added d JOIN round_item i USING (round_item_id) WHERE i.round_id = c.round_id)),"
        " counted AS (UPDATE round r SET assignments = r.assignments + cardinality(n.item_ids),"
        "   organisations = r.organisations"
        "     + CASE WHEN EXISTS (SELECT FROM before b WHERE b.round_id = r.round_id) THEN 0 ELSE 1 END"
        "   FROM news n WHERE n.round_id = r.round_id RETURNING r.round_id, r.due_at)"
        " SELECT n.*, vekha_time(c.due_at) AS due_at FROM news n JOIN counted c USING (round_id)";
    return db_query(call->db, ret_rows, SQL, DB_PARAMS(db_text(organisation_id), db_text(call->now)));
}
