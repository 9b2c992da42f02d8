// Names and addresses of organisations, for notices.
#include "store.h"

static enum status
on_organisation_changed(struct call *call, const Events__OrganisationChanged *event)
{
    return store_organisation(call, event);
}

EVENT_HANDLER(on_organisation_changed, "auth", Events__OrganisationChanged, events__organisation_changed__descriptor)
