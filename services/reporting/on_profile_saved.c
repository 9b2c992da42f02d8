// The person who answers for an organisation (S2.17, S2.55), or watches over it.
#include "store.h"

static enum status
on_profile_saved(struct call *call, const Events__ProfileSaved *event)
{
    const char *watcher = watcher_role(event->role);
    if (event->role != VEKHA__ROLE__ROLE_RESPONDENT && !watcher)
        return STATUS_OK;
    const char *full_name = arena_format(call->arena, "%s %s%s%s", event->family_name, event->given_name,
                                         *event->middle_name ? " " : "", event->middle_name);
    if (!full_name)
        return STATUS_TOO_LARGE;
    return watcher ? store_watcher_name(call, event->account_id, full_name) : store_contact(call, event, full_name);
}

EVENT_HANDLER(on_profile_saved, "auth", Events__ProfileSaved, events__profile_saved__descriptor)
