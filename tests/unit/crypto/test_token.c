// common/crypto/token: signatures, randomness and digests.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "vekha/base/text.h"
#include "vekha/crypto/token.h"

static char folder[] = "/tmp/vekha-token-XXXXXX";
static char secret_path[64], public_path[64];

static int
open_folder(void **state)
{
    (void)state;
    if (crypto_open() != STATUS_OK || crypto_open() != STATUS_OK || !mkdtemp(folder))
        return -1;
    (void)snprintf(secret_path, sizeof secret_path, "%s/token.secret", folder);
    (void)snprintf(public_path, sizeof public_path, "%s/token.pub", folder);
    return 0;
}

static int
close_folder(void **state)
{
    (void)state;
    (void)unlink(secret_path);
    (void)unlink(public_path);
    return rmdir(folder);
}

static void
write_file(const char *path, const char *text, mode_t mode)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(chmod(path, mode), 0);
}

static void
keys_sign_and_verify(void **state)
{
    (void)state;
    uint8_t secret[SIGN_SECRET_KEY_BYTES], public[SIGN_PUBLIC_KEY_BYTES], signature[SIGNATURE_BYTES];
    assert_int_equal(sign_load_secret_key(secret_path, secret), STATUS_NOT_FOUND);
    assert_int_equal(sign_make_key_files(secret_path, public_path), STATUS_OK);
    struct stat facts;
    assert_int_equal(stat(secret_path, &facts), 0);
    assert_int_equal(facts.st_mode & 0777, 0600);
    assert_int_equal(sign_load_secret_key(secret_path, secret), STATUS_OK);
    assert_int_equal(sign_load_public_key(public_path, public), STATUS_OK);

    static const char principal[] = "account 7, role 3";
    sign_bytes(secret, principal, sizeof principal, signature);
    assert_true(sign_is_valid(public, principal, sizeof principal, signature));
    assert_false(sign_is_valid(public, principal, sizeof principal - 1, signature));
    for (size_t i = 0; i < SIGNATURE_BYTES; i++) {
        signature[i] ^= 1;
        assert_false(sign_is_valid(public, principal, sizeof principal, signature));
        signature[i] ^= 1;
    }
    public[0] ^= 1;
    assert_false(sign_is_valid(public, principal, sizeof principal, signature));
}

static void
key_files_are_never_replaced(void **state)
{
    (void)state;
    uint8_t before[SIGN_SECRET_KEY_BYTES], after[SIGN_SECRET_KEY_BYTES], public[SIGN_PUBLIC_KEY_BYTES];
    assert_int_equal(sign_load_secret_key(secret_path, before), STATUS_OK);
    assert_int_equal(sign_load_public_key(public_path, public), STATUS_OK);
    assert_int_equal(unlink(public_path), 0);
    assert_int_equal(sign_make_key_files(secret_path, public_path), STATUS_OK);
    uint8_t again[SIGN_PUBLIC_KEY_BYTES];
    assert_int_equal(sign_load_public_key(public_path, again), STATUS_OK);
    assert_memory_equal(public, again, sizeof public);
    assert_int_equal(sign_load_secret_key(secret_path, after), STATUS_OK);
    assert_memory_equal(before, after, sizeof before);

    assert_int_equal(unlink(secret_path), 0); // the public key left belongs to the lost one
    assert_int_equal(sign_make_key_files(secret_path, public_path), STATUS_CONFLICT);
}

static void
damaged_or_open_key_files_are_refused(void **state)
{
    (void)state;
    uint8_t key[SIGN_SECRET_KEY_BYTES];
    static const char *const texts[] = {"", "xyz\n", "00ff\n"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        write_file(secret_path, texts[i], 0600);
        assert_int_equal(sign_load_secret_key(secret_path, key), STATUS_INVALID);
        assert_int_equal(sign_make_key_files(secret_path, public_path), STATUS_INVALID);
    }
    assert_int_equal(chmod(secret_path, 0644), 0);
    assert_int_equal(sign_load_secret_key(secret_path, key), STATUS_FORBIDDEN);
}

static void
random_texts_have_their_alphabet_and_length(void **state)
{
    (void)state;
    char first[RANDOM_TOKEN_CHARS + 1], second[RANDOM_TOKEN_CHARS + 1], readable[201], bytes[32];
    random_token(first);
    random_token(second);
    assert_int_equal(strlen(first), RANDOM_TOKEN_CHARS);
    assert_string_not_equal(first, second);
    assert_int_equal(text_from_base64url(first, bytes, sizeof bytes), 32);
    random_readable(readable, 200);
    assert_int_equal(strlen(readable), 200);
    assert_null(strpbrk(readable, "0Oo1lIL"));
    assert_int_equal(strspn(readable, "23456789abcdefghijkmnpqrstuvwxyz"), 200);
    random_readable(readable, 0);
    assert_string_equal(readable, "");
    uint8_t a[32] = {0}, b[32] = {0};
    random_bytes(a, sizeof a);
    random_bytes(b, sizeof b);
    assert_memory_not_equal(a, b, sizeof a);
    assert_true(secret_equal(a, a, sizeof a));
    assert_false(secret_equal(a, b, sizeof a));
}

static void
sha256_gives_the_published_digests(void **state)
{
    (void)state;
    static const struct {
        const char *text, *digest;
    } rows[] = {
        // FIPS 180-2, appendix B, and the empty message
        {"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
        {"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
        {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
         "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char digest[65];
        sha256_hex(rows[i].text, strlen(rows[i].text), digest);
        assert_string_equal(digest, rows[i].digest);
        struct sha256 *state_of_it = sha256_new();
        for (const char *c = rows[i].text; *c; c++)
            sha256_add(state_of_it, c, 1);
        sha256_finish(&state_of_it, digest);
        assert_null(state_of_it);
        assert_string_equal(digest, rows[i].digest);
        sha256_finish(&state_of_it, digest);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_sign_and_verify),
        cmocka_unit_test(key_files_are_never_replaced),
        cmocka_unit_test(damaged_or_open_key_files_are_refused),
        cmocka_unit_test(random_texts_have_their_alphabet_and_length),
        cmocka_unit_test(sha256_gives_the_published_digests),
    };
    return cmocka_run_group_tests(tests, open_folder, close_folder);
}
