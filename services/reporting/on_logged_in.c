// An organisation has started when its respondent logs in for the first time (S2.53).
#include "store.h"

static enum status
on_logged_in(struct call *call, const Events__LoggedIn *event)
{
    if (!event->first || event->role != VEKHA__ROLE__ROLE_RESPONDENT)
        return STATUS_OK;
    return store_first_login(call, event->organisation_id, event->at);
}

EVENT_HANDLER(on_logged_in, "auth", Events__LoggedIn, events__logged_in__descriptor)
