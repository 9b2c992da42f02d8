// common/crypto/keys: CURVE pairs in files.
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

#include "vekha/crypto/keys.h"

static char parent[] = "/tmp/vekha-keys-XXXXXX";
static char folder[64];

static int
open_folder(void **state)
{
    (void)state;
    (void)snprintf(folder, sizeof folder, "%s/keys", mkdtemp(parent) ? parent : "");
    return 0;
}

static void
path_of(const char *file, char out[128])
{
    (void)snprintf(out, 128, "%s/%s", folder, file);
}

static int
close_folder(void **state)
{
    (void)state;
    static const char *const files[] = {"broker.key", "auth.key", "public/broker.pub", "public/auth.pub"};
    char path[128];
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        path_of(files[i], path);
        (void)unlink(path);
    }
    path_of("public", path);
    (void)rmdir(path);
    (void)rmdir(folder);
    return rmdir(parent);
}

static mode_t
mode_of(const char *file)
{
    char path[128];
    struct stat facts = {0};
    path_of(file, path);
    assert_int_equal(stat(path, &facts), 0);
    return facts.st_mode & 0777;
}

static void
rewrite(const char *file, const char *text)
{
    char path[128];
    path_of(file, path);
    FILE *stream = fopen(path, "w");
    assert_non_null(stream);
    assert_true(fputs(text, stream) >= 0);
    assert_int_equal(fclose(stream), 0);
}

static void
pairs_are_made_once_and_loaded(void **state)
{
    (void)state;
    struct curve_key_pair pair, again;
    char public_key[CURVE_KEY_CHARS + 1];
    assert_int_equal(keys_load_pair(folder, "broker", &pair), STATUS_NOT_FOUND);
    assert_int_equal(keys_load_public(folder, "broker", public_key), STATUS_NOT_FOUND);
    assert_int_equal(keys_make(folder, "broker"), STATUS_OK);
    assert_int_equal(keys_load_pair(folder, "broker", &pair), STATUS_OK);
    assert_int_equal(keys_load_public(folder, "broker", public_key), STATUS_OK);
    assert_int_equal(strlen(pair.secret_key), CURVE_KEY_CHARS);
    assert_string_equal(pair.public_key, public_key);
    assert_int_equal(keys_make(folder, "broker"), STATUS_OK);
    assert_int_equal(keys_load_pair(folder, "broker", &again), STATUS_OK);
    assert_memory_equal(&pair, &again, sizeof pair);
    assert_int_equal(mode_of(""), 0700);
    assert_int_equal(mode_of("broker.key"), 0600);
}

static void
a_missing_half_is_restored_a_wrong_one_refused(void **state)
{
    (void)state;
    struct curve_key_pair pair;
    char path[128], public_key[CURVE_KEY_CHARS + 1];
    assert_int_equal(keys_make(folder, "auth"), STATUS_OK);
    assert_int_equal(keys_load_pair(folder, "auth", &pair), STATUS_OK);
    path_of("public/auth.pub", path);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(keys_make(folder, "auth"), STATUS_OK);
    assert_int_equal(keys_load_public(folder, "auth", public_key), STATUS_OK);
    assert_string_equal(public_key, pair.public_key);

    path_of("auth.key", path);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(keys_make(folder, "auth"), STATUS_CONFLICT);
}

static void
damaged_and_open_files_are_refused(void **state)
{
    (void)state;
    struct curve_key_pair pair, untouched = {"x", "y"};
    char path[128], text[200], public_key[CURVE_KEY_CHARS + 1];
    assert_int_equal(keys_load_pair(folder, "broker", &pair), STATUS_OK);
    static const char *const texts[] = {"", "x\n", "0123456789012345678901234567890123456789\n",
                                        "~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~\n~\n"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        rewrite("broker.key", texts[i]);
        assert_int_equal(keys_load_pair(folder, "broker", &untouched), STATUS_INVALID);
    }
    assert_string_equal(untouched.public_key, "x");
    // The secret key of another pair.
    (void)snprintf(text, sizeof text, "%s\nD:)Q[IlAW!ahhC2ac:9*A}h:p?([4%%wOTJ%%JR%%cs\n", pair.public_key);
    rewrite("broker.key", text);
    assert_int_equal(keys_load_pair(folder, "broker", &untouched), STATUS_INVALID);
    // Windows line ends are harmless.
    (void)snprintf(text, sizeof text, "%s\r\n%s\r\n", pair.public_key, pair.secret_key);
    rewrite("broker.key", text);
    assert_int_equal(keys_load_pair(folder, "broker", &untouched), STATUS_OK);
    path_of("broker.key", path);
    assert_int_equal(chmod(path, 0604), 0);
    assert_int_equal(keys_load_pair(folder, "broker", &untouched), STATUS_FORBIDDEN);
    rewrite("public/broker.pub", "short\n");
    assert_int_equal(keys_load_public(folder, "broker", public_key), STATUS_INVALID);
}

static void
names_cannot_leave_the_folder(void **state)
{
    (void)state;
    static const char *const names[] = {"", "../x", "a/b", "A", ".", "x y"};
    struct curve_key_pair pair;
    char public_key[CURVE_KEY_CHARS + 1];
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        assert_int_equal(keys_make(folder, names[i]), STATUS_INVALID);
        assert_int_equal(keys_load_pair(folder, names[i], &pair), STATUS_INVALID);
        assert_int_equal(keys_load_public(folder, names[i], public_key), STATUS_INVALID);
    }
    char long_folder[2000];
    memset(long_folder, 'x', sizeof long_folder);
    long_folder[sizeof long_folder - 1] = '\0';
    assert_int_equal(keys_make(long_folder, "a"), STATUS_INVALID);
    assert_int_equal(keys_make("/nonexistent/folder", "a"), STATUS_NOT_FOUND);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pairs_are_made_once_and_loaded),
        cmocka_unit_test(a_missing_half_is_restored_a_wrong_one_refused),
        cmocka_unit_test(damaged_and_open_files_are_refused),
        cmocka_unit_test(names_cannot_leave_the_folder),
    };
    return cmocka_run_group_tests(tests, open_folder, close_folder);
}
