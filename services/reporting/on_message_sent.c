// Who watches also writes to those who are behind (S1.30).
#include "store.h"

static enum status
on_message_sent(struct call *call, const Events__MessageSent *event)
{
    return store_reminder(call, event);
}

EVENT_HANDLER(on_message_sent, "deadlines", Events__MessageSent, events__message_sent__descriptor)
