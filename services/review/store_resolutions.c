// Kept reasons: each operator's own.
#include "store.h"

enum { KEPT_MAX = 100 };

enum status
store_list_resolutions(struct call *call, struct db_rows *ret_rows)
{
    return db_query(call->db, ret_rows,
                    "SELECT resolution_id, text FROM resolution WHERE account_id = $1::uuid"
                    " ORDER BY kept_at DESC, resolution_id",
                    DB_PARAMS(db_text(call->principal->account_id)));
}

enum status
store_keep_resolution(struct call *call, const char *text, struct db_rows *ret_rows)
{
    return db_query(call->db, ret_rows,
                    "INSERT INTO resolution AS r (account_id, organisation_path, text, kept_at)"
                    " SELECT $1::uuid, $2, $3, $4::timestamptz"
                    " WHERE (SELECT count(*) FROM resolution WHERE account_id = $1::uuid AND text <> $3) < $5::integer"
                    " ON CONFLICT (account_id, text) DO UPDATE SET kept_at = r.kept_at"
                    " RETURNING r.resolution_id, r.text",
                    DB_PARAMS(db_text(call->principal->account_id), db_string(call->principal->organisation_path),
                              db_text(text), db_text(call->now), db_integer(KEPT_MAX)));
}

enum status
store_delete_resolution(struct call *call, const char *resolution_id)
{
    struct db_rows rows;
    enum status status =
        db_query(call->db, &rows, "DELETE FROM resolution WHERE resolution_id = $1::uuid AND account_id = $2::uuid",
                 DB_PARAMS(db_text(resolution_id), db_text(call->principal->account_id)));
    if (status == STATUS_OK && rows.affected == 0)
        return STATUS_NOT_FOUND;
    return status;
}
