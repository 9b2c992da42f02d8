// Respondents' accounts: the organisation has somebody to call, or somebody new. Coordinators and curators: who
// watches.
#include "store.h"

static enum status
on_account_issued(struct call *call, const Events__AccountIssued *event)
{
    const char *watcher = watcher_role(event->role);
    if (watcher)
        return store_watcher(call, event, watcher);
    return event->role == VEKHA__ROLE__ROLE_RESPONDENT ? store_account(call, event) : STATUS_OK;
}

EVENT_HANDLER(on_account_issued, "auth", Events__AccountIssued, events__account_issued__descriptor)
