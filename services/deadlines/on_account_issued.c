// Whom to tell: accounts of respondents, coordinators and curators.
#include "store.h"

static enum status
on_account_issued(struct call *call, const Events__AccountIssued *event)
{
    return store_account(call, event);
}

EVENT_HANDLER(on_account_issued, "auth", Events__AccountIssued, events__account_issued__descriptor)
