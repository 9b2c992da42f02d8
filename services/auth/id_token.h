// An ID token (OpenID Connect Core 3.1.3.7): whether the provider has signed it, for us, now, and for this errand.
#pragma once

#include <stdint.h>

#include "vekha/base/arena.h"

enum id_token_verdict {
    ID_TOKEN_GOOD,
    ID_TOKEN_MALFORMED,
    ID_TOKEN_WRONG_ALGORITHM, // neither RS256 nor ES256
    ID_TOKEN_UNKNOWN_KEY,     // the provider may have new keys by now
    ID_TOKEN_WRONG_SIGNATURE,
    ID_TOKEN_WRONG_ISSUER,
    ID_TOKEN_WRONG_AUDIENCE,
    ID_TOKEN_OUT_OF_TIME,
    ID_TOKEN_WRONG_NONCE,
    ID_TOKEN_WRONG_SUBJECT,
    ID_TOKEN_OLD_ENTRY, // the person came in there longer ago than max_age_s
};

enum { ID_TOKEN_MAX_CHARS = 16 * 1024, ID_TOKEN_SKEW_S = 60, ID_TOKEN_MAX_AGE_S = 600 };

struct id_token_wish {
    const char *issuer, *client_id, *nonce;
    int64_t now_s;
    int64_t max_age_s; // 0: whenever the person came in there
};

struct id_token_person {
    const char *subject;
    const char *shown_name; // "" when the token has none
};

// keys: the provider's JSON Web Key Set. Texts of the person live in the arena.
enum id_token_verdict id_token_judge(struct arena *arena, const char *token, const char *keys,
                                     const struct id_token_wish *wish, struct id_token_person *ret_person);
// For logs.
const char *id_token_verdict_name(enum id_token_verdict verdict);
