// What is still to be sent, noted for many events at once.
#include "outstanding.h"

enum status
note_outstanding(struct call *call, const char *assignment_id, bool is_outstanding)
{
    struct outstanding *item = arena_take(call->arena, sizeof(*item));
    if (!item)
        return STATUS_TOO_LARGE;
    *item = (struct outstanding){assignment_id, is_outstanding};
    return note(call, assignment_id, item);
}

enum status
settle_outstanding(struct call *call, const void *const *items, size_t count)
{
    return store_outstanding(call, (const struct outstanding *const *)items, count);
}
