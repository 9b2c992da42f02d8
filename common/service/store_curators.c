// The schools of curators in a service's own database.
#include "events.pb-c.h"
#include "vekha/service/curators.h"

static enum status
curator_bound(struct call *call, const Events__CuratorBound *event)
{
    if (!event->bound)
        return db_run(call->db, "DELETE FROM curator_school WHERE account_id = $1::uuid AND organisation_id = $2::uuid",
                      DB_PARAMS(db_text(event->account_id), db_text(event->organisation_id)));
    return db_run(
        call->db,
        "INSERT INTO curator_school (account_id, organisation_id, organisation_path)"
        " VALUES ($1::uuid, $2::uuid, $3) ON CONFLICT (account_id, organisation_id) DO NOTHING",
        DB_PARAMS(db_text(event->account_id), db_text(event->organisation_id), db_string(event->organisation_path)));
}

EVENT_HANDLER(curator_bound, "auth", Events__CuratorBound, events__curator_bound__descriptor)
