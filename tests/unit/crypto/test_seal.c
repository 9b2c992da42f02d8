// What is sealed opens with its key only, and its name tells nothing of the key.
#include "vekha/crypto/token.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void
only_the_key_opens(void **state)
{
    (void)state;
    assert_int_equal(crypto_open(), STATUS_OK);
    uint8_t name[16], other_name[16], key[SEAL_KEY_BYTES], other_key[SEAL_KEY_BYTES];
    seal_derive("0123456789abcdef", name, key);
    seal_derive("0123456789abcdeg", other_name, other_key);
    assert_memory_not_equal(name, other_name, sizeof name);
    assert_memory_not_equal(name, key, sizeof name);
    uint8_t sealed[6 + SEAL_EXTRA_BYTES], opened[6];
    seal_bytes(key, "secret", 6, sealed);
    assert_true(seal_open(key, sealed, sizeof sealed, opened));
    assert_memory_equal(opened, "secret", 6);
    assert_false(seal_open(other_key, sealed, sizeof sealed, opened));
    sealed[3] ^= 1;
    assert_false(seal_open(key, sealed, sizeof sealed, opened));
    assert_false(seal_open(key, sealed, SEAL_EXTRA_BYTES - 1, opened));
}

static void
an_empty_text_can_be_sealed(void **state)
{
    (void)state;
    uint8_t name[16], key[SEAL_KEY_BYTES], sealed[SEAL_EXTRA_BYTES], opened[1];
    seal_derive("0123456789abcdef", name, key);
    seal_bytes(key, "", 0, sealed);
    assert_true(seal_open(key, sealed, sizeof sealed, opened));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_the_key_opens),
        cmocka_unit_test(an_empty_text_can_be_sealed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
