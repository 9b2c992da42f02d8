// How an organisation's history changes when a row says how it was in a period: no I/O.
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "vekha/base/arena.h"

// How an organisation was from valid_from until the day before valid_to ("" means until further notice).
// Days are YYYY-MM-DD, so their order is that of their text. Absent texts are "", never NULL.
struct organisation_version {
    const char *valid_from, *valid_to;
    const char *kind, *short_name, *inn, *phone, *email;
    const char *attributes; // sorted, joined by |
    const char *zone;       // its own; "" means that of the unit above
};

bool versions_say_the_same(const struct organisation_version *a, const struct organisation_version *b);

// The version that holds on a day, or NULL. `versions` are sorted and do not overlap.
const struct organisation_version *version_on(const struct organisation_version *versions, size_t count,
                                              const char *day);

// Lays `row` over a history: a version that holds when the row begins ends there, versions that begin within the row's
// period are replaced by it, later ones stay. A row without end lasts until the next version known.
// *ret_period is the row with that end; *ret_changed is false when the history already said so. NULL without memory.
struct organisation_version *validity_overlay(struct arena *arena, const struct organisation_version *versions,
                                              size_t count, const struct organisation_version *row, size_t *ret_count,
                                              struct organisation_version *ret_period, bool *ret_changed);
