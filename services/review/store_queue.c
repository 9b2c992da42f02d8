// Reading the queue, and what events write into it.
#include <string.h>

#include "store.h"
#include "store_rights.h"

// $1 is the moment of the call in every statement that uses these columns.
#define ENTRY_COLUMNS(caller, values, entries)                                                                         \
    "e.document_ids, e.document_names, e.document_sizes, e.document_pages,"                                            \
    " e.assignment_id, e.version, e.state, e.programme_code, e.round_id, e.section_title, e.question,"                 \
    " e.second_question, e.value_kind, e.unit, " values ", e.second_value, e.percent, e.comment,"                      \
    " e.section_code, e.stage, e.reviewer,"                                                                            \
    " e.organisation_id, o.short_name AS organisation_name, o.municipality_name, o.municipality_id,"                   \
    " vekha_time(e.sent_at) AS sent_at,"                                                                               \
    " greatest(0, floor(extract(epoch FROM coalesce(e.closed_at, $1::timestamptz) - e.sent_at) / 3600))::integer"      \
    " AS waiting_hours, vekha_time(CASE WHEN e.due_is_own THEN e.due_at ELSE coalesce(r.due_at, e.due_at) END)"        \
    " AS due_at, vekha_time(e.opened_at) AS opened_at,"                                                                \
    " (e.state = 'opened' AND e.opened_by = " caller "::uuid) AS opened_by_me"                                         \
    " FROM " entries " e LEFT JOIN organisation o USING (organisation_id) LEFT JOIN moved_round r USING (round_id) "

#define WHOLE_VALUES "e.value, e.previous_value"
// Hundreds of tables would be more than an answer can hold.
#define SMALL_VALUES                                                                                                   \
    "CASE WHEN e.value_kind <> 'table' THEN e.value END AS value,"                                                     \
    " CASE WHEN e.value_kind <> 'table' THEN e.previous_value END AS previous_value"

// $1 now, $2 territory, $3 programme, $4 municipality, $5 round, $6 hours, $7 organisation.
#define FILTERS                                                                                                        \
    " WHERE vekha_in_scope(e.organisation_path, $2::text)"                                                             \
    " AND ($3::text IS NULL OR e.programme_code = $3)"                                                                 \
    " AND ($4::uuid IS NULL OR e.organisation_id IN"                                                                   \
    " (SELECT m.organisation_id FROM organisation m WHERE m.municipality_id = $4 OR m.organisation_id = $4))"          \
    " AND ($5::uuid IS NULL OR e.round_id = $5)"                                                                       \
    " AND e.sent_at <= $1::timestamptz - make_interval(hours => $6::integer)"                                          \
    " AND ($7::uuid IS NULL OR e.organisation_id = $7) "

// Written out where it counts: a plan made before the parameters are known can use a partial index only so.
#define PENDING "AND e.state IN ('waiting', 'opened') "
#define OF_OPERATORS "AND e.reviewer = 'operator' "
// $8 account.
#define OF_CURATOR                                                                                                     \
    "AND e.reviewer = 'curator' AND e.organisation_id IN"                                                              \
    " (SELECT b.organisation_id FROM curator_school b WHERE b.account_id = $8::uuid) "

// The constant limit tells the planner, which does not know $12, that the page is small: it then walks the index in
// order instead of sorting everything that waits.
#define PAGE(condition)                                                                                                \
    "SELECT " ENTRY_COLUMNS(                                                                                           \
        "$8", SMALL_VALUES,                                                                                            \
        "(SELECT * FROM entry e" FILTERS condition " AND (e.sent_at, e.assignment_id) > ($10::timestamptz, $11::uuid)" \
        " ORDER BY e.sent_at, e.assignment_id LIMIT 500)") "ORDER BY e.sent_at, e.assignment_id LIMIT $12::integer"
#define PENDING_PAGE(whose) PAGE(whose PENDING "AND ($9::text IS NULL OR e.state = $9)")
#define CLOSED_PAGE(whose) PAGE(whose "AND e.state = $9::text")

