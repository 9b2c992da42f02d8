// Keys of auth as a test has them, and principals signed with them.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "envelope.pb-c.h"
#include "vekha/crypto/token.h"

enum { SIGNED_PRINCIPAL_BYTES = 640 };

struct signer {
    uint8_t secret[SIGN_SECRET_KEY_BYTES], public[SIGN_PUBLIC_KEY_BYTES];
};

// Fails the test when it cannot.
void signer_make(struct signer *signer);
// A packed Bus__SignedPrincipal; returns its size.
size_t signer_sign(const struct signer *signer, const Bus__Principal *principal, uint8_t out[SIGNED_PRINCIPAL_BYTES]);
