// An organisation may have moved in the tree: its documents move with it.
#include "store.h"

static enum status
on_organisation_changed(struct call *call, const Events__OrganisationChanged *event)
{
    return store_move_organisation(call, event->organisation_id, event->path);
}

EVENT_HANDLER(on_organisation_changed, "auth", Events__OrganisationChanged, events__organisation_changed__descriptor)
