// A date of an organisation's own, or of a schedule, was set or moved: answers that wait show it.
#include "store.h"

static enum status
on_due_set(struct call *call, const Events__DueSet *event)
{
    return store_dues(call, event);
}

EVENT_HANDLER(on_due_set, "submissions", Events__DueSet, events__due_set__descriptor)
