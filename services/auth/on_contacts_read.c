// Contacts of people were read in a report or beside a message: into the audit (D4).
#include "handlers.h"
#include "store.h"
#include "vekha/base/time.h"

static enum status
on_contacts_read(struct call *call, const Events__ContactsRead *event)
{
    char at[25];
    time_format_utc(call->event->occurred_at_ms, at);
    return audit(call, event->act,
                 (struct audit_object){.actor_account_id = call->event->actor_account_id,
                                       .organisation_id = event->organisation_id,
                                       .detail = event->round_name,
                                       .client_address = event->client_address,
                                       .at = at});
}

EVENT_HANDLER(on_contacts_read, "reporting", Events__ContactsRead, events__contacts_read__descriptor)

static enum status
on_message_contacts_read(struct call *call, const Events__ContactsRead *event)
{
    return on_contacts_read(call, event);
}

EVENT_HANDLER(on_message_contacts_read, "deadlines", Events__ContactsRead, events__contacts_read__descriptor)
