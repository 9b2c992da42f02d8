// An organisation set or moved the date of one item (S1.11, S1.12).
#include "store.h"

static enum status
on_assignment_planned(struct call *call, const Events__AssignmentPlanned *event)
{
    return store_item_plan(call, event);
}

EVENT_HANDLER(on_assignment_planned, "submissions", Events__AssignmentPlanned, events__assignment_planned__descriptor)
