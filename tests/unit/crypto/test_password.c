// common/crypto/password: parameters, matching, and the time a missing login takes.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "vekha/crypto/password.h"
#include "vekha/crypto/token.h"

// Of this thread: what else the machine does is not in it.
static int64_t
used_us(void)
{
    struct timespec used;
    assert_int_equal(clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used), 0);
    return (int64_t)used.tv_sec * 1000000 + used.tv_nsec / 1000;
}

static int
open_crypto(void **state)
{
    (void)state;
    return crypto_open() == STATUS_OK ? 0 : -1;
}

static void
argon2id_with_the_chosen_parameters(void **state)
{
    (void)state;
    char first[PASSWORD_HASH_CHARS], second[PASSWORD_HASH_CHARS];
    assert_int_equal(password_hash("пароль Школы 1", first), STATUS_OK);
    assert_int_equal(password_hash("пароль Школы 1", second), STATUS_OK);
    assert_memory_equal(first, "$argon2id$v=19$m=65536,t=3,p=1$", 31);
    assert_string_not_equal(first, second);
    assert_true(password_matches(first, "пароль Школы 1"));
    assert_false(password_matches(first, "пароль Школы 2"));
    assert_false(password_matches(first, ""));
}

static void
random_codes_are_hashed_fast_and_salted(void **state)
{
    (void)state;
    char first[PASSWORD_HASH_CHARS], second[PASSWORD_HASH_CHARS];
    int64_t begun_us = used_us();
    for (int i = 0; i < 1000; i++)
        assert_int_equal(password_hash_random_code("k7mw-33xz-9pqa-f2de", first), STATUS_OK);
    assert_true(used_us() - begun_us < 2000000);
    assert_int_equal(password_hash_random_code("k7mw-33xz-9pqa-f2de", second), STATUS_OK);
    assert_string_not_equal(first, second);
    assert_null(strstr(first, "k7mw"));
    assert_true(password_matches(first, "k7mw-33xz-9pqa-f2de"));
    assert_true(password_matches(second, "k7mw-33xz-9pqa-f2de"));
    assert_false(password_matches(first, "k7mw-33xz-9pqa-f2df"));
    first[strlen(first) - 1] ^= 1;
    assert_false(password_matches(first, "k7mw-33xz-9pqa-f2de"));
}

static void
what_is_no_hash_matches_nothing(void **state)
{
    (void)state;
    static const char *const hashes[] = {
        "",
        "x",
        "$argon2id$",
        "$argon2id$v=19$m=65536,t=3,p=1$",
        "$2b$12$abcdefghijklmnopqrstuv",
        "sha256$",
        "sha256$00$00",
        "sha256$00000000000000000000000000000000$00",
    };
    for (size_t i = 0; i < sizeof hashes / sizeof *hashes; i++) {
        assert_false(password_matches(hashes[i], ""));
        assert_false(password_matches(hashes[i], hashes[i]));
    }
    char long_hash[4096];
    memset(long_hash, '$', sizeof long_hash);
    long_hash[sizeof long_hash - 1] = '\0';
    assert_false(password_matches(long_hash, "x"));
    assert_false(password_matches(NULL, "x"));
    assert_false(password_matches("x", NULL));
}

static int64_t
fastest_us(void (*work)(const char *hash), const char *hash)
{
    int64_t best_us = INT64_MAX;
    for (int i = 0; i < 3; i++) {
        int64_t begun_us = used_us();
        work(hash);
        int64_t taken_us = used_us() - begun_us;
        best_us = taken_us < best_us ? taken_us : best_us;
    }
    return best_us;
}

static void
check_wrong_password(const char *hash)
{
    assert_false(password_matches(hash, "wrong"));
}

static void
check_unknown_login(const char *hash)
{
    (void)hash;
    password_waste_time("wrong");
}

static void
an_unknown_login_takes_as_long_as_a_wrong_password(void **state)
{
    (void)state;
    char hash[PASSWORD_HASH_CHARS];
    assert_int_equal(password_hash("right", hash), STATUS_OK);
    int64_t wrong_us = fastest_us(check_wrong_password, hash), unknown_us = fastest_us(check_unknown_login, hash);
    // Within a third: the machine's own noise is larger than the difference that would tell.
    assert_true(unknown_us * 3 > wrong_us * 2 && wrong_us * 3 > unknown_us * 2);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(argon2id_with_the_chosen_parameters),
        cmocka_unit_test(random_codes_are_hashed_fast_and_salted),
        cmocka_unit_test(what_is_no_hash_matches_nothing),
        cmocka_unit_test(an_unknown_login_takes_as_long_as_a_wrong_password),
    };
    return cmocka_run_group_tests(tests, open_crypto, NULL);
}
