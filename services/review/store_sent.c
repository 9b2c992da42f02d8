// Every version of an answer that was ever sent, with what became of it.
#include "store.h"
#include "store_rights.h"

enum { SENT_PAGE = 20 };

#define VERSION(row)                                                                                                   \
    row ".version, " row ".state, " row ".value, " row ".second_value, " row ".percent, " row ".comment, " row         \
        ".document_ids, " row ".document_names, " row ".document_sizes, " row ".document_pages, " row ".sent_at, " row \
        ".closed_at"
// What was withdrawn is its author's alone again. $3: the caller's role.
#define OPEN "s.state <> 'withdrawn' OR $3 = 'respondent'"
#define DOCUMENTS(column) "CASE WHEN " OPEN " THEN s." column " ELSE '{}' END,"
// A table only of the version that is asked for. $6: that version.
#define CONTENT(column)                                                                                                \
    "CASE WHEN (" OPEN ") AND (e.value_kind <> 'table' OR $6::integer <> 0) THEN s." column " END AS " column ","

enum status
store_list_sent(struct call *call, const Review__ListSentRequest *request, struct db_rows *ret_rows)
{
    return db_query(
        call->db, ret_rows,
        "SELECT " DOCUMENTS("document_ids") DOCUMENTS("document_names") DOCUMENTS("document_sizes")                //
        DOCUMENTS("document_pages") CONTENT("value") CONTENT("second_value") CONTENT("percent") CONTENT("comment") //
        " s.version, s.state, e.value_kind, vekha_time(s.sent_at) AS sent_at, vekha_time(s.closed_at) AS closed_at,"
        " v.resolution FROM entry e CROSS JOIN LATERAL (SELECT " VERSION(
            "e") " UNION ALL"
                 "  SELECT " VERSION(
                     "f") " FROM former_version f WHERE f.assignment_id = e.assignment_id) s"
                          " LEFT JOIN verdict v ON v.assignment_id = e.assignment_id AND v.version = s.version"
                          " WHERE e.assignment_id = $1::uuid AND vekha_in_scope(e.organisation_path, $2::text)"
                          " AND " MAY_READ("$3", "$4", "$5") " AND ($6 = 0 OR s.version = $6)"
                                                             " AND ($7::integer = 0 OR s.version < $7) ORDER BY "
                                                             "s.version DESC LIMIT $8::integer",
        DB_PARAMS(db_text(request->assignment_id), db_text(call_scope(call)), db_text(role_word(call->principal->role)),
                  db_text(call->principal->account_id), db_text(call->principal->organisation_id),
                  db_integer(request->version), db_integer(request->before_version),
                  db_integer(request->limit ? request->limit : SENT_PAGE)));
}
