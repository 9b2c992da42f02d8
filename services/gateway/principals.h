// Access tokens: auth's signature checked once per token, remembered in a bounded table.
#pragma once

#include "vekha/bus/message.h"

#include <stddef.h>
#include <stdint.h>

#include "envelope.pb-c.h"
#include "vekha/base/arena.h"
#include "vekha/crypto/token.h"

enum { ACCESS_TOKEN_MAX_CHARS = 1400 };

struct principals;

struct verified_principal {
    const Bus__Principal *principal; // in the caller's arena
    const uint8_t *sealed;           // SignedPrincipal, in the caller's arena
    size_t sealed_size;
};

struct principals *principals_new(const uint8_t token_key[SIGN_PUBLIC_KEY_BYTES]);
void principals_free(struct principals **principals);
// UNAUTHENTICATED: not signed by auth, or expired at now_ms. BUSY without memory.
MUST_CHECK enum status principals_check(struct principals *principals, const char *token, size_t size, int64_t now_ms,
                                        struct arena *arena, struct verified_principal *ret_verified);