// The range says in a form an index can serve what the function says of paths.
#define COUNTS(whose)                                                                                                  \
    "SELECT count(*) FILTER (WHERE e.state = 'waiting') AS waiting,"                                                   \
    " count(*) FILTER (WHERE e.state = 'opened') AS opened FROM entry e" FILTERS PENDING whose                         \
    "AND e.organisation_path >= CASE WHEN $2::text = '*' THEN '' ELSE $2::text END"                                    \
    " AND e.organisation_path < CASE WHEN $2::text = '*' THEN '~' ELSE $2::text || '/' END"

enum { QUEUE_PAGE = 50, COUNT_PARAMS_OF_OPERATOR = 7, COUNT_PARAMS_OF_CURATOR };

#define FILTER_PARAMS(call, request)                                                                                   \
    db_text((call)->now), db_text(call_scope(call)), db_text((request)->programme_code),                               \
        db_text((request)->municipality_id), db_text((request)->round_id),                                             \
        db_integer((request)->waiting_at_least_hours), db_text((request)->organisation_id),                            \
        db_text((call)->principal->account_id)

static bool
is_curator(const struct call *call)
{
    return call->principal->role == VEKHA__ROLE__ROLE_CURATOR;
}

enum status
store_list_queue(struct call *call, const Review__ListQueueRequest *request, enum queue queue, struct db_rows *ret_rows)
{
    static const char first_id[] = "00000000-0000-0000-0000-000000000000";
    static const char *const pages[2][2] = {
        {PENDING_PAGE(OF_OPERATORS), CLOSED_PAGE(OF_OPERATORS)},
        {PENDING_PAGE(OF_CURATOR), CLOSED_PAGE(OF_CURATOR)},
    };
    return db_query(call->db, ret_rows, pages[is_curator(call)][queue == QUEUE_CLOSED],
                    DB_PARAMS(FILTER_PARAMS(call, request), db_text(request->state),
                              db_text(*request->after_sent_at ? request->after_sent_at : "-infinity"),
                              db_text(*request->after_assignment_id ? request->after_assignment_id : first_id),
                              db_integer(request->limit ? request->limit : QUEUE_PAGE)));
}

enum status
store_count_queue(struct call *call, const Review__ListQueueRequest *request, struct db_rows *ret_rows)
{
    const struct db_param params[] = {FILTER_PARAMS(call, request)};
    if (is_curator(call))
        return db_query(call->db, ret_rows, COUNTS(OF_CURATOR), params, COUNT_PARAMS_OF_CURATOR);
    return db_query(call->db, ret_rows, COUNTS(OF_OPERATORS), params, COUNT_PARAMS_OF_OPERATOR);
}

enum status
store_get_entry(struct call *call, const char *assignment_id, struct db_rows *ret_rows)
{
    return db_query(call->db, ret_rows,
                    "SELECT " ENTRY_COLUMNS("$2", WHOLE_VALUES, "entry") //
                    "WHERE e.assignment_id = $3::uuid AND vekha_in_scope(e.organisation_path, $4::text)"
                    " AND " MAY_JUDGE("$5", "$2"),
                    DB_PARAMS(db_text(call->now), db_text(call->principal->account_id), db_text(assignment_id),
                              db_text(call_scope(call)), db_text(role_word(call->principal->role))));
}

// Columns of one element per answer; the arrays of its documents are texts in them.
enum { SUBMISSION_COLUMNS = 27, DOCUMENT_COLUMNS = 4 };

static enum status
put_documents(struct arena *arena, const Events__SubmissionSent *event, const char *ret_lists[DOCUMENT_COLUMNS])
{
    size_t count = event->n_documents;
    char **columns[DOCUMENT_COLUMNS];
    for (size_t i = 0; i < DOCUMENT_COLUMNS; i++)
        if (!(columns[i] = arena_take(arena, (count + 1) * sizeof(char *))))
            return STATUS_BUSY;
    for (size_t i = 0; i < count; i++) {
        const Events__DocumentReference *document = event->documents[i];
        columns[0][i] = arena_copy(arena, document->document_id);
        columns[1][i] = arena_copy(arena, document->file_name);
        columns[2][i] = arena_format(arena, "%llu", (unsigned long long)document->size_bytes);
        columns[3][i] = arena_format(arena, "%u", document->pages);
        if (!columns[0][i] || !columns[1][i] || !columns[2][i] || !columns[3][i])
            return STATUS_BUSY;
    }
    for (size_t i = 0; i < DOCUMENT_COLUMNS; i++)
        if (!(ret_lists[i] = db_text_array(arena, columns[i], count)))
            return STATUS_BUSY;
    return STATUS_OK;
}

