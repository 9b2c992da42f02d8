// SQL of who was shown contacts lately.
#include "store.h"

#define WINDOW "interval '10 minutes'"

enum status
store_note_reading(struct call *call, const struct contact_reading *reading, const char **ret_round_name)
{
    // Most readings are further pages and refreshes: those only look. Of two at once the second waits for the first.
    static const char sql[] =
        "INSERT INTO contact_reading AS known (session_id, act, round_id, unit_id, read_at)"
        " SELECT $1::uuid, $2, $3::uuid, fresh.unit_id, $5::timestamptz FROM"
        "  (SELECT coalesce($4::uuid, '00000000-0000-0000-0000-000000000000') AS unit_id) fresh"
        " WHERE NOT EXISTS (SELECT FROM contact_reading r WHERE r.session_id = $1::uuid AND r.act = $2"
        "  AND r.round_id = $3::uuid AND r.unit_id = fresh.unit_id AND r.read_at > $5::timestamptz - " WINDOW ")"
        " ON CONFLICT (session_id, act, round_id, unit_id) DO UPDATE SET read_at = excluded.read_at"
        " WHERE known.read_at <= excluded.read_at - " WINDOW
        " RETURNING (SELECT name FROM round WHERE round.round_id = $3::uuid)";
    struct db_rows rows;
    enum status status = db_query(call->db, &rows, sql,
                                  DB_PARAMS(db_text(call->principal->session_id), db_text(reading->act),
                                            db_text(reading->round_id), db_text(reading->unit_id), db_text(call->now)));
    if (status == STATUS_OK)
        *ret_round_name = rows.count ? db_text_at(&rows, 0, 0) : NULL;
    return status;
}

enum status
store_forget_readings(struct call *call)
{
    static const char sql[] = "DELETE FROM contact_reading WHERE read_at <= $1::timestamptz - " WINDOW;
    return db_run(call->db, sql, DB_PARAMS(db_text(call->now)));
}
