// Rounds as the administrator plans and changes them. Who may see one: the territory of its programme and those below.
#include "store.h"
#include "store_lists.h"

#define VISIBLE " (vekha_in_scope($1::text, p.organisation_path) OR vekha_in_scope(p.organisation_path, $1::text))"

enum status
store_check_round(struct call *call, const Submissions__CreateRoundRequest *request, struct db_rows *ret_rows)
{
    // Silent: items that nobody is asked for, neither by the programme nor by this round.
    static const char SQL[] =
        "SELECT p.programme_id, to_char($3::timestamptz AT TIME ZONE p.zone, 'YYYY-MM-DD') AS today,"
        " ARRAY(SELECT w.number::text FROM unnest($4::text[], $5::text[]) WITH ORDINALITY AS w(code, selector, number)"
        "   WHERE NOT EXISTS (SELECT FROM item m WHERE m.programme_id = p.programme_id AND m.code = w.code"
        "     AND NOT m.retired)) AS unknown,"
        " ARRAY(SELECT w.number::text FROM unnest($4::text[], $5::text[]) WITH ORDINALITY AS w(code, selector, number)"
        "   JOIN item m ON m.programme_id = p.programme_id AND m.code = w.code JOIN item_text t USING (item_text_id)"
        "   WHERE w.selector = '' AND t.selector = '') AS silent,"
        " EXISTS (SELECT FROM item m JOIN item_text t USING (item_text_id) WHERE m.programme_id = p.programme_id"
        "   AND NOT m.retired AND t.selector <> '') AS has_items"
        " FROM programme p WHERE p.code = $2 AND vekha_in_scope(p.organisation_path, $1::text)";
    const char **codes = arena_take(call->arena, (request->n_items + 1) * sizeof(const char *));
    const char **selectors = arena_take(call->arena, (request->n_items + 1) * sizeof(const char *));
    if (!codes || !selectors)
        return STATUS_TOO_LARGE;
    for (size_t i = 0; i < request->n_items; i++) {
        codes[i] = request->items[i]->code;
        const Submissions__Participants *own = request->items[i]->participants;
        selectors[i] = (own ? own->selector : "");
    }
    const char *code_list = text_list(call->arena, codes, request->n_items);
    const char *selector_list = text_list(call->arena, selectors, request->n_items);
    if (!code_list || !selector_list)
        return STATUS_TOO_LARGE;
    return db_query(call->db, ret_rows, SQL,
                    DB_PARAMS(db_string(call_scope(call)), db_text(request->programme_code), db_text(call->now),
                              db_text(code_list), db_text(selector_list)));
}

// The items of a request, turned into one text[] per column.
struct round_item_arrays {
    const char *codes, *rules, *own, *selectors, *listed, *attributes;
};

static enum status
round_item_arrays_fill(struct arena *arena, const Submissions__CreateRoundRequest *request,
                       struct round_item_arrays *ret_arrays)
{
    enum { COLUMNS = 6 };
    const char **cells[COLUMNS];
    for (size_t column = 0; column < COLUMNS; column++) {
        cells[column] = arena_take(arena, (request->n_items + 1) * sizeof(const char *));
        if (!cells[column])
            return STATUS_TOO_LARGE;
    }
    for (size_t i = 0; i < request->n_items; i++) {
        const Submissions__RoundItem *item = request->items[i];
        const Submissions__Participants *own = item->participants;
        const char *listed = own ? text_list(arena, own->codes, own->n_codes) : "{}";
        if (!listed)
            return STATUS_TOO_LARGE;
        const char *const row[COLUMNS] = {item->code,      item->evidence_rule,
                                          own ? "t" : "f", own ? own->selector : "",
                                          listed,          own ? own->attribute : ""};
        for (size_t column = 0; column < COLUMNS; column++)
            cells[column][i] = row[column];
    }
    const char *literals[COLUMNS];
    for (size_t column = 0; column < COLUMNS; column++) {
        literals[column] = text_list(arena, cells[column], request->n_items);
        if (!literals[column])
            return STATUS_TOO_LARGE;
    }
    *ret_arrays =
        (struct round_item_arrays){literals[0], literals[1], literals[2], literals[3], literals[4], literals[5]};
    return STATUS_OK;
}