static enum status
put_submission(struct arena *arena, const Events__SubmissionSent *event, const char *ret_row[SUBMISSION_COLUMNS])
{
    const char *documents[DOCUMENT_COLUMNS];
    enum status status = put_documents(arena, event, documents);
    if (status != STATUS_OK)
        return status;
    const char *row[SUBMISSION_COLUMNS] = {
        event->assignment_id,
        arena_format(arena, "%u", event->version),
        event->round_id,
        event->item_id,
        event->organisation_id,
        event->organisation_path,
        event->value_kind,
        event->value,
        event->second_value,
        event->percent,
        event->at,
        event->comment,
        event->previous_value,
        event->programme_code,
        event->section_title,
        event->question,
        event->second_question,
        event->unit,
        event->due_at,
        documents[0],
        documents[1],
        documents[2],
        documents[3],
        reviewer_of_event(event->reviewer),
        event->section_code,
        event->stage,
        event->due_is_own ? "t" : "f",
    };
    memcpy(ret_row, row, sizeof(row));
    return row[1] ? STATUS_OK : STATUS_BUSY;
}

enum status
store_submissions(struct call *call, const Events__SubmissionSent *const *events, size_t count)
{
    const char *(*rows)[SUBMISSION_COLUMNS] = arena_take(call->arena, count * sizeof *rows);
    if (!rows)
        return STATUS_BUSY;
    enum status status = STATUS_OK;
    for (size_t i = 0; i < count && status == STATUS_OK; i++)
        status = put_submission(call->arena, events[i], rows[i]);
    struct db_param params[SUBMISSION_COLUMNS];
    if (status == STATUS_OK)
        status = db_text_columns(call->arena, rows[0], count, SUBMISSION_COLUMNS, params);
    if (status != STATUS_OK)
        return status;
    return db_run(
        call->db,
        "WITH former AS (INSERT INTO former_version (assignment_id, version, organisation_path, state, value,"
        "  second_value, percent, comment, document_ids, document_names, document_sizes, document_pages, sent_at,"
        "  closed_at) SELECT e.assignment_id, e.version, e.organisation_path, e.state, e.value, e.second_value,"
        "  e.percent, e.comment, e.document_ids, e.document_names, e.document_sizes, e.document_pages, e.sent_at,"
        "  e.closed_at FROM unnest($1::uuid[], $2::integer[]) AS w (assignment_id, version)"
        "  JOIN entry e USING (assignment_id) WHERE e.version < w.version ON CONFLICT DO NOTHING)"
        " INSERT INTO entry (assignment_id, version, state, round_id, item_id, organisation_id,"
        " organisation_path, value_kind, value, second_value, percent, sent_at, comment, previous_value,"
        " programme_code, section_title, question, second_question, unit, due_at, document_ids,"
        " document_names, document_sizes, document_pages, reviewer, section_code, stage, due_is_own,"
        " sent_versions)"
        " SELECT assignment_id, version, 'waiting', round_id, item_id, organisation_id, organisation_path, value_kind,"
        " value, second_value, percent, sent_at, comment, previous_value, coalesce(programme_code, ''),"
        " coalesce(section_title, ''), coalesce(question, ''), second_question, unit, due_at, document_ids::uuid[],"
        " document_names::text[], document_sizes::bigint[], document_pages::integer[], reviewer, section_code, stage,"
        " due_is_own, ARRAY[version]"
        " FROM unnest($1::uuid[], $2::integer[], $3::uuid[], $4::uuid[], $5::uuid[], $6::text[], $7::text[],"
        " $8::text[], $9::text[], $10::text[], $11::timestamptz[], $12::text[], $13::text[], $14::text[], $15::text[],"
        " $16::text[], $17::text[], $18::text[], $19::timestamptz[], $20::text[], $21::text[], $22::text[],"
        " $23::text[], $24::text[], $25::text[], $26::text[], $27::boolean[]) AS w (assignment_id, version, round_id, "
        "item_id, "
        "organisation_id, organisation_path, value_kind,"
        " value, second_value, percent, sent_at, comment, previous_value, programme_code, section_title, question,"
        " second_question, unit, due_at, document_ids, document_names, document_sizes, document_pages, reviewer,"
        " section_code, stage, due_is_own)"
        " ORDER BY assignment_id"
        " ON CONFLICT (assignment_id) DO UPDATE SET version = excluded.version, state = 'waiting',"
        " round_id = excluded.round_id, organisation_id = excluded.organisation_id,"
        " organisation_path = excluded.organisation_path, value_kind = excluded.value_kind,"
        " value = excluded.value, second_value = excluded.second_value, percent = excluded.percent,"
        " sent_at = excluded.sent_at, comment = excluded.comment, previous_value = excluded.previous_value,"
        " section_title = excluded.section_title, question = excluded.question,"
        " second_question = excluded.second_question, unit = excluded.unit, due_at = excluded.due_at,"
        " document_ids = excluded.document_ids, document_names = excluded.document_names,"
        " document_sizes = excluded.document_sizes, document_pages = excluded.document_pages,"
        " reviewer = excluded.reviewer, section_code = excluded.section_code, stage = excluded.stage,"
        " due_is_own = excluded.due_is_own,"
        " sent_versions = entry.sent_versions || excluded.version,"
        " opened_at = NULL, opened_by = NULL, closed_at = NULL"
        " WHERE entry.version < excluded.version",
        params, SUBMISSION_COLUMNS);
}

