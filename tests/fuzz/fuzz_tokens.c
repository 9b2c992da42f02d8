// Access tokens and cookies of strangers. The first byte chooses: the token as it stands, or its bytes signed as auth
// would, so that what lies behind the signature is read too. Gateway and services agree about whom they let in.
#include "fuzz.h"

#include <sodium.h>

#include "../../common/service/runtime.h"
#include "principals.h"
#include "request_head.h"

enum { ARENA_BYTES = 256 * 1024, INPUT_MAX = 1200, NOW_MS = 1000000 };

static struct arena arena;
static uint8_t secret_key[SIGN_SECRET_KEY_BYTES], public_key[SIGN_PUBLIC_KEY_BYTES];

static void
open_keys(void)
{
    arena_init(&arena, ARENA_BYTES);
    DEMAND(crypto_open() == STATUS_OK);
    // A pair whose secret half is known: made from a seed of zeros, so that inputs replay.
    static const uint8_t seed[32];
    DEMAND(crypto_sign_seed_keypair(public_key, secret_key, seed) == 0);
}

static void
demand_same(const Bus__Principal *one, const Bus__Principal *other)
{
    DEMAND(strcmp(one->account_id, other->account_id) == 0 && strcmp(one->session_id, other->session_id) == 0);
    DEMAND(strcmp(one->organisation_path, other->organisation_path) == 0);
    DEMAND(one->role == other->role && one->expires_at_ms == other->expires_at_ms);
    DEMAND(one->restricted == other->restricted && strcmp(one->display_name, other->display_name) == 0);
}

// A token with the given bytes inside the signature.
static size_t
make_token(const uint8_t *principal, size_t size, char out[2 * INPUT_MAX])
{
    uint8_t signature[SIGNATURE_BYTES], packed[INPUT_MAX + 128];
    Bus__SignedPrincipal sealed = BUS__SIGNED_PRINCIPAL__INIT;
    sign_bytes(secret_key, principal, size, signature);
    sealed.principal = (ProtobufCBinaryData){size, (uint8_t *)(uintptr_t)principal};
    sealed.signature = (ProtobufCBinaryData){SIGNATURE_BYTES, signature};
    size_t packed_size = bus__signed_principal__pack(&sealed, packed);
    text_to_base64url(packed, packed_size, out);
    return strlen(out);
}

static void
check_token(const char *token, size_t size, bool is_signed)
{
    struct principals *principals = principals_new(public_key);
    struct principal_cache *cache = principal_cache_new(public_key);
    struct verified_principal verified, again;
    const Bus__Principal *seen;
    DEMAND(principals != NULL && cache != NULL);
    bool accepted = principals_check(principals, token, size, NOW_MS, &arena, &verified) == STATUS_OK;
    DEMAND(is_signed || !accepted);
    if (accepted) {
        DEMAND(verified.principal->expires_at_ms > NOW_MS);
        // Remembered, it is the same; and it ends when it says.
        DEMAND(principals_check(principals, token, size, NOW_MS, &arena, &again) == STATUS_OK);
        demand_same(verified.principal, again.principal);
        int64_t end = verified.principal->expires_at_ms;
        DEMAND(principals_check(principals, token, size, end, &arena, &again) == STATUS_UNAUTHENTICATED);
        if (principal_cache_check(cache, verified.sealed, verified.sealed_size, NOW_MS, &arena, &seen) == STATUS_OK)
            demand_same(verified.principal, seen);
    }
    uint8_t sealed[INPUT_MAX];
    long sealed_size = text_from_base64url(token, sealed, sizeof sealed);
    if (sealed_size > 0 &&
        principal_cache_check(cache, sealed, (size_t)sealed_size, NOW_MS, &arena, &seen) == STATUS_OK)
        DEMAND(accepted);
    principals_free(&principals);
    principal_cache_free(&cache);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char token[2 * INPUT_MAX];
    if (size == 0 || size > 800)
        return 0;
    if (arena.limit_bytes == 0)
        open_keys();
    arena_reset(&arena);
    bool is_signed = data[0] & 1;
    if (is_signed) {
        check_token(token, make_token(data + 1, size - 1, token), true);
        return 0;
    }
    memcpy(token, data + 1, size - 1);
    token[size - 1] = '\0';
    check_token(token, strlen(token), false);
    return 0;
}
