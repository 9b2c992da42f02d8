// A curator answers for a school, or does so no more (S1.6).
#include "store.h"

static enum status
on_curator_bound(struct call *call, const Events__CuratorBound *event)
{
    return store_curator(call, event);
}

EVENT_HANDLER(on_curator_bound, "auth", Events__CuratorBound, events__curator_bound__descriptor)
