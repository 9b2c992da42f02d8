// What auth gives a client to prove a session: access tokens signed here, refresh tokens known here only by hash.
#pragma once

#include "auth.pb-c.h"
#include "vekha/service/service.h"

// Loads the key that signs access tokens. Once, before any thread.
MUST_CHECK enum status tokens_open(const struct config *config);

// Fills access_token and access_expires_at of the reply for its account. Valid a quarter of an hour, not longer than
// the session (session_expires_at, RFC 3339; "" for no limit).
MUST_CHECK enum status token_issue_access(struct call *call, const char *session_id, const char *session_expires_at,
                                          Auth__SessionReply *reply);
// When an access token issued now runs out at the latest.
const char *token_access_end(struct call *call);

// A fresh random refresh token and its hash. NULL without memory.
const char *token_new_refresh(struct call *call);
const char *token_hash(struct call *call, const char *token);
// The next token hidden so that only who has `token` can read it: a client whose answer was lost gets the same one
// again, though nothing here can be used by a thief of the database. Hex. NULL when either is no token.
const char *token_seal(struct call *call, const char *token, const char *next);
const char *token_unseal(struct call *call, const char *token, const char *sealed_hex);

// call->now moved by ms, RFC 3339 UTC in the arena. NULL without memory.
const char *moment_after(struct call *call, int64_t ms);
