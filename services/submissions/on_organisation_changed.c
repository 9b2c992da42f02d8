// auth's tree: who there is, and what open rounds ask of newcomers and of those that changed.
#include "assign.h"
#include "handlers.h"

static enum status
on_organisation_changed(struct call *call, const Events__OrganisationChanged *event)
{
    enum status status = store_put_organisation(call, event);
    if (status == STATUS_OK)
        status = store_move_organisation(call, event->organisation_id, event->path);
    struct db_rows rounds, rows;
    // The lock keeps a round from opening between our look and our row: one of the two sees the other.
    if (status == STATUS_OK)
        status = store_lock_current_rounds(call, event->path, &rounds);
    if (status != STATUS_OK || rounds.count == 0)
        return status;
    status = store_assign_organisation(call, event->organisation_id, &rows);
    return status == STATUS_OK ? assign_tell(call, &rows) : status;
}

EVENT_HANDLER(on_organisation_changed, "auth", Events__OrganisationChanged, events__organisation_changed__descriptor)
