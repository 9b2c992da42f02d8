// Letters go to the address of the profile.
#include "store.h"

static enum status
on_profile_saved(struct call *call, const Events__ProfileSaved *event)
{
    return store_email(call, event->account_id, event->email);
}

EVENT_HANDLER(on_profile_saved, "auth", Events__ProfileSaved, events__profile_saved__descriptor)
