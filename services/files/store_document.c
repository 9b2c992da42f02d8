// Documents: whose they are, who may read them, which bytes they have.
#include "store.h"

enum status
store_get_document(struct call *call, const char *document_id, struct db_rows *ret_rows)
{
    return db_query(
        call->db, ret_rows,
        "SELECT d.document_id, d.assignment_id, d.message_id, d.programme_code, d.file_name, d.size_bytes,"
        " d.sha256, d.pages, vekha_time(d.stored_at) AS stored_at, d.size_bytes AS total_bytes FROM document d"
        " WHERE d.document_id = $1::uuid AND (d.programme_code IS NOT NULL"
        " OR (d.organisation_id = $2::uuid AND $4::integer = $5::integer AND d.assignment_id IS NOT NULL)"
        " OR (d.message_id IS NOT NULL AND (d.account_id = $9::uuid OR EXISTS (SELECT FROM message_reader r"
        "  WHERE r.document_id = d.document_id AND r.account_id = $9::uuid)))"
        " OR (d.shared_at IS NOT NULL AND vekha_in_scope(d.organisation_path, $3::text)"
        " AND ($4::integer IN ($6::integer, $7::integer) OR ($4::integer = $8::integer"
        " AND EXISTS (SELECT FROM curator_school b WHERE b.account_id = $9::uuid"
        "  AND b.organisation_id = d.organisation_id)))))",
        DB_PARAMS(db_text(document_id), db_text(call->principal->organisation_id), db_text(call_scope(call)),
                  db_integer(call->principal->role), db_integer(VEKHA__ROLE__ROLE_RESPONDENT),
                  db_integer(VEKHA__ROLE__ROLE_OPERATOR), db_integer(VEKHA__ROLE__ROLE_COORDINATOR),
                  db_integer(VEKHA__ROLE__ROLE_CURATOR), db_text(call->principal->account_id)));
}

enum status
store_share_documents(struct call *call, const Events__SubmissionSent *event)
{
    char **ids = arena_take(call->arena, (event->n_documents + 1) * sizeof *ids);
    if (!ids)
        return STATUS_BUSY;
    for (size_t i = 0; i < event->n_documents; i++)
        if (!(ids[i] = arena_copy(call->arena, event->documents[i]->document_id)))
            return STATUS_BUSY;
    const char *list = db_text_array(call->arena, ids, event->n_documents);
    if (!list)
        return STATUS_BUSY;
    return db_run(call->db,
                  "UPDATE document SET shared_at = $3::timestamptz WHERE document_id = ANY ($1::uuid[])"
                  " AND organisation_id = $2::uuid AND shared_at IS NULL",
                  DB_PARAMS(db_text(list), db_text(event->organisation_id), db_text(event->at)));
}

enum status
store_let_read(struct call *call, const Events__MessageAddressed *event)
{
    const char *documents =
        db_text_array(call->arena, (char *const *)(uintptr_t)event->document_ids, event->n_document_ids);
    const char *accounts =
        db_text_array(call->arena, (char *const *)(uintptr_t)event->account_ids, event->n_account_ids);
    const char *paths = db_text_array(call->arena, (char *const *)(uintptr_t)event->paths, event->n_paths);
    if (!documents || !accounts || !paths)
        return STATUS_BUSY;
    return db_run(
        call->db,
        "INSERT INTO message_reader (document_id, account_id, path) SELECT d.document_id, r.account_id, r.path"
        " FROM document d CROSS JOIN unnest($3::uuid[], $4::text[]) r (account_id, path)"
        " WHERE d.document_id = ANY ($2::uuid[]) AND d.message_id = $1::uuid ON CONFLICT DO NOTHING",
        DB_PARAMS(db_text(event->message_id), db_text(documents), db_text(accounts), db_text(paths)));
}

enum status
store_move_organisation(struct call *call, const char *organisation_id, const char *path)
{
    return db_run(call->db,
                  "WITH uploads AS (UPDATE upload SET organisation_path = $2::text"
                  "  WHERE organisation_id = $1::uuid AND organisation_path <> $2::text),"
                  " room AS (UPDATE organisation_room SET organisation_path = $2::text"
                  "  WHERE organisation_id = $1::uuid AND organisation_path <> $2::text),"
                  " curators AS (UPDATE curator_school SET organisation_path = $2::text"
                  "  WHERE organisation_id = $1::uuid AND organisation_path <> $2::text)"
                  " UPDATE document SET organisation_path = $2::text"
                  " WHERE organisation_id = $1::uuid AND organisation_path <> $2::text",
                  DB_PARAMS(db_text(organisation_id), db_text(path)));
}

enum status
store_find_orphans(struct call *call, const char *hashes, struct db_rows *ret_rows)
{
    return db_query(call->db, ret_rows,
                    "SELECT wanted.hash FROM unnest($1::text[]) AS wanted (hash)"
                    " WHERE NOT EXISTS (SELECT 1 FROM document WHERE sha256 = wanted.hash)",
                    DB_PARAMS(db_text(hashes)));
}
