// A key of the feed for dashboards was issued or revoked: into the audit.
#include "handlers.h"
#include "store.h"
#include "vekha/base/time.h"

static enum status
on_feed_key_changed(struct call *call, const Events__FeedKeyChanged *event)
{
    char at[25];
    time_format_utc(call->event->occurred_at_ms, at);
    return audit(call, event->revoked ? AUDIT_FEED_KEY_REVOKED : AUDIT_FEED_KEY_ISSUED,
                 (struct audit_object){.actor_account_id = call->event->actor_account_id,
                                       .organisation_id = event->organisation_id,
                                       .detail = event->name,
                                       .client_address = event->client_address,
                                       .at = at});
}

EVENT_HANDLER(on_feed_key_changed, "reporting", Events__FeedKeyChanged, events__feed_key_changed__descriptor)
