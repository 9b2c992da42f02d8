// A unit of the tree, as it is from a day on.
#include "store.h"

static enum status
on_organisation_changed(struct call *call, const Events__OrganisationChanged *event)
{
    return store_organisation(call, event);
}

EVENT_HANDLER(on_organisation_changed, "auth", Events__OrganisationChanged, events__organisation_changed__descriptor)
