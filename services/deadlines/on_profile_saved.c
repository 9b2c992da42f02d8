// Letters go to the address of the profile; whoever has not read one is found by its name and phone.
#include "store.h"

static enum status
on_profile_saved(struct call *call, const Events__ProfileSaved *event)
{
    return store_profile(call, event);
}

EVENT_HANDLER(on_profile_saved, "auth", Events__ProfileSaved, events__profile_saved__descriptor)
