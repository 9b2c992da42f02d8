// Overlaying a period on a sorted history, and joining neighbours that say the same.
#include "validity.h"

#include <string.h>

bool
versions_say_the_same(const struct organisation_version *a, const struct organisation_version *b)
{
    return strcmp(a->kind, b->kind) == 0 && strcmp(a->short_name, b->short_name) == 0 && strcmp(a->inn, b->inn) == 0 &&
           strcmp(a->phone, b->phone) == 0 && strcmp(a->email, b->email) == 0 &&
           strcmp(a->attributes, b->attributes) == 0 && strcmp(a->zone, b->zone) == 0;
}

// An end is after a day when there is no end.
static bool
ends_after(const char *valid_to, const char *day)
{
    return !*valid_to || strcmp(valid_to, day) > 0;
}

const struct organisation_version *
version_on(const struct organisation_version *versions, size_t count, const char *day)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(versions[i].valid_from, day) <= 0 && ends_after(versions[i].valid_to, day))
            return &versions[i];
    return NULL;
}

struct history {
    struct organisation_version *versions;
    size_t count;
};

static void
add_version(struct history *history, const struct organisation_version *version, const char *valid_to)
{
    struct organisation_version *last = history->count ? &history->versions[history->count - 1] : NULL;
    if (last && strcmp(last->valid_to, version->valid_from) == 0 && versions_say_the_same(last, version)) {
        last->valid_to = valid_to;
        return;
    }
    history->versions[history->count] = *version;
    history->versions[history->count++].valid_to = valid_to;
}

static bool
is_same_history(const struct history *history, const struct organisation_version *versions, size_t count)
{
    if (history->count != count)
        return false;
    for (size_t i = 0; i < count; i++)
        if (strcmp(history->versions[i].valid_from, versions[i].valid_from) != 0 ||
            strcmp(history->versions[i].valid_to, versions[i].valid_to) != 0 ||
            !versions_say_the_same(&history->versions[i], &versions[i]))
            return false;
    return true;
}

struct organisation_version *
validity_overlay(struct arena *arena, const struct organisation_version *versions, size_t count,
                 const struct organisation_version *row, size_t *ret_count, struct organisation_version *ret_period,
                 bool *ret_changed)
{
    struct history history = {arena_take(arena, (count + 1) * sizeof(*versions)), 0};
    if (!history.versions)
        return NULL;
    size_t i = 0;
    for (; i < count && strcmp(versions[i].valid_from, row->valid_from) < 0; i++)
        add_version(&history, &versions[i],
                    ends_after(versions[i].valid_to, row->valid_from) ? row->valid_from : versions[i].valid_to);
    const char *valid_to = row->valid_to;
    if (i < count && strcmp(versions[i].valid_from, row->valid_from) == 0)
        i++;
    if (!*valid_to && i < count)
        valid_to = versions[i].valid_from;
    add_version(&history, row, valid_to);
    for (; i < count; i++)
        if (*valid_to && strcmp(versions[i].valid_from, valid_to) >= 0)
            add_version(&history, &versions[i], versions[i].valid_to);
    *ret_count = history.count;
    *ret_period = *row;
    ret_period->valid_to = valid_to;
    *ret_changed = !is_same_history(&history, versions, count);
    return history.versions;
}