enum status
store_organisation(struct call *call, const Events__OrganisationChanged *event)
{
    return db_run(call->db,
                  "WITH moved AS (SELECT organisation_id FROM organisation"
                  "  WHERE organisation_id = $1::uuid AND organisation_path <> $2),"
                  " entries AS (UPDATE entry SET organisation_path = $2 FROM moved"
                  "  WHERE entry.organisation_id = moved.organisation_id RETURNING entry.assignment_id),"
                  " verdicts AS (UPDATE verdict SET organisation_path = $2 FROM entries"
                  "  WHERE verdict.assignment_id = entries.assignment_id),"
                  " former AS (UPDATE former_version SET organisation_path = $2 FROM entries"
                  "  WHERE former_version.assignment_id = entries.assignment_id),"
                  " remarks AS (UPDATE remark SET organisation_path = $2 FROM entries"
                  "  WHERE remark.assignment_id = entries.assignment_id),"
                  " curators AS (UPDATE curator_school SET organisation_path = $2 FROM moved"
                  "  WHERE curator_school.organisation_id = moved.organisation_id)"
                  " INSERT INTO organisation (organisation_id, organisation_path, short_name, municipality_id,"
                  " municipality_name) VALUES ($1::uuid, $2, $3, $4::uuid, $5)"
                  " ON CONFLICT (organisation_id) DO UPDATE SET organisation_path = excluded.organisation_path,"
                  " short_name = excluded.short_name, municipality_id = excluded.municipality_id,"
                  " municipality_name = excluded.municipality_name",
                  DB_PARAMS(db_text(event->organisation_id), db_string(event->path), db_string(event->short_name),
                            db_text(event->municipality_id), db_string(event->municipality_name)));
}

enum status
store_round_due(struct call *call, const char *round_id, const char *due_at)
{
    return db_run(call->db,
                  "INSERT INTO moved_round (round_id, due_at) VALUES ($1::uuid, $2::timestamptz)"
                  " ON CONFLICT (round_id) DO UPDATE SET due_at = excluded.due_at",
                  DB_PARAMS(db_text(round_id), db_text(due_at)));
}

enum status
store_dues(struct call *call, const Events__DueSet *event)
{
    return db_run(
        call->db, "UPDATE entry SET due_at = $2::timestamptz, due_is_own = true WHERE assignment_id = ANY ($1::uuid[])",
        DB_PARAMS(db_text(db_text_array(call->arena, (char *const *)event->assignment_ids, event->n_assignment_ids)),
                  db_text(event->due_at)));
}
