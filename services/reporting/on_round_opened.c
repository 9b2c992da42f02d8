// A round that reports can be asked for.
#include "store.h"

static enum status
on_round_opened(struct call *call, const Events__RoundOpened *event)
{
    return store_round(call, event);
}

EVENT_HANDLER(on_round_opened, "submissions", Events__RoundOpened, events__round_opened__descriptor)
