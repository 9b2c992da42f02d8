// Drafts of messages: their author's alone.
#include "store_messages.h"

enum status
store_create_message(struct call *call, const char *kind, const char **ret_message_id)
{
    struct db_rows rows;
    enum status status = db_query(
        call->db, &rows,
        "INSERT INTO message (kind, author_account_id, author_organisation_id, author_path, author_name,"
        " author_organisation, zone, changed_at) SELECT $1, $2::uuid, $3::uuid, $4, $5,"
        " coalesce((SELECT short_name FROM organisation_on($3::uuid, ($6::timestamptz AT TIME ZONE "
        "zone_of($4))::date)),"
        " ''), zone_of($4), $6::timestamptz RETURNING message_id",
        DB_PARAMS(db_text(kind), db_text(call->principal->account_id), db_text(call->principal->organisation_id),
                  db_text(call_scope(call)), db_string(call->principal->display_name), db_text(call->now)));
    *ret_message_id = status == STATUS_OK ? db_text_at(&rows, 0, 0) : "";
    return status;
}

enum status
store_name_units(struct call *call, const char *organisation_ids, struct db_rows *ret_rows)
{
    return db_query(call->db, ret_rows,
                    "SELECT w.id AS organisation_id, o.short_name FROM unnest($1::uuid[]) WITH ORDINALITY"
                    " w (id, position) CROSS JOIN LATERAL organisation_on(w.id, ($2::timestamptz)::date) o"
                    " WHERE vekha_in_scope(o.path, $3) ORDER BY w.position",
                    DB_PARAMS(db_text(organisation_ids), db_text(call->now), db_text(call_scope(call))));
}

enum status
store_save_message(struct call *call, const char *message_id, uint32_t expected_version,
                   const Deadlines__MessageContent *content, const struct message_lists *lists, bool *ret_done)
{
    const Deadlines__Connection none = DEADLINES__CONNECTION__INIT;
    const Deadlines__Connection *connection = content->connection ? content->connection : &none;
    struct db_rows rows;
    enum status status = db_query(
        call->db, &rows,
        "UPDATE message SET version = version + ($3::integer > 0)::integer, changed_at = $4::timestamptz, kind = $5,"
        " subject = $6, text = $7, asks_acknowledgement = $8::boolean, levels = $9::text[],"
        " organisation_ids = $10::uuid[], organisation_names = $11::text[], number = $12, dated_on = $13::date,"
        " signatory_name = $14, signatory_position = $15,"
        " starts_at = ($16::date + $17::time) AT TIME ZONE zone, duration_minutes = $18::integer,"
        " connection_link = $19, conference_id = $20, access_code = $21, link_titles = $22::text[],"
        " link_addresses = $23::text[], document_ids = $24::uuid[], supersedes_id = $25::uuid"
        " WHERE message_id = $1::uuid AND author_account_id = $2::uuid AND state = 'draft'"
        " AND ($3::integer = 0 OR version = $3::integer) RETURNING message_id",
        DB_PARAMS(db_text(message_id), db_text(call->principal->account_id), db_integer(expected_version),
                  db_text(call->now), db_text(content->kind), db_string(content->subject), db_string(content->text),
                  db_boolean(content->asks_acknowledgement), db_text(lists->levels), db_text(lists->organisation_ids),
                  db_text(lists->organisation_names), db_text(content->number), db_text(content->dated_on),
                  db_string(content->signatory_name), db_string(content->signatory_position),
                  db_text(content->starts_on), db_text(content->starts_time), db_integer(content->duration_minutes),
                  db_string(connection->link), db_string(connection->conference_id), db_string(connection->access_code),
                  db_text(lists->link_titles), db_text(lists->link_addresses), db_text(lists->document_ids),
                  db_text(content->supersedes_id)));
    *ret_done = status == STATUS_OK && rows.count > 0;
    return status;
}

enum status
store_drop_message(struct call *call, const char *message_id, bool *ret_done)
{
    struct db_rows rows;
    enum status status = db_query(call->db, &rows,
                                  "WITH mine AS (SELECT message_id FROM message WHERE message_id = $1::uuid"
                                  "  AND author_account_id = $2::uuid AND state = 'draft' FOR UPDATE),"
                                  " files AS (DELETE FROM message_attachment d USING mine"
                                  "  WHERE d.message_id = mine.message_id) SELECT message_id FROM mine",
                                  DB_PARAMS(db_text(message_id), db_text(call->principal->account_id)));
    *ret_done = status == STATUS_OK && rows.count > 0;
    if (!*ret_done)
        return status;
    return db_run(call->db, "DELETE FROM message WHERE message_id = $1::uuid AND state = 'draft'",
                  DB_PARAMS(db_text(message_id)));
}

enum status
store_attachment(struct call *call, const Events__DocumentStored *event)
{
    return db_run(call->db,
                  "INSERT INTO message_attachment (document_id, message_id, file_name, size_bytes, pages)"
                  " SELECT $1::uuid, message_id, $4, $5::bigint, $6::integer FROM message WHERE message_id = $2::uuid"
                  " AND author_account_id = $3::uuid AND state = 'draft' ON CONFLICT (document_id) DO NOTHING",
                  DB_PARAMS(db_text(event->document_id), db_text(event->message_id), db_text(event->account_id),
                            db_string(event->file_name), db_integer((int64_t)event->size_bytes),
                            db_integer(event->pages)));
}

enum status
store_count_missing_documents(struct call *call, const char *message_id, uint32_t *ret_missing)
{
    struct db_rows rows;
    enum status status =
        db_query(call->db, &rows,
                 "SELECT count(*) FROM message m, unnest(m.document_ids) w (document_id) WHERE m.message_id = $1::uuid"
                 " AND NOT EXISTS (SELECT FROM message_attachment d WHERE d.document_id = w.document_id"
                 "  AND d.message_id = m.message_id)",
                 DB_PARAMS(db_text(message_id)));
    *ret_missing = status == STATUS_OK ? (uint32_t)db_integer_at(&rows, 0, 0) : 0;
    return status;
}
