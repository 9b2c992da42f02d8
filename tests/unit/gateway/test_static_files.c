// The cabinet's folder: what is read, what is found, what is left out.
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "static_files.h"

#include <cmocka.h>

struct folder {
    char path[64];
    struct static_files *files;
};

static void
write_file(const struct folder *folder, const char *name, const char *text)
{
    char path[256];
    snprintf(path, sizeof path, "%s/%s", folder->path, name);
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), strlen(text));
    close(fd);
}

static void
remove_entry(const struct folder *folder, const char *name)
{
    char path[256];
    snprintf(path, sizeof path, "%s/%s", folder->path, name);
    assert_int_equal(remove(path), 0);
}

static int
set_up(void **state)
{
    static struct folder folder;
    folder = (struct folder){.path = "/tmp/vekha-web-XXXXXX"};
    if (mkdtemp(folder.path) == NULL)
        return 1;
    char path[256];
    snprintf(path, sizeof path, "%s/assets", folder.path);
    if (mkdir(path, 0700) != 0)
        return 1;
    write_file(&folder, "index.html", "<html>");
    write_file(&folder, "robots.txt", "");
    write_file(&folder, "assets/index-1a2b.js", "x");
    write_file(&folder, "assets/index-1a2b.js.br", "b");
    write_file(&folder, "assets/index-1a2b.js.gz", "gz");
    write_file(&folder, ".secret", "x");
    snprintf(path, sizeof path, "%s/link", folder.path);
    if (symlink("/etc/passwd", path) != 0)
        return 1;
    *state = &folder;
    return static_files_load(folder.path, &folder.files) != STATUS_OK;
}

static int
tear_down(void **state)
{
    static const char *const ENTRIES[] = {"index.html",
                                          "robots.txt",
                                          "assets/index-1a2b.js",
                                          "assets/index-1a2b.js.br",
                                          "assets/index-1a2b.js.gz",
                                          "assets",
                                          ".secret",
                                          "link",
                                          ""};
    struct folder *folder = *state;
    static_files_free(&folder->files);
    for (size_t i = 0; i < sizeof ENTRIES / sizeof ENTRIES[0]; i++)
        remove_entry(folder, ENTRIES[i]);
    return 0;
}

static void
files_are_found_with_their_type(void **state)
{
    const struct folder *folder = *state;
    const struct static_file *page = static_files_find(folder->files, "index.html");
    assert_string_equal(page->content_type, "text/html; charset=utf-8");
    char data[7] = "";
    assert_int_equal(pread(page->fd, data, sizeof data, 0), 6);
    assert_string_equal(data, "<html>");
    assert_false(page->is_permanent);
    const struct static_file *script = static_files_find(folder->files, "assets/index-1a2b.js");
    assert_string_equal(script->content_type, "text/javascript; charset=utf-8");
    assert_true(script->is_permanent);
    assert_int_equal(strlen(script->tag), 66);
    assert_int_equal(static_files_find(folder->files, "robots.txt")->size, 0);
}

static void
addresses_of_the_cabinet_get_its_page(void **state)
{
    const struct folder *folder = *state;
    const struct static_file *page = static_files_find(folder->files, "index.html");
    assert_ptr_equal(static_files_find(folder->files, ""), page);
    assert_ptr_equal(static_files_find(folder->files, "assignments/5"), page);
    assert_ptr_equal(static_files_find(folder->files, "v1.2/x"), page);
}

static void
nothing_else_is_found(void **state)
{
    const struct folder *folder = *state;
    static const char *const PATHS[] = {".secret", "missing.js", "../etc/passwd.txt", "assets/.x", "/index.html.bak"};
    for (size_t i = 0; i < sizeof PATHS / sizeof PATHS[0]; i++)
        assert_null(static_files_find(folder->files, PATHS[i]));
    // A link is no file of the folder: its name is an address like any other.
    assert_string_equal(static_files_find(folder->files, "link")->path, "index.html");
}

static void
the_smallest_form_that_is_accepted_travels(void **state)
{
    const struct folder *folder = *state;
    static const struct {
        const char *accept, *encoding;
    } CASES[] = {{"gzip, deflate, br, zstd", "br"},
                 {"gzip", "gzip"},
                 {"br;q=0, GZIP;q=0.5", "gzip"},
                 {"deflate", NULL},
                 {"", NULL},
                 {NULL, NULL},
                 {"brotli, x-gzip", NULL},
                 {"br ;q=0.0", NULL}};
    const struct static_file *script = static_files_find(folder->files, "assets/index-1a2b.js");
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct static_choice choice = static_files_choose(folder->files, script, CASES[i].accept);
        assert_int_equal(choice.encoding == NULL, CASES[i].encoding == NULL);
        if (choice.encoding != NULL)
            assert_string_equal(choice.encoding, CASES[i].encoding);
        assert_int_equal(choice.file->size, choice.encoding == NULL ? 1 : strlen(choice.encoding) == 2 ? 1 : 2);
    }
    // A file without smaller forms travels as it is.
    const struct static_file *page = static_files_find(folder->files, "index.html");
    assert_ptr_equal(static_files_choose(folder->files, page, "br").file, page);
}

static void
no_folder_means_no_files(void **state)
{
    (void)state;
    struct static_files *files = NULL;
    assert_int_equal(static_files_load("", &files), STATUS_OK);
    assert_null(static_files_find(files, ""));
    static_files_free(&files);
    assert_int_equal(static_files_load("/nonexistent/folder", &files), STATUS_NOT_FOUND);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(files_are_found_with_their_type, set_up, tear_down),
        cmocka_unit_test_setup_teardown(addresses_of_the_cabinet_get_its_page, set_up, tear_down),
        cmocka_unit_test_setup_teardown(nothing_else_is_found, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_smallest_form_that_is_accepted_travels, set_up, tear_down),
        cmocka_unit_test(no_folder_means_no_files),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
