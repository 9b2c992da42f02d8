// What event handlers note of many events, to be done in one statement.
#include <string.h>

#include "runtime.h"

enum { NOTES_MAX = 256 };

struct notes {
    settle_function *settle;
    size_t count;
    const char *keys[NOTES_MAX];
    const void *items[NOTES_MAX];
};

bool
notes_open(struct call *call)
{
    call->notes = arena_take(call->arena, sizeof(struct notes));
    return call->notes != NULL;
}

enum status
notes_settle(struct call *call)
{
    struct notes *notes = call->notes;
    size_t count = notes->count;
    notes->count = 0;
    return count == 0 ? STATUS_OK : notes->settle(call, notes->items, count);
}

enum status
notes_expect(struct call *call, settle_function *settle)
{
    enum status status = call->notes->settle == settle ? STATUS_OK : notes_settle(call);
    call->notes->settle = settle;
    return status;
}

static bool
is_noted(const struct notes *notes, const char *key)
{
    for (size_t i = 0; i < notes->count; i++)
        if (strcmp(notes->keys[i], key) == 0)
            return true;
    return false;
}

enum status
note(struct call *call, const char *key, const void *item)
{
    struct notes *notes = call->notes;
    if (!notes || !notes->settle)
        return STATUS_INTERNAL; // not called from a handler that was declared so
    enum status status = STATUS_OK;
    if (notes->count == NOTES_MAX || is_noted(notes, key))
        status = notes_settle(call);
    notes->keys[notes->count] = key;
    notes->items[notes->count++] = item;
    return status;
}