enum status
store_insert_round(struct call *call, const Submissions__CreateRoundRequest *request, const char *programme_id,
                   const char **ret_round_id)
{
    static const char SQL[] =
        "WITH wanted AS (SELECT m.item_id, w.* FROM unnest($13::text[], $14::text[], $15::text[], $16::text[],"
        "     $17::text[], $18::text[]) AS w(code, evidence_rule, own, selector, codes, attribute)"
        "   JOIN item m ON m.programme_id = $1 AND m.code = w.code"
        "  UNION ALL SELECT m.item_id, m.code, '', 'f', '', '{}', '' FROM item m JOIN item_text t USING (item_text_id)"
        "   WHERE cardinality($13::text[]) = 0 AND m.programme_id = $1 AND NOT m.retired AND t.selector <> ''),"
        " added AS ("
        " INSERT INTO round (programme_id, name, opens_on, due_on, closed_until, zone, opens_at, due_at,"
        "   next_opens_at, repeats, letter_number, letter_date, letter_title, created_at, created_by)"
        " SELECT p.programme_id, $2, $3::date, $4::date, $5::date, p.zone, round_begins($3::date, p.zone),"
        "   round_day_ends($4::date, p.zone), round_begins($5::date + 1, p.zone), $6, $7, $8::date, $9,"
        "   $10::timestamptz, $11::uuid FROM programme p WHERE p.programme_id = $1"
        "   AND vekha_in_scope(p.organisation_path, $12::text) RETURNING round_id),"
        " items AS ("
        " INSERT INTO round_item (round_id, item_id, item_text_id, value_kind, decimals, evidence_rule,"
        "   evidence_required, selector, codes, attribute, own_participants, by_choice)"
        " SELECT added.round_id, m.item_id, t.item_text_id, t.value_kind, t.decimals, w.evidence_rule,"
        "   CASE w.evidence_rule WHEN 'required' THEN true WHEN 'waived' THEN false ELSE t.evidence_required END,"
        "   CASE WHEN w.own = 't' THEN w.selector ELSE t.selector END,"
        "   CASE WHEN w.own = 't' THEN w.codes::text[] ELSE t.codes END,"
        "   CASE WHEN w.own = 't' THEN w.attribute ELSE t.attribute END, w.own = 't',"
        "   coalesce((SELECT s.by_choice FROM section s WHERE s.programme_id = $1 AND s.code = t.section_code), false)"
        "   FROM added, wanted w JOIN item m USING (item_id) JOIN item_text t USING (item_text_id)"
        "   ORDER BY m.position)"
        " SELECT round_id FROM added";
    struct round_item_arrays items;
    enum status status = round_item_arrays_fill(call->arena, request, &items);
    if (status != STATUS_OK)
        return status;
    const Submissions__Letter *letter = request->letter;
    struct db_rows rows;
    status = db_query(call->db, &rows, SQL,
                      DB_PARAMS(db_text(programme_id), db_text(request->name), db_text(request->opens_on),
                                db_text(request->due_on), db_text(request->closed_until), db_boolean(request->repeats),
                                db_string(letter ? letter->number : ""), db_text(letter ? letter->date : NULL),
                                db_string(letter ? letter->title : ""), db_text(call->now),
                                db_text(call->principal->account_id), db_string(call_scope(call)), db_text(items.codes),
                                db_text(items.rules), db_text(items.own), db_text(items.selectors),
                                db_text(items.listed), db_text(items.attributes)));
    if (status != STATUS_OK)
        return status;
    if (rows.count == 0)
        return STATUS_NOT_FOUND;
    *ret_round_id = db_text_at(&rows, 0, 0);
    return STATUS_OK;
}

