// A round's name, due date and programme, for whoever it will ask.
#include "store.h"

static enum status
on_round_opened(struct call *call, const Events__RoundOpened *event)
{
    return store_round(call, event);
}

EVENT_HANDLER(on_round_opened, "submissions", Events__RoundOpened, events__round_opened__descriptor)
