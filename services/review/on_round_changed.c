// A round's due date moved: entries show the new one.
#include "store.h"

static enum status
on_round_changed(struct call *call, const Events__RoundChanged *event)
{
    if (!*event->due_at)
        return STATUS_OK;
    return store_round_due(call, event->round_id, event->due_at);
}

EVENT_HANDLER(on_round_changed, "submissions", Events__RoundChanged, events__round_changed__descriptor)
