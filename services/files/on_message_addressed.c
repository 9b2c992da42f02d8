// A message was sent: its addressees may read what is attached to it.
#include "store.h"

static enum status
on_message_addressed(struct call *call, const Events__MessageAddressed *event)
{
    return store_let_read(call, event);
}

EVENT_HANDLER(on_message_addressed, "deadlines", Events__MessageAddressed, events__message_addressed__descriptor)
