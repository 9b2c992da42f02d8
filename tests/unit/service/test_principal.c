// Verified principals: a forged or old one is nobody, and many at once are never mixed up.
#include "../../../common/service/runtime.h"
#include "../../support/signer.h"

// cmocka defines a macro `fail`: it comes after our headers.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { PEOPLE = 1500, EXPIRES_MS = 5000 };

static size_t
make_token(const struct signer *signer, unsigned number, uint8_t out[SIGNED_PRINCIPAL_BYTES])
{
    char account[16], path[32];
    snprintf(account, sizeof account, "account-%u", number);
    snprintf(path, sizeof path, "74.%02u.%04u", number % 43, number);
    Bus__Principal principal = BUS__PRINCIPAL__INIT;
    principal.account_id = account;
    principal.organisation_path = path;
    principal.role = VEKHA__ROLE__ROLE_RESPONDENT;
    principal.expires_at_ms = EXPIRES_MS;
    return signer_sign(signer, &principal, out);
}

static void
many_at_once_are_never_mixed_up(void **state)
{
    (void)state;
    struct signer signer;
    signer_make(&signer);
    struct principal_cache *cache = principal_cache_new(signer.public);
    struct arena arena;
    arena_init(&arena, 8 * 1024 * 1024);
    static const Bus__Principal *known[PEOPLE];
    // More than the cache has room for: their places are taken again and again while the first are still in use.
    for (unsigned i = 0; i < PEOPLE; i++) {
        uint8_t token[SIGNED_PRINCIPAL_BYTES];
        size_t size = make_token(&signer, i, token);
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
    struct signer signer, others;
    signer_make(&signer);
    signer_make(&others);
    struct principal_cache *cache = principal_cache_new(signer.public);
    struct arena arena;
    arena_init(&arena, 65536);
    uint8_t token[SIGNED_PRINCIPAL_BYTES];
    const Bus__Principal *who;
    size_t size = make_token(&signer, 1, token);
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
