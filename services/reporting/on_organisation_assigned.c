// All that a round asks of one organisation: empty cells and their counter.
#include "store.h"

static enum status
on_organisation_assigned(struct call *call, const Events__OrganisationAssigned *event)
{
    return store_assignments(call, event);
}

EVENT_HANDLER(on_organisation_assigned, "submissions", Events__OrganisationAssigned,
              events__organisation_assigned__descriptor)
