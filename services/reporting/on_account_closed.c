// A closed account's person is no longer the one to call, nor one who watches.
#include "store.h"

static enum status
on_account_closed(struct call *call, const Events__AccountClosed *event)
{
    enum status status = store_account_closed(call, event->account_id);
    return status == STATUS_OK ? store_watcher_closed(call, event->account_id) : status;
}

EVENT_HANDLER(on_account_closed, "auth", Events__AccountClosed, events__account_closed__descriptor)
