// Messages for those who may see them.
#include "store_messages.h"

#include <string.h>

enum { MESSAGES_PAGE = 50 };

// $1 caller, $2 unread only, $3 and $4 the last of the page before, $5 limit, $6 territory.
#define SUMMARIES(from, at, condition)                                                                                 \
    "SELECT m.message_id, m.kind, m.state, m.subject, m.number, to_char(m.dated_on, 'YYYY-MM-DD') AS dated_on,"        \
    " vekha_time(m.starts_at) AS starts_at, m.zone, m.author_name, m.author_organisation AS author_organisation_name," \
    " vekha_time(" at ") AS at, a.read_at IS NOT NULL AS read, m.asks_acknowledgement,"                                \
    " a.acknowledged_at IS NOT NULL AS acknowledged, cardinality(m.document_ids) AS attachments,"                      \
    " t.addressees, t.readers FROM " from                                                                              \
    " CROSS JOIN LATERAL (SELECT count(*) AS addressees, count(r.read_at) AS readers FROM message_addressee r"         \
    "  WHERE r.message_id = m.message_id AND (m.author_account_id = $1::uuid"                                          \
    "   OR vekha_in_scope(m.author_path, $6))) t"                                                                      \
    " WHERE " condition " AND (NOT $2::boolean OR (a.account_id IS NOT NULL AND a.read_at IS NULL))"                   \
    " AND ($3::timestamptz IS NULL OR (" at ", m.message_id) < ($3,"                                                   \
    "  coalesce($4::uuid, '00000000-0000-0000-0000-000000000000')))"                                                   \
    " ORDER BY " at " DESC, m.message_id DESC LIMIT $5::integer"
#define WITH_MINE "message m LEFT JOIN message_addressee a ON a.message_id = m.message_id AND a.account_id = $1::uuid"

enum status
store_list_messages(struct call *call, enum message_box box, const Deadlines__ListMessagesRequest *request,
                    struct db_rows *ret_rows)
{
    static const char received[] =
        SUMMARIES("message_addressee a JOIN message m USING (message_id)", "a.addressed_at", "a.account_id = $1::uuid");
    static const char sent[] =
        SUMMARIES(WITH_MINE, "m.sent_at", "m.author_account_id = $1::uuid AND m.state <> 'draft'");
    static const char drafts[] =
        SUMMARIES(WITH_MINE, "m.changed_at", "m.author_account_id = $1::uuid AND m.state = 'draft'");
    static const char territory[] =
        SUMMARIES(WITH_MINE, "m.sent_at",
                  "m.state <> 'draft' AND m.author_account_id <> $1::uuid AND a.account_id IS NULL"
                  " AND vekha_in_scope(m.author_path, $6)");
    static const char *const statements[] = {
        [BOX_RECEIVED] = received, [BOX_SENT] = sent, [BOX_DRAFTS] = drafts, [BOX_TERRITORY] = territory};
    return db_query(call->db, ret_rows, statements[box],
                    DB_PARAMS(db_text(call->principal->account_id), db_boolean(request->unread_only),
                              db_text(request->before_at), db_text(request->before_message_id),
                              db_integer(request->limit ? request->limit : MESSAGES_PAGE), db_text(call_scope(call))));
}

enum status
store_count_unread_messages(struct call *call, uint32_t *ret_unread)
{
    struct db_rows rows;
    enum status status = db_query(call->db, &rows,
                                  "SELECT count(*) FROM message_addressee a JOIN message m USING (message_id)"
                                  " WHERE a.account_id = $1::uuid AND a.read_at IS NULL AND m.state = 'sent'",
                                  DB_PARAMS(db_text(call->principal->account_id)));
    *ret_unread = status == STATUS_OK ? (uint32_t)db_integer_at(&rows, 0, 0) : 0;
    return status;
}

