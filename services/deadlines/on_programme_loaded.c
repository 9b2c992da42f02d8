// Questions, for the words of a rejection.
#include "store.h"

static enum status
on_programme_loaded(struct call *call, const Events__ProgrammeLoaded *event)
{
    return store_items(call, event);
}

EVENT_HANDLER(on_programme_loaded, "submissions", Events__ProgrammeLoaded, events__programme_loaded__descriptor)
