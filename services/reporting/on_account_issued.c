// Respondents' accounts: the organisation has somebody to call, or somebody new.
#include "store.h"

static enum status
on_account_issued(struct call *call, const Events__AccountIssued *event)
{
    if (event->role != VEKHA__ROLE__ROLE_RESPONDENT)
        return STATUS_OK;
    return store_account(call, event);
}

EVENT_HANDLER(on_account_issued, "auth", Events__AccountIssued, events__account_issued__descriptor)