// Of a round that is still planned, the numbers that today's organisations would give.
#define ROUND_COLUMNS                                                                                                  \
    "r.round_id, p.code AS programme_code, r.name, r.state, to_char(r.opens_on, 'YYYY-MM-DD') AS opens_on,"            \
    " to_char(r.due_on, 'YYYY-MM-DD') AS due_on, to_char(r.closed_until, 'YYYY-MM-DD') AS closed_until,"               \
    " vekha_time(r.due_at) AS due_at, r.zone, r.version, r.repeats, r.letter_number,"                                  \
    " to_char(r.letter_date, 'YYYY-MM-DD') AS letter_date, r.letter_title,"                                            \
    " (SELECT count(*) FROM round_item i WHERE i.round_id = r.round_id) AS items"
#define EXPECTED                                                                                                       \
    " LEFT JOIN LATERAL (SELECT count(DISTINCT o.organisation_id) AS organisations, count(*) AS assignments"           \
    "   FROM organisations_on(r.opens_on) o JOIN round_item i ON i.round_id = r.round_id AND r.state = 'planned'"      \
    "     AND NOT i.by_choice"                                                                                         \
    "   WHERE vekha_in_scope(o.path, p.organisation_path)"                                                             \
    "     AND participates(i.selector, i.codes, i.attribute, o.path, o.kind, o.attributes)) e ON true"
#define PROGRESS                                                                                                       \
    " CROSS JOIN LATERAL (SELECT count(*) FILTER (WHERE a.state IN ('draft', 'ready')) AS unsent,"                     \
    "   count(*) FILTER (WHERE a.state = 'in_review') AS in_review,"                                                   \
    "   count(*) FILTER (WHERE a.state = 'accepted') AS accepted,"                                                     \
    "   count(*) FILTER (WHERE a.state = 'rejected') AS rejected"                                                      \
    "   FROM round_item i JOIN assignment a USING (round_item_id) WHERE i.round_id = r.round_id"                       \
    "   AND vekha_in_scope(a.organisation_path, $1::text)) s"

enum status
store_find_round(struct call *call, const char *round_id, struct db_rows *ret_rows)
{
    static const char SQL[] =
        "SELECT " ROUND_COLUMNS
        ", CASE r.state WHEN 'planned' THEN e.organisations ELSE r.organisations END AS organisations,"
        " CASE r.state WHEN 'planned' THEN e.assignments ELSE r.assignments END AS assignments,"
        " s.unsent, s.in_review, s.accepted, s.rejected FROM round r JOIN programme p USING (programme_id)" EXPECTED
            PROGRESS " WHERE r.round_id = $2 AND" VISIBLE;
    return db_query(call->db, ret_rows, SQL, DB_PARAMS(db_string(call_scope(call)), db_text(round_id)));
}

enum status
store_list_rounds(struct call *call, const char *programme_code, struct db_rows *ret_rows)
{
    static const char SQL[] =
        "SELECT " ROUND_COLUMNS ", r.organisations, r.assignments, m.asks_me, m.has_plan"
        " FROM round r JOIN programme p USING (programme_id) LEFT JOIN LATERAL (SELECT count(*) > 0 AS asks_me,"
        "     coalesce(bool_or(i.by_choice OR i.due_kind = 'by_executor'), false) AS has_plan"
        "   FROM organisations_on(($4::timestamptz AT TIME ZONE r.zone)::date) o JOIN round_item i"
        "     ON i.round_id = r.round_id AND participates(i.selector, i.codes, i.attribute, o.path, o.kind, "
        "o.attributes)"
        "   WHERE o.organisation_id = $3::uuid AND vekha_in_scope(o.path, p.organisation_path)) m"
        "   ON r.state = 'open' AND r.next_opens_at > $4::timestamptz"
        " WHERE ($2::text IS NULL OR p.code = $2::text) AND" VISIBLE " ORDER BY r.opens_on DESC, r.round_id LIMIT 1000";
    bool is_respondent = call->principal->role == VEKHA__ROLE__ROLE_RESPONDENT;
    return db_query(call->db, ret_rows, SQL,
                    DB_PARAMS(db_string(call_scope(call)), db_text(programme_code),
                              db_text(is_respondent ? call->principal->organisation_id : ""), db_text(call->now)));
}

