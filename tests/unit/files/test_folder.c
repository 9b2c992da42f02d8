// Bytes from the first piece to the durable document and away again, on a real file system.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "folder.h"
#include "support_files.h"
#include "vekha/base/text.h"
#include "vekha/base/time.h"
#include "vekha/crypto/token.h"

static char path[64];
static struct folder *folder;
static char upload[37];

// Stands before the C library's: flushes fail when a test wants them to.
static int fsync_skips, failing_flushes;

int
fsync(int file)
{
    if (fsync_skips > 0) {
        fsync_skips--;
    } else if (failing_flushes > 0) {
        failing_flushes--;
        errno = EIO;
        return -1;
    }
    return (int)syscall(SYS_fsync, file);
}

static int
set_up(void **state)
{
    (void)state;
    const char *problem;
    make_test_folder(path);
    text_make_uuid(upload);
    return folder_open(path, &folder, &problem) == STATUS_OK ? 0 : -1;
}

static int
tear_down(void **state)
{
    (void)state;
    folder_close(&folder);
    remove_test_folder(path);
    return 0;
}

static enum append
append(const char *text, uint64_t offset, uint64_t announced, uint64_t *ret_arrived)
{
    enum piece piece;
    return folder_append(folder, upload, offset, text, strlen(text), announced, &piece, ret_arrived);
}

static void
pieces_add_up(void **state)
{
    (void)state;
    uint64_t arrived;
    assert_int_equal(folder_upload_size(folder, upload, &arrived), STATUS_OK);
    assert_int_equal(arrived, 0);
    assert_int_equal(append("hello ", 0, 11, &arrived), APPEND_DONE);
    assert_int_equal(arrived, 6);
    // Too far ahead: the answer says where to go on.
    assert_int_equal(append("d", 10, 11, &arrived), APPEND_REFUSED);
    assert_int_equal(arrived, 6);
    assert_int_equal(append("world", 6, 11, &arrived), APPEND_DONE);
    assert_int_equal(append("world", 6, 11, &arrived), APPEND_DONE);
    assert_int_equal(append("hello ", 0, 11, &arrived), APPEND_DONE);
    assert_int_equal(arrived, 11);
    assert_int_equal(append("!", 11, 11, &arrived), APPEND_REFUSED);
    assert_int_equal(folder_upload_size(folder, upload, &arrived), STATUS_OK);
    assert_int_equal(arrived, 11);
}

// A second process on the same folder, as another replica is.
static void
another_replica_goes_on(void **state)
{
    (void)state;
    uint64_t arrived;
    enum piece piece;
    const char *problem;
    struct folder *other;
    assert_int_equal(append("abc", 0, 6, &arrived), APPEND_DONE);
    assert_int_equal(folder_open(path, &other, &problem), STATUS_OK);
    assert_int_equal(folder_append(other, upload, 3, "def", 3, 6, &piece, &arrived), APPEND_DONE);
    assert_int_equal(arrived, 6);
    folder_close(&other);
}

static void
two_writers_do_not_mix(void **state)
{
    (void)state;
    uint64_t arrived;
    char file[160];
    assert_int_equal(append("abc", 0, 6, &arrived), APPEND_DONE);
    snprintf(file, sizeof file, "%s/tmp/%s", path, upload);
    int held = open(file, O_RDWR | O_CLOEXEC);
    assert_int_equal(flock(held, LOCK_EX), 0);
    assert_int_equal(append("def", 3, 6, &arrived), APPEND_BUSY);
    struct sealed_upload sealed;
    assert_int_equal(folder_seal(folder, upload, 3, &sealed, &arrived), STATUS_BUSY);
    close(held);
    assert_int_equal(append("def", 3, 6, &arrived), APPEND_DONE);
}

static void
keep(const char *text, char sha256[SHA256_CHARS + 1])
{
    uint64_t arrived;
    struct sealed_upload sealed;
    assert_int_equal(append(text, 0, strlen(text), &arrived), APPEND_DONE);
    assert_int_equal(folder_seal(folder, upload, strlen(text), &sealed, &arrived), STATUS_OK);
    assert_int_equal(folder_digest(&sealed), STATUS_OK);
    assert_int_equal(folder_keep(folder, &sealed, clock_now_ms()), STATUS_OK);
    memcpy(sha256, sealed.sha256, SHA256_CHARS + 1);
    folder_release(&sealed);
}

