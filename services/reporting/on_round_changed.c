// A round's dates moved, or it was closed.
#include "store.h"

static enum status
on_round_changed(struct call *call, const Events__RoundChanged *event)
{
    return store_round_change(call, event);
}

EVENT_HANDLER(on_round_changed, "submissions", Events__RoundChanged, events__round_changed__descriptor)
