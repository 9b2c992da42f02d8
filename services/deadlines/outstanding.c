// What is still to be sent, noted for many events at once.
#include "outstanding.h"

static enum status
note_item(struct call *call, struct outstanding noted)
{
    struct outstanding *item = arena_take(call->arena, sizeof(*item));
    if (!item)
        return STATUS_TOO_LARGE;
    *item = noted;
    return note(call, noted.assignment_id, item);
}

enum status
note_outstanding(struct call *call, const char *assignment_id, bool is_outstanding)
{
    return note_item(call, (struct outstanding){assignment_id, is_outstanding, NULL});
}

enum status
note_sent(struct call *call, const Events__SubmissionSent *event)
{
    return note_item(call, (struct outstanding){event->assignment_id, false, event});
}

enum status
settle_outstanding(struct call *call, const void *const *items, size_t count)
{
    return store_outstanding(call, (const struct outstanding *const *)items, count);
}
