// An organisation has started when its respondent logs in for the first time (S2.53), a forecast tells when somebody of
// it came last (I4); coordinators and curators are
// asked how often they come (S1.30).
#include "store.h"

static enum status
on_logged_in(struct call *call, const Events__LoggedIn *event)
{
    const char *watcher = watcher_role(event->role);
    if (watcher)
        return store_visit(call, event, watcher);
    return event->role == VEKHA__ROLE__ROLE_RESPONDENT ? store_respondent_login(call, event) : STATUS_OK;
}

EVENT_HANDLER(on_logged_in, "auth", Events__LoggedIn, events__logged_in__descriptor)