static void
sealed_bytes_cannot_change(void **state)
{
    (void)state;
    uint64_t arrived;
    struct sealed_upload sealed;
    assert_int_equal(folder_seal(folder, upload, 3, &sealed, &arrived), STATUS_CONFLICT);
    assert_int_equal(append("abc", 0, 3, &arrived), APPEND_DONE);
    assert_int_equal(folder_seal(folder, upload, 4, &sealed, &arrived), STATUS_CONFLICT);
    assert_int_equal(arrived, 3);
    assert_int_equal(folder_seal(folder, upload, 3, &sealed, &arrived), STATUS_OK);
    // The piece sent twice comes after the check began.
    assert_int_equal(append("xyz", 0, 3, &arrived), APPEND_SEALED);
    assert_int_equal(folder_digest(&sealed), STATUS_OK);
    assert_string_equal(sealed.sha256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assert_false(sealed.has_header);
    folder_release(&sealed);
}

static void
documents_are_found_by_content(void **state)
{
    (void)state;
    char first[SHA256_CHARS + 1], second[SHA256_CHARS + 1], file[200], bytes[8];
    struct stat about;
    keep("abc", first);
    snprintf(file, sizeof file, "%s/ba/%s", path, first);
    assert_int_equal(stat(file, &about), 0);
    assert_int_equal(about.st_mode & 0777, 0400);
    ino_t inode = about.st_ino;
    assert_int_equal(folder_read(folder, first, 1, bytes, 2), STATUS_OK);
    assert_memory_equal(bytes, "bc", 2);
    // Short is an alarm, not an end of file.
    assert_int_equal(folder_read(folder, first, 2, bytes, 2), STATUS_INTERNAL);
    // The same content again: one file.
    text_make_uuid(upload);
    keep("abc", second);
    assert_string_equal(first, second);
    assert_int_equal(stat(file, &about), 0);
    assert_int_equal(about.st_ino, inode);
    folder_drop_upload(folder, upload);
    assert_int_equal(folder_read(folder, first, 0, bytes, 3), STATUS_OK);
}

// Killed after the link and before the commit: everything is done once more and comes to the same.
static void
completing_twice_is_the_same(void **state)
{
    (void)state;
    uint64_t arrived;
    struct sealed_upload sealed;
    char sha256[SHA256_CHARS + 1];
    keep("abc", sha256);
    assert_int_equal(folder_seal(folder, upload, 3, &sealed, &arrived), STATUS_OK);
    assert_int_equal(folder_digest(&sealed), STATUS_OK);
    assert_int_equal(folder_keep(folder, &sealed, clock_now_ms()), STATUS_OK);
    assert_string_equal(sealed.sha256, sha256);
    folder_release(&sealed);
}

static void
head_and_tail_are_seen(void **state)
{
    (void)state;
    static char text[PIECE_MAX_BYTES];
    uint64_t arrived;
    enum piece piece;
    struct sealed_upload sealed;
    memset(text, 'x', sizeof text);
    memcpy(text, "%PDF-1.7", 8);
    for (uint64_t i = 0; i < 3; i++)
        assert_int_equal(
            folder_append(folder, upload, i * sizeof text, text, sizeof text, 3 * sizeof text + 6, &piece, &arrived),
            APPEND_DONE);
    assert_int_equal(append("%%EOF\n", 3 * sizeof text, 3 * sizeof text + 6, &arrived), APPEND_DONE);
    assert_int_equal(folder_seal(folder, upload, 3 * sizeof text + 6, &sealed, &arrived), STATUS_OK);
    assert_int_equal(folder_digest(&sealed), STATUS_OK);
    assert_true(sealed.has_header);
    assert_true(sealed.has_end);
    folder_release(&sealed);
}

static void
the_sweep_spares_what_was_kept_again(void **state)
{
    (void)state;
    struct arena arena;
    char sha256[SHA256_CHARS + 1], bytes[4];
    char **hashes;
    size_t count;
    arena_init(&arena, 1 << 20);
    keep("abc", sha256);
    int64_t now_ms = clock_now_ms();
    assert_int_equal(folder_list_blobs(folder, &arena, 0xba, now_ms - 60000, 100, &hashes, &count), STATUS_OK);
    assert_int_equal(count, 0);
    assert_int_equal(folder_list_blobs(folder, &arena, 0xba, now_ms + 60000, 100, &hashes, &count), STATUS_OK);
    assert_int_equal(count, 1);
    assert_string_equal(hashes[0], sha256);
    // Listed as old, then kept again before it is removed.
    folder_drop_blob(folder, sha256, now_ms - 60000);
    assert_int_equal(folder_read(folder, sha256, 0, bytes, 3), STATUS_OK);
    folder_drop_blob(folder, sha256, now_ms + 60000);
    assert_int_equal(folder_read(folder, sha256, 0, bytes, 3), STATUS_INTERNAL);
    // And it can be kept anew.
    text_make_uuid(upload);
    keep("abc", sha256);
    assert_int_equal(folder_read(folder, sha256, 0, bytes, 3), STATUS_OK);
    arena_done(&arena);
}

// A second flush may succeed without the bytes, so the first failure loses the upload, in words and in fact.
static void
a_failed_flush_loses_the_upload(void **state)
{
    (void)state;
    uint64_t arrived;
    struct sealed_upload sealed;
    char bytes[4], sha256[SHA256_CHARS + 1];
    assert_int_equal(append("abc", 0, 3, &arrived), APPEND_DONE);
    assert_int_equal(folder_seal(folder, upload, 3, &sealed, &arrived), STATUS_OK);
    assert_int_equal(folder_digest(&sealed), STATUS_OK);
    failing_flushes = 1;
    assert_int_equal(folder_keep(folder, &sealed, clock_now_ms()), STATUS_INTERNAL);
    assert_int_equal(failing_flushes, 0);
    assert_int_equal(folder_read(folder, sealed.sha256, 0, bytes, 3), STATUS_INTERNAL);
    folder_release(&sealed);
    assert_int_equal(folder_upload_size(folder, upload, &arrived), STATUS_OK);
    assert_int_equal(arrived, 0);
    // From the first byte it can be sent again.
    keep("abc", sha256);
    assert_int_equal(folder_read(folder, sha256, 0, bytes, 3), STATUS_OK);
}

static void
a_folder_that_does_not_flush_keeps_nothing(void **state)
{
    (void)state;
    uint64_t arrived;
    char bytes[4];
    struct sealed_upload sealed;
    assert_int_equal(append("abc", 0, 3, &arrived), APPEND_DONE);
    assert_int_equal(folder_seal(folder, upload, 3, &sealed, &arrived), STATUS_OK);
    assert_int_equal(folder_digest(&sealed), STATUS_OK);
    int shard = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    assert_int_equal(mkdirat(shard, "ba", 0700), 0);
    close(shard);
    // The file's own flush succeeds, its folder's does not.
    fsync_skips = 1;
    failing_flushes = 1;
    assert_int_equal(folder_keep(folder, &sealed, clock_now_ms()), STATUS_INTERNAL);
    assert_int_equal(folder_read(folder, sealed.sha256, 0, bytes, 3), STATUS_INTERNAL);
    folder_release(&sealed);
    assert_int_equal(folder_upload_size(folder, upload, &arrived), STATUS_OK);
    assert_int_equal(arrived, 0);
}

static void
uploads_are_listed(void **state)
{
    (void)state;
    struct arena arena;
    struct listed_upload *uploads;
    uint64_t arrived;
    size_t count;
    char stranger[160];
    arena_init(&arena, 1 << 20);
    snprintf(stranger, sizeof stranger, "%s/tmp/notes.txt", path);
    write_test_file(stranger, "x", 1);
    assert_int_equal(append("abc", 0, 3, &arrived), APPEND_DONE);
    assert_int_equal(folder_list_uploads(folder, &arena, 10, &uploads, &count), STATUS_OK);
    assert_int_equal(count, 1);
    assert_string_equal(uploads[0].upload_id, upload);
    assert_in_range(uploads[0].idle_ms, 0, 60000);
    folder_drop_upload(folder, upload);
    assert_int_equal(folder_list_uploads(folder, &arena, 10, &uploads, &count), STATUS_OK);
    assert_int_equal(count, 0);
    arena_done(&arena);
}

static void
a_wrong_folder_is_refused_in_words(void **state)
{
    (void)state;
    struct folder *wrong = NULL;
    const char *problem;
    assert_int_not_equal(folder_open("relative/folder", &wrong, &problem), STATUS_OK);
    assert_non_null(strstr(problem, "absolute"));
    assert_int_not_equal(folder_open("/proc/no/such/place", &wrong, &problem), STATUS_OK);
    assert_null(wrong);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
    if (crypto_open() != STATUS_OK)
        return EXIT_FAILURE;
    const struct CMUnitTest tests[] = {
        TEST(pieces_add_up),
        TEST(another_replica_goes_on),
        TEST(two_writers_do_not_mix),
        TEST(sealed_bytes_cannot_change),
        TEST(documents_are_found_by_content),
        TEST(completing_twice_is_the_same),
        TEST(head_and_tail_are_seen),
        TEST(the_sweep_spares_what_was_kept_again),
        TEST(a_failed_flush_loses_the_upload),
        TEST(a_folder_that_does_not_flush_keeps_nothing),
        TEST(uploads_are_listed),
        TEST(a_wrong_folder_is_refused_in_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
