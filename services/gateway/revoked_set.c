// A hash table of session identifiers.
#include "revoked_set.h"

#include <stdlib.h>
#include <string.h>

void
revoked_set_done(struct revoked_set *set)
{
    free(set->table);
    *set = (struct revoked_set){0};
}

static size_t
slot_of(const struct revoked_set *set, const char *id)
{
    uint64_t hash = UINT64_C(14695981039346656037);
    for (const char *at = id; *at != '\0'; at++)
        hash = (hash ^ (unsigned char)*at) * UINT64_C(1099511628211);
    size_t slot = (size_t)(hash >> 16) & (set->capacity - 1);
    while (set->table[slot].id[0] != '\0' && strcmp(set->table[slot].id, id) != 0)
        slot = (slot + 1) & (set->capacity - 1);
    return slot;
}

static bool
rebuild(struct revoked_set *set, int64_t now_ms)
{
    size_t living = 0;
    for (size_t i = 0; i < set->capacity; i++)
        living += set->table[i].id[0] != '\0' && set->table[i].expires_at_ms > now_ms;
    struct revoked_set fresh = {.capacity = 64};
    while (fresh.capacity < 4 * living)
        fresh.capacity *= 2;
    fresh.table = calloc(fresh.capacity, sizeof *fresh.table);
    if (fresh.table == NULL)
        return false;
    for (size_t i = 0; i < set->capacity; i++) {
        if (set->table[i].id[0] == '\0' || set->table[i].expires_at_ms <= now_ms)
            continue;
        fresh.table[slot_of(&fresh, set->table[i].id)] = set->table[i];
        fresh.count++;
    }
    free(set->table);
    *set = fresh;
    return true;
}

bool
revoked_set_add(struct revoked_set *set, const char *session_id, int64_t expires_at_ms, int64_t now_ms)
{
    if (strlen(session_id) != SESSION_ID_CHARS || expires_at_ms <= now_ms)
        return true;
    if (2 * (set->count + 1) > set->capacity && !rebuild(set, now_ms))
        return false;
    struct revoked_session *slot = &set->table[slot_of(set, session_id)];
    if (slot->id[0] == '\0') {
        memcpy(slot->id, session_id, SESSION_ID_CHARS + 1);
        set->count++;
    }
    if (slot->expires_at_ms < expires_at_ms)
        slot->expires_at_ms = expires_at_ms;
    return true;
}

bool
revoked_set_has(const struct revoked_set *set, const char *session_id)
{
    return set->capacity > 0 && set->table[slot_of(set, session_id)].id[0] != '\0';
}
