// An organisation has started when its respondent logs in for the first time (S2.53); coordinators and curators are
// asked how often they come (S1.30).
#include "store.h"

static enum status
on_logged_in(struct call *call, const Events__LoggedIn *event)
{
    const char *watcher = watcher_role(event->role);
    if (watcher)
        return store_visit(call, event, watcher);
    if (!event->first || event->role != VEKHA__ROLE__ROLE_RESPONDENT)
        return STATUS_OK;
    return store_first_login(call, event->organisation_id, event->at);
}

EVENT_HANDLER(on_logged_in, "auth", Events__LoggedIn, events__logged_in__descriptor)
