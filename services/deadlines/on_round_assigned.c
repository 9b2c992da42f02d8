// Everybody whom a round asks is known: mailings about it may be prepared.
#include "store_campaigns.h"

static enum status
on_round_assigned(struct call *call, const Events__RoundAssigned *event)
{
    return store_round_assigned(call, event);
}

EVENT_HANDLER(on_round_assigned, "submissions", Events__RoundAssigned, events__round_assigned__descriptor)
