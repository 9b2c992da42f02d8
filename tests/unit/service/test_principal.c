// Verified principals: a forged or old one is nobody, and many at once are never mixed up.
#include "../../../common/service/runtime.h"

// cmocka defines a macro `fail`: it comes after our headers.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum { PEOPLE = 1500, TOKEN_BYTES = 512, EXPIRES_MS = 5000 };

struct keys {
    uint8_t secret[SIGN_SECRET_KEY_BYTES], public[SIGN_PUBLIC_KEY_BYTES];
};

static void
make_keys(struct keys *keys)
{
    char folder[] = "/tmp/vekha-unit-XXXXXX", secret[64], public[64];
    assert_int_equal(crypto_open(), STATUS_OK);
    assert_non_null(mkdtemp(folder));
    snprintf(secret, sizeof secret, "%s/secret", folder);
    snprintf(public, sizeof public, "%s/public", folder);
    assert_int_equal(sign_make_key_files(secret, public), STATUS_OK);
    assert_int_equal(sign_load_secret_key(secret, keys->secret), STATUS_OK);
    assert_int_equal(sign_load_public_key(public, keys->public), STATUS_OK);
    unlink(secret);
    unlink(public);
    rmdir(folder);
}

static size_t
make_token(const struct keys *keys, unsigned number, uint8_t out[TOKEN_BYTES])
{
    char account[16], path[32];
    snprintf(account, sizeof account, "account-%u", number);
    snprintf(path, sizeof path, "74.%02u.%04u", number % 43, number);
    Bus__Principal principal = BUS__PRINCIPAL__INIT;
    principal.account_id = account;
    principal.organisation_path = path;
    principal.role = VEKHA__ROLE__ROLE_RESPONDENT;
    principal.expires_at_ms = EXPIRES_MS;
    uint8_t packed[256], signature[SIGNATURE_BYTES];
    size_t size = bus__principal__pack(&principal, packed);
    sign_bytes(keys->secret, packed, size, signature);
    Bus__SignedPrincipal sealed = BUS__SIGNED_PRINCIPAL__INIT;
    sealed.principal = (ProtobufCBinaryData){size, packed};
    sealed.signature = (ProtobufCBinaryData){sizeof signature, signature};
    return bus__signed_principal__pack(&sealed, out);
}

static void
many_at_once_are_never_mixed_up(void **state)
{
    (void)state;
    struct keys keys;
    make_keys(&keys);
    struct principal_cache *cache = principal_cache_new(keys.public);
    struct arena arena;
    arena_init(&arena, 8 * 1024 * 1024);
    static const Bus__Principal *known[PEOPLE];
    // More than the cache has room for: their places are taken again and again while the first are still in use.
    for (unsigned i = 0; i < PEOPLE; i++) {
        uint8_t token[TOKEN_BYTES];
        size_t size = make_token(&keys, i, token);
        assert_int_equal(principal_cache_check(cache, token, size, 0, &arena, &known[i]), STATUS_OK);
    }
    for (unsigned i = 0; i < PEOPLE; i++) {
        char account[16];
        snprintf(account, sizeof account, "account-%u", i);
        assert_string_equal(known[i]->account_id, account);
    }
    arena_done(&arena);
    principal_cache_free(&cache);
}

static void
forged_and_old_ones_are_nobody(void **state)
{
    (void)state;
    struct keys keys, others;
    make_keys(&keys);
    make_keys(&others);
    struct principal_cache *cache = principal_cache_new(keys.public);
    struct arena arena;
    arena_init(&arena, 65536);
    uint8_t token[TOKEN_BYTES];
    const Bus__Principal *who;
    size_t size = make_token(&keys, 1, token);
    assert_int_equal(principal_cache_check(cache, token, size, EXPIRES_MS - 1, &arena, &who), STATUS_OK);
    assert_int_equal(principal_cache_check(cache, token, size, EXPIRES_MS, &arena, &who), STATUS_UNAUTHENTICATED);
    token[10] ^= 1;
    assert_int_equal(principal_cache_check(cache, token, size, 0, &arena, &who), STATUS_UNAUTHENTICATED);
    assert_int_equal(principal_cache_check(cache, token, size - 1, 0, &arena, &who), STATUS_UNAUTHENTICATED);
    assert_int_equal(principal_cache_check(cache, token, 0, 0, &arena, &who), STATUS_UNAUTHENTICATED);
    size = make_token(&others, 1, token);
    assert_int_equal(principal_cache_check(cache, token, size, 0, &arena, &who), STATUS_UNAUTHENTICATED);
    arena_done(&arena);
    principal_cache_free(&cache);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(many_at_once_are_never_mixed_up),
        cmocka_unit_test(forged_and_old_ones_are_nobody),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