enum status
store_change_round(struct call *call, const Submissions__ChangeRoundRequest *request, struct db_rows *ret_rows)
{
    // A round closed by hand is the last of its row: what was ended on purpose does not come again by itself.
    static const char SQL[] =
        "UPDATE round r SET version = r.version + 1, due_on = coalesce($4::date, r.due_on),"
        "   named_due_on = CASE WHEN $4::date IS NULL THEN r.named_due_on END,"
        "   closed_until = coalesce($5::date, r.closed_until),"
        "   due_at = round_day_ends(coalesce($4::date, r.due_on), r.zone),"
        "   next_opens_at = round_begins(coalesce($5::date, r.closed_until) + 1, r.zone),"
        "   state = CASE WHEN $6 THEN 'closed' ELSE r.state END, repeats = r.repeats AND NOT $6,"
        "   assigned_up_to = CASE WHEN $6 THEN NULL ELSE r.assigned_up_to END"
        " FROM programme p, round before"
        " WHERE r.round_id = $2 AND r.version = $3 AND r.state <> 'closed' AND p.programme_id = r.programme_id"
        "   AND before.round_id = r.round_id AND vekha_in_scope(p.organisation_path, $1::text)"
        " RETURNING " ROUND_COLUMNS ", r.organisations, r.assignments, before.state AS state_before,"
        "   vekha_time(r.next_opens_at) AS next_opens_at";
    return db_query(call->db, ret_rows, SQL,
                    DB_PARAMS(db_string(call_scope(call)), db_text(request->round_id),
                              db_integer(request->expected_version), db_text(request->due_on),
                              db_text(request->closed_until), db_boolean(request->close)));
}

enum status
store_forecast_round(struct call *call, const char *code, const char *opens_on, struct db_rows *ret_rows)
{
    static const char SQL[] =
        "WITH day AS (SELECT p.programme_id, p.organisation_path,"
        "   coalesce($3::date, ($4::timestamptz AT TIME ZONE p.zone)::date) AS opens_on FROM programme p"
        "   WHERE p.code = $2 AND vekha_in_scope(p.organisation_path, $1::text)),"
        " asked AS (SELECT m.position, t.section_code, m.code AS item_code, coalesce(s.by_choice, false) AS by_choice,"
        "     o.organisation_id"
        "   FROM day d JOIN item m ON m.programme_id = d.programme_id AND NOT m.retired"
        "   JOIN item_text t USING (item_text_id)"
        "   LEFT JOIN section s ON s.programme_id = d.programme_id AND s.code = t.section_code"
        "   LEFT JOIN organisations_on((SELECT opens_on FROM day)) o ON vekha_in_scope(o.path, d.organisation_path)"
        "     AND participates(t.selector, t.codes, t.attribute, o.path, o.kind, o.attributes)),"
        " each AS (SELECT count(*) AS items FROM asked WHERE organisation_id IS NOT NULL GROUP BY organisation_id)"
        " SELECT to_char(d.opens_on, 'YYYY-MM-DD') AS opens_on, k.section_code, k.item_code, k.by_choice,"
        "   count(k.organisation_id) AS organisations, (SELECT count(*) FROM each) AS all_organisations,"
        "   (SELECT coalesce(max(items), 0) FROM each) AS most_of_one"
        "   FROM day d LEFT JOIN asked k ON true GROUP BY d.opens_on, k.position, k.section_code, k.item_code, "
        "k.by_choice"
        "   ORDER BY k.position";
    return db_query(call->db, ret_rows, SQL,
                    DB_PARAMS(db_string(call_scope(call)), db_text(code), db_text(opens_on), db_text(call->now)));
}
