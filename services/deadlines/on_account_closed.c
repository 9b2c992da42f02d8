// Nobody is told through a closed account.
#include "store.h"

static enum status
on_account_closed(struct call *call, const Events__AccountClosed *event)
{
    return store_account_closed(call, event->account_id);
}

EVENT_HANDLER(on_account_closed, "auth", Events__AccountClosed, events__account_closed__descriptor)
