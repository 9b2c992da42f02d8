// A letter with access goes out: the code in its link is the account's one-time password from now on. An account whose
// person has a password already stays as it is.
#include "handlers.h"
#include "store.h"
#include "vekha/base/time.h"

static enum status
on_access_mailed(struct call *call, const Events__AccessMailed *event)
{
    bool done;
    char at[25];
    time_format_utc(call->event->occurred_at_ms, at);
    enum status status =
        store_take_mailed_access(call, event->account_id, event->password_hash, event->expires_at, &done);
    if (status != STATUS_OK || !done)
        return status;
    return audit(call, AUDIT_ACCESS_MAILED,
                 (struct audit_object){.actor_account_id = call->event->actor_account_id,
                                       .account_id = event->account_id,
                                       .client_address = event->client_address,
                                       .at = at});
}

EVENT_HANDLER(on_access_mailed, "deadlines", Events__AccessMailed, events__access_mailed__descriptor)
