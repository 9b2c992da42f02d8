// The gateway's small containers: timers, ended sessions, verified tokens.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../support/signer.h"
#include "principals.h"
#include "revoked_set.h"
#include "timers.h"
#include "vekha/base/text.h"

// After the headers that have a function named fail.
#include <cmocka.h>

enum { TIMERS = 500 };

struct numbered {
    struct timer timer;
    struct timers *timers;
    int64_t expected_ms;
};

static int64_t last_fired_ms;
static size_t fired;

static void
note(struct timer *timer)
{
    assert_int_equal(timer->position, 0);
    assert_true(timer->due_ms >= last_fired_ms);
    last_fired_ms = timer->due_ms;
    fired++;
}

static void
timers_fire_in_order(void **state)
{
    (void)state;
    static struct timer some[TIMERS];
    struct timers timers = {0};
    unsigned seed = 7;
    fired = 0;
    last_fired_ms = 0;
    for (size_t i = 0; i < TIMERS; i++) {
        some[i] = (struct timer){.fire = note};
        seed = seed * 1103515245u + 12345u;
        assert_true(timer_set(&timers, &some[i], (seed >> 8) % 1000));
    }
    for (size_t i = 0; i < TIMERS; i += 3) // earlier and later
        assert_true(timer_set(&timers, &some[i], i % 2 == 0 ? 1 : 999));
    for (size_t i = 0; i < TIMERS; i += 5) {
        timer_cancel(&timers, &some[i]);
        timer_cancel(&timers, &some[i]);
    }
    assert_int_equal(timers.count, TIMERS - TIMERS / 5);
    timers_run(&timers, 500);
    assert_true(timers.count == 0 || timers_wait_ms(&timers, 500, 1000) > 0);
    timers_run(&timers, 1000);
    assert_int_equal(fired, TIMERS - TIMERS / 5);
    assert_int_equal(timers_wait_ms(&timers, 1000, 77), 77);
    timers_done(&timers);
}

static void
ended_sessions_are_kept_until_they_expire(void **state)
{
    (void)state;
    struct revoked_set set = {0};
    char id[37];
    assert_false(revoked_set_has(&set, "01a20152-11d7-7f97-9956-3a50cf123981"));
    for (int i = 0; i < 5000; i++) {
        snprintf(id, sizeof id, "%08d-11d7-7f97-9956-3a50cf123981", i);
        assert_true(revoked_set_add(&set, id, 1000 + i, 0));
    }
    for (int i = 0; i < 5000; i++) {
        snprintf(id, sizeof id, "%08d-11d7-7f97-9956-3a50cf123981", i);
        assert_true(revoked_set_has(&set, id));
    }
    assert_false(revoked_set_has(&set, "00000000-0000-0000-0000-000000000000"));
    // What has expired goes when room is needed.
    size_t before = set.count;
    for (int i = 0; i < 5000; i++) {
        snprintf(id, sizeof id, "%08d-22d7-7f97-9956-3a50cf123981", i);
        assert_true(revoked_set_add(&set, id, 100000, 7000));
    }
    assert_true(set.count <= before + 5000);
    assert_true(revoked_set_has(&set, "00000001-22d7-7f97-9956-3a50cf123981"));
    assert_true(revoked_set_add(&set, "short", 100000, 0));
    assert_false(revoked_set_has(&set, "short"));
    revoked_set_done(&set);
}

static void
make_token(const struct signer *signer, const char *account, int64_t expires_at_ms, char *token)
{
    uint8_t sealed[SIGNED_PRINCIPAL_BYTES];
    Bus__Principal principal = BUS__PRINCIPAL__INIT;
    principal.account_id = account;
    principal.expires_at_ms = expires_at_ms;
    text_to_base64url(sealed, signer_sign(signer, &principal, sealed), token);
}

static bool
check(struct principals *principals, const char *token, const char *account)
{
    struct arena arena;
    struct verified_principal verified;
    arena_init(&arena, 64 * 1024);
    bool is_valid = principals_check(principals, token, strlen(token), 1000, &arena, &verified) == STATUS_OK;
    if (is_valid)
        assert_string_equal(verified.principal->account_id, account);
    arena_done(&arena);
    return is_valid;
}

static void
tokens_are_verified(void **state)
{
    (void)state;
    struct signer signer, stranger;
    char token[ACCESS_TOKEN_MAX_CHARS], name[32];
    signer_make(&signer);
    signer_make(&stranger);
    struct principals *principals = principals_new(signer.public);
    for (int round = 0; round < 2; round++) {
        for (int i = 0; i < 3000; i++) { // more than the table holds
            snprintf(name, sizeof name, "account %d", i);
            make_token(&signer, name, 2000, token);
            assert_true(check(principals, token, name));
            assert_true(check(principals, token, name));
        }
    }
    make_token(&signer, "late", 1000, token);
    assert_false(check(principals, token, "late"));
    assert_false(check(principals, token, "late")); // from the table as well
    make_token(&stranger, "forged", 2000, token);
    assert_false(check(principals, token, "forged"));
    make_token(&signer, "changed", 2000, token);
    token[10] = token[10] == 'A' ? 'B' : 'A';
    assert_false(check(principals, token, "changed"));
    assert_false(check(principals, "", ""));
    assert_false(check(principals, "!!!", ""));
    assert_false(check(principals, "AAAA", ""));
    principals_free(&principals);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(timers_fire_in_order),
        cmocka_unit_test(ended_sessions_are_kept_until_they_expire),
        cmocka_unit_test(tokens_are_verified),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
