// The person who answers for an organisation (S2.17, S2.55).
#include "store.h"

static enum status
on_profile_saved(struct call *call, const Events__ProfileSaved *event)
{
    if (event->role != VEKHA__ROLE__ROLE_RESPONDENT)
        return STATUS_OK;
    const char *full_name = arena_format(call->arena, "%s %s%s%s", event->family_name, event->given_name,
                                         *event->middle_name ? " " : "", event->middle_name);
    return full_name ? store_contact(call, event, full_name) : STATUS_TOO_LARGE;
}

EVENT_HANDLER(on_profile_saved, "auth", Events__ProfileSaved, events__profile_saved__descriptor)