enum status
store_get_message(struct call *call, const char *message_id, struct db_rows *ret_rows)
{
    // $3 territory; $4 the caller reads the territory's messages; $5 and $6 the caller is a coordinator, a curator.
    static const char sql[] =
        "SELECT m.message_id, m.state, m.version, m.author_name, m.author_organisation AS author_organisation_name,"
        " m.author_organisation_id, k.mine, vekha_time(m.changed_at) AS changed_at, vekha_time(m.sent_at) AS sent_at,"
        " vekha_time(m.recalled_at) AS recalled_at, m.recall_reason, m.superseded_by_id,"
        " vekha_time(m.starts_at) AS starts_at, m.zone, k.received, vekha_time(a.read_at) AS read_at,"
        " vekha_time(a.acknowledged_at) AS acknowledged_at, vekha_time(a.passed_on_at) AS passed_on_at,"
        " p.person_name AS passed_by_name, p.words AS passed_words, m.organisation_names,"
        " k.received AND m.state = 'sent' AND ($5::boolean OR $6::boolean) AS can_pass_on,"
        " m.state <> 'draft' AND (k.mine OR k.watched OR (k.received AND ($5::boolean OR a.passed_on_at IS NOT NULL)))"
        " AS can_see_receipts,"
        " CASE WHEN k.mine OR k.watched THEN (SELECT count(*) FROM message_addressee r"
        "  WHERE r.message_id = m.message_id) END AS addressees,"
        " m.kind, m.subject, m.text, m.asks_acknowledgement, m.levels, m.organisation_ids, m.number,"
        " to_char(m.dated_on, 'YYYY-MM-DD') AS dated_on, m.signatory_name, m.signatory_position,"
        " to_char(m.starts_at AT TIME ZONE m.zone, 'YYYY-MM-DD') AS starts_on,"
        " to_char(m.starts_at AT TIME ZONE m.zone, 'HH24:MI') AS starts_time, m.duration_minutes, m.document_ids,"
        " m.supersedes_id, NOT k.told AND m.kind = 'consultation' AS connection_hidden,"
        " CASE WHEN k.told THEN m.connection_link END AS link, CASE WHEN k.told THEN m.conference_id END AS"
        " conference_id, CASE WHEN k.told THEN m.access_code END AS access_code"
        " FROM message m LEFT JOIN message_addressee a ON a.message_id = m.message_id AND a.account_id = $2::uuid"
        " LEFT JOIN message_pass p ON p.pass_id = a.pass_id CROSS JOIN LATERAL"
        " (SELECT m.author_account_id = $2::uuid AS mine, a.account_id IS NOT NULL AS received,"
        "  m.author_account_id = $2::uuid OR (a.account_id IS NOT NULL AND m.state = 'sent') AS told,"
        "  $4::boolean AND vekha_in_scope(m.author_path, $3) AS watched) k"
        " WHERE m.message_id = $1::uuid AND (k.mine OR (m.state <> 'draft' AND (k.received OR k.watched)))";
    Vekha__Role role = call->principal->role;
    bool is_coordinator = role == VEKHA__ROLE__ROLE_COORDINATOR;
    return db_query(call->db, ret_rows, sql,
                    DB_PARAMS(db_text(message_id), db_text(call->principal->account_id), db_text(call_scope(call)),
                              db_boolean(is_coordinator || role == VEKHA__ROLE__ROLE_ADMINISTRATOR),
                              db_boolean(is_coordinator), db_boolean(role == VEKHA__ROLE__ROLE_CURATOR)));
}

enum status
store_list_report_links(struct call *call, const char *message_id, struct db_rows *ret_rows)
{
    return db_query(call->db, ret_rows,
                    "SELECT l.title, l.address FROM message m, unnest(m.link_titles, m.link_addresses)"
                    " WITH ORDINALITY l (title, address, position) WHERE m.message_id = $1::uuid ORDER BY l.position",
                    DB_PARAMS(db_text(message_id)));
}

enum status
store_list_attachments(struct call *call, const char *message_id, struct db_rows *ret_rows)
{
    return db_query(call->db, ret_rows,
                    "SELECT d.document_id, d.file_name, d.size_bytes, d.pages FROM message m, unnest(m.document_ids)"
                    " WITH ORDINALITY w (document_id, position) JOIN message_attachment d USING (document_id)"
                    " WHERE m.message_id = $1::uuid AND d.message_id = m.message_id ORDER BY w.position",
                    DB_PARAMS(db_text(message_id)));
}
