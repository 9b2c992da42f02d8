// Identifiers of sessions that were ended before their access tokens ran out.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SESSION_ID_CHARS = 36 };

struct revoked_session {
    char id[SESSION_ID_CHARS + 1]; // "" : free
    int64_t expires_at_ms;
};

struct revoked_set {
    struct revoked_session *table; // open addressing, capacity a power of two
    size_t count, capacity;
};

void revoked_set_done(struct revoked_set *set);
// Drops what has expired at now_ms when it must grow. False without memory: then no session can be trusted.
bool revoked_set_add(struct revoked_set *set, const char *session_id, int64_t expires_at_ms, int64_t now_ms);
bool revoked_set_has(const struct revoked_set *set, const char *session_id);
