// The real helper process against real PDFs: sound, broken, hostile; and what happens when it dies or hangs.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <dirent.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pdf_check.h"
#include "support_files.h"
#include "vekha/base/time.h"

static char folder[64];
static char helper[512];
static struct pdf_checker *checker;

static int
set_up(void **state)
{
    (void)state;
    char self[400];
    ssize_t size = readlink("/proc/self/exe", self, sizeof self - 1);
    if (size <= 0)
        return -1;
    self[size] = '\0';
    *strrchr(self, '/') = '\0';
    snprintf(helper, sizeof helper, "%s/vekha-pdf-check", self);
    make_test_folder(folder);
    checker = pdf_checker_new(helper, PDF_CHECK_TIMEOUT_MS);
    return checker ? 0 : -1;
}

static int
tear_down(void **state)
{
    (void)state;
    pdf_checker_free(&checker);
    remove_test_folder(folder);
    return 0;
}

static const char *
path_of(const char *name)
{
    static char path[128];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static void
expect(const char *name, enum pdf_verdict expected, uint32_t expected_pages)
{
    enum pdf_verdict verdict = PDF_VERDICT_COUNT;
    uint32_t pages = 99;
    assert_int_equal(pdf_checker_ask(checker, path_of(name), &verdict, &pages), STATUS_OK);
    if (verdict != expected)
        print_message("%s\n", name);
    assert_int_equal(verdict, expected);
    assert_int_equal(pages, expected_pages);
}

static void
sound_documents(void **state)
{
    (void)state;
    static const char text[] = "BT /F1 12 Tf (x) Tj ET";
    write_test_pdf(path_of("one.pdf"), &(struct pdf_plan){.pages = 1});
    write_test_pdf(path_of("many.pdf"),
                   &(struct pdf_plan){.pages = 40, .content = text, .content_size = sizeof text - 1});
    expect("one.pdf", PDF_SOUND, 1);
    expect("many.pdf", PDF_SOUND, 40);
    char from[128], to[128];
    snprintf(from, sizeof from, "%s", path_of("many.pdf"));
    snprintf(to, sizeof to, "%s", path_of("packed.pdf"));
    assert_true(run_qpdf((char *[]){"qpdf", "--object-streams=generate", "--linearize", from, to, NULL}));
    expect("packed.pdf", PDF_SOUND, 40);
}

static void
passwords(void **state)
{
    (void)state;
    char from[128], to[128];
    write_test_pdf(path_of("open.pdf"), &(struct pdf_plan){.pages = 2});
    snprintf(from, sizeof from, "%s", path_of("open.pdf"));
    snprintf(to, sizeof to, "%s", path_of("needs-password.pdf"));
    assert_true(run_qpdf((char *[]){"qpdf", "--encrypt", "secret", "owner", "256", "--", from, to, NULL}));
    expect("needs-password.pdf", PDF_ENCRYPTED, 0);
    // Opens without one, but restricts what may be done with it.
    snprintf(to, sizeof to, "%s", path_of("restricted.pdf"));
    assert_true(run_qpdf((char *[]){"qpdf", "--encrypt", "", "owner", "256", "--", from, to, NULL}));
    expect("restricted.pdf", PDF_ENCRYPTED, 0);
}

static void
no_pages(void **state)
{
    (void)state;
    char to[128];
    write_test_pdf(path_of("none.pdf"), &(struct pdf_plan){.pages = 0});
    expect("none.pdf", PDF_EMPTY, 0);
    snprintf(to, sizeof to, "%s", path_of("qpdf-empty.pdf"));
    assert_true(run_qpdf((char *[]){"qpdf", "--empty", to, NULL}));
    expect("qpdf-empty.pdf", PDF_EMPTY, 0);
}

static void
cut_and_garbled(void **state)
{
    (void)state;
    char bytes[20000];
    size_t size = write_test_pdf(path_of("whole.pdf"), &(struct pdf_plan){.pages = 20});
    FILE *file = fopen(path_of("whole.pdf"), "rb");
    assert_non_null(file);
    assert_int_equal(fread(bytes, 1, sizeof bytes, file), size);
    fclose(file);
    write_test_file(path_of("cut.pdf"), bytes, size / 2);
    expect("cut.pdf", PDF_DAMAGED, 0);
    // An end put onto half a document does not make it whole.
    memcpy(bytes + size / 2, "\n%%EOF\n", 7);
    write_test_file(path_of("patched.pdf"), bytes, size / 2 + 7);
    expect("patched.pdf", PDF_DAMAGED, 0);
    static const char program[] = "%PDF-1.7\nMZ\x90\0\3\0\0\0 this is a program %%EOF";
    write_test_file(path_of("program.pdf"), program, sizeof program - 1);
    expect("program.pdf", PDF_DAMAGED, 0);
    write_test_file(path_of("nothing.pdf"), "", 0);
    expect("nothing.pdf", PDF_DAMAGED, 0);
    expect("not-there.pdf", PDF_DAMAGED, 0);
    static const char noise[] = "this is not what deflate makes";
    write_test_pdf(path_of("noise.pdf"), &(struct pdf_plan){.pages = 1,
                                                            .content = noise,
                                                            .content_size = sizeof noise - 1,
                                                            .content_filter = "/Filter /FlateDecode"});
    expect("noise.pdf", PDF_DAMAGED, 0);
}

static void
programs_inside(void **state)
{
    (void)state;
    static const char *const catalogues[] = {
        "/OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >>",
        // The same word with an escaped letter.
        "/OpenAction << /S /J#61vaScript /J#53 (app.alert\\(1\\)) >>",
        "/AA << /WC [ << /Type /Action /S /Launch /F (cmd.exe) >> ] >>",
        "/Names << /JavaScript << /Names [] >> >>",
    };
    for (size_t i = 0; i < sizeof catalogues / sizeof catalogues[0]; i++) {
        write_test_pdf(path_of("active.pdf"), &(struct pdf_plan){.pages = 1, .catalogue = catalogues[i]});
        expect("active.pdf", PDF_ACTIVE, 0);
    }
    // The words alone, in a title, are harmless.
    write_test_pdf(path_of("title.pdf"),
                   &(struct pdf_plan){.pages = 1, .catalogue = "/Title (/S /JavaScript /JS lesson)"});
    expect("title.pdf", PDF_SOUND, 1);
}

// 256 bytes that unpack to 3 GB: deflate three times over.
static const unsigned char *
make_bomb(size_t *ret_size)
{
    static const unsigned char bomb[] = {
        0x78, 0xda, 0xab, 0xb8, 0xf5, 0xf6, 0x8e, 0xae, 0x5f, 0x0c, 0xa3, 0x84, 0xdb, 0x43, 0xeb, 0x44, 0x97, 0xe6,
        0x07, 0xee, 0x0d, 0x07, 0x37, 0xf0, 0xf8, 0x08, 0x1b, 0xbc, 0xe0, 0xba, 0xb0, 0x84, 0x3b, 0xc3, 0x94, 0x4f,
        0xa8, 0xe9, 0x78, 0x89, 0x6c, 0x42, 0x04, 0xc3, 0xba, 0x4d, 0x79, 0xb7, 0x56, 0x45, 0x32, 0x28, 0x2e, 0x49,
        0x0a, 0x39, 0x6d, 0x62, 0xbc, 0xfb, 0xc1, 0xbc, 0xe7, 0x91, 0x87, 0xd4, 0xef, 0xd7, 0x58, 0x4e, 0xdf, 0x3f,
        0x7f, 0xbe, 0xda, 0xe4, 0x44, 0x89, 0x75, 0xef, 0xef, 0xbd, 0x8b, 0xb7, 0xcb, 0xe1, 0x63, 0x60, 0x60, 0x38,
        0x70, 0x22, 0xf6, 0xff, 0xae, 0x9b, 0x11, 0xbd, 0x8c, 0x87, 0x1f, 0x16, 0x95, 0xfd, 0x7a, 0x29, 0x03, 0x14,
        0x92, 0xd8, 0x7d, 0xfe, 0x76, 0xf4, 0xe5, 0xaf, 0x1a, 0x1f, 0xbe, 0x3f, 0x7a, 0x70, 0xc4, 0x12, 0x28, 0x90,
        0xf0, 0x25, 0xcf, 0x5e, 0xee, 0xed, 0x1a, 0x7b, 0x96, 0x7f, 0x31, 0xb5, 0x33, 0xad, 0xd8, 0x81, 0x22, 0x3d,
        0xf7, 0xee, 0x25, 0xd5, 0xed, 0xb9, 0xc7, 0xb4, 0x4f, 0x5f, 0xbe, 0xfc, 0xfc, 0x1d, 0x66, 0xa0, 0x88, 0xdb,
        0xfb, 0xe5, 0x09, 0x40, 0x8a, 0x61, 0x09, 0x07, 0x1b, 0x90, 0x74, 0xe8, 0x06, 0x73, 0xb6, 0x40, 0x38, 0x3d,
        0xc8, 0x9c, 0x51, 0x99, 0x51, 0x99, 0x51, 0x99, 0x51, 0x99, 0x51, 0x99, 0x51, 0x99, 0x51, 0x99, 0x51, 0x99,
        0x51, 0x99, 0x51, 0x99, 0x51, 0x99, 0x51, 0x99, 0x51, 0x99, 0x51, 0x99, 0x51, 0x99, 0x51, 0x99, 0x51, 0x99,
        0x51, 0x99, 0x01, 0x93, 0xa9, 0x89, 0x3e, 0xf3, 0x3e, 0x2c, 0xf8, 0xc0, 0xc7, 0xfe, 0xa7, 0x6f, 0x5e, 0x1f,
        0x3e, 0xc6, 0xb0, 0x47, 0x7b, 0xfd, 0xe5, 0xfa, 0xdf, 0x87, 0x9f, 0xd8, 0x4f, 0x98, 0x76, 0x72, 0x1f, 0x00,
        0x74, 0x2a, 0x23, 0x2c,
    };
    *ret_size = sizeof bomb;
    return bomb;
}

// The helper is this process's only child.
static pid_t
find_helper(void)
{
    char path[64];
    char line[256] = "";
    snprintf(path, sizeof path, "/proc/self/task/%d/children", (int)getpid());
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    char *read = fgets(line, sizeof line, file);
    fclose(file);
    return read ? (pid_t)strtol(line, NULL, 10) : 0;
}

// What a helper took at most: of this one while it lives, else of those before it.
static long
most_memory_kib(void)
{
    char path[64], line[256];
    struct rusage usage;
    assert_int_equal(getrusage(RUSAGE_CHILDREN, &usage), 0);
    long most = usage.ru_maxrss;
    snprintf(path, sizeof path, "/proc/%d/status", (int)find_helper());
    FILE *file = fopen(path, "r");
    while (file && fgets(line, sizeof line, file))
        if (strncmp(line, "VmHWM:", 6) == 0 && strtol(line + 6, NULL, 10) > most)
            most = strtol(line + 6, NULL, 10);
    if (file)
        fclose(file);
    return most;
}

// What the helper that is there may take at all, whatever time a bomb had to grow. -1: as much as it likes, as a
// sanitizer's does, which looks at what it really uses.
static long
memory_allowed_kib(void)
{
    static const char LIMIT[] = "Max address space";
    char path[64], line[256];
    long allowed = -1;
    snprintf(path, sizeof path, "/proc/%d/limits", (int)find_helper());
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    while (fgets(line, sizeof line, file))
        if (strncmp(line, LIMIT, strlen(LIMIT)) == 0 && !strstr(line, "unlimited"))
            allowed = strtol(line + strlen(LIMIT), NULL, 10) / 1024;
    fclose(file);
    return allowed;
}

static void
bombs_only_cost_their_limit(void **state)
{
    (void)state;
    size_t size;
    const unsigned char *bomb = make_bomb(&size);
    write_test_pdf(path_of("bomb.pdf"),
                   &(struct pdf_plan){.pages = 1,
                                      .content = bomb,
                                      .content_size = size,
                                      .content_filter = "/Filter [/FlateDecode /FlateDecode /FlateDecode]"});
    int64_t started_ms = clock_monotonic_ms();
    expect("bomb.pdf", PDF_DAMAGED, 0);
    assert_true(clock_monotonic_ms() - started_ms < PDF_CHECK_TIMEOUT_MS + 1000);
    assert_in_range(most_memory_kib(), 1024, 768 * 1024);
    static char nested[200000];
    size_t used = (size_t)snprintf(nested, sizeof nested, "/X ");
    memset(nested + used, '[', 90000);
    memset(nested + used + 90000, ']', 90000);
    write_test_pdf(path_of("nested.pdf"), &(struct pdf_plan){.pages = 1, .catalogue = nested});
    expect("nested.pdf", PDF_DAMAGED, 0);
    write_test_pdf(path_of("after.pdf"), &(struct pdf_plan){.pages = 3});
    expect("after.pdf", PDF_SOUND, 3);
#ifdef __SANITIZE_ADDRESS__
    assert_int_equal(memory_allowed_kib(), -1);
#else
    assert_in_range(memory_allowed_kib(), 1024, 768 * 1024);
#endif
}

static void
a_killed_helper_is_replaced(void **state)
{
    (void)state;
    write_test_pdf(path_of("again.pdf"), &(struct pdf_plan){.pages = 5});
    expect("again.pdf", PDF_SOUND, 5);
    pid_t first = find_helper();
    assert_true(first > 0);
    assert_int_equal(kill(first, SIGKILL), 0);
    // Not the document's fault: asked again of a new helper.
    expect("again.pdf", PDF_SOUND, 5);
    assert_true(find_helper() > 0 && find_helper() != first);
    for (int i = 0; i < 600; i++)
        expect("again.pdf", PDF_SOUND, 5);
}

static void
a_hanging_helper_is_given_up(void **state)
{
    (void)state;
    struct pdf_checker *impatient = pdf_checker_new(helper, 300);
    enum pdf_verdict verdict;
    uint32_t pages;
    // A pipe nobody writes to: opening it never ends.
    assert_int_equal(mkfifo(path_of("pipe"), 0600), 0);
    int64_t started_ms = clock_monotonic_ms();
    assert_int_equal(pdf_checker_ask(impatient, path_of("pipe"), &verdict, &pages), STATUS_OK);
    assert_int_equal(verdict, PDF_DAMAGED);
    assert_in_range(clock_monotonic_ms() - started_ms, 250, 3000);
    write_test_pdf(path_of("next.pdf"), &(struct pdf_plan){.pages = 1});
    assert_int_equal(pdf_checker_ask(impatient, path_of("next.pdf"), &verdict, &pages), STATUS_OK);
    assert_int_equal(verdict, PDF_SOUND);
    pdf_checker_free(&impatient);
}

// Of all threads of this process.
static int
count_helpers(void)
{
    int count = 0;
    DIR *tasks = opendir("/proc/self/task");
    assert_non_null(tasks);
    for (const struct dirent *task; (task = readdir(tasks));) {
        char path[300];
        snprintf(path, sizeof path, "/proc/self/task/%s/children", task->d_name);
        FILE *file = fopen(path, "r");
        for (int child; file && fscanf(file, "%d", &child) == 1;)
            count++;
        if (file)
            fclose(file);
    }
    closedir(tasks);
    return count;
}

struct slow_ask {
    struct pdf_checker *checker;
    char path[128];
    enum pdf_verdict verdict;
    atomic_bool is_over;
};

static void *
ask_slowly(void *context)
{
    struct slow_ask *ask = context;
    uint32_t pages;
    if (pdf_checker_ask(ask->checker, ask->path, &ask->verdict, &pages) != STATUS_OK)
        ask->verdict = PDF_VERDICT_COUNT;
    atomic_store(&ask->is_over, true);
    return NULL;
}

static void
a_slow_document_holds_up_no_other(void **state)
{
    (void)state;
    enum pdf_verdict verdict;
    uint32_t pages;
    struct slow_ask slow = {.checker = pdf_checker_new(helper, PDF_CHECK_TIMEOUT_MS)};
    snprintf(slow.path, sizeof slow.path, "%s", path_of("slow"));
    assert_int_equal(mkfifo(slow.path, 0600), 0);
    write_test_pdf(path_of("quick.pdf"), &(struct pdf_plan){.pages = 1});
    int before = count_helpers();
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, ask_slowly, &slow), 0);
    int64_t deadline_ms = clock_monotonic_ms() + 5000;
    while (count_helpers() == before && clock_monotonic_ms() < deadline_ms)
        continue;
    assert_int_equal(pdf_checker_ask(slow.checker, path_of("quick.pdf"), &verdict, &pages), STATUS_OK);
    assert_int_equal(verdict, PDF_SOUND);
    assert_false(atomic_load(&slow.is_over));
    int writer = open(slow.path, O_WRONLY | O_CLOEXEC);
    assert_true(writer >= 0);
    close(writer);
    pthread_join(thread, NULL);
    assert_int_equal(slow.verdict, PDF_DAMAGED);
    pdf_checker_free(&slow.checker);
}

static void
without_a_helper_nothing_is_sound(void **state)
{
    (void)state;
    enum pdf_verdict verdict = PDF_VERDICT_COUNT;
    uint32_t pages;
    struct pdf_checker *missing = pdf_checker_new("/nonexistent/vekha-pdf-check", 300);
    assert_int_equal(pdf_checker_ask(missing, path_of("next.pdf"), &verdict, &pages), STATUS_BUSY);
    pdf_checker_free(&missing);
    struct pdf_checker *useless = pdf_checker_new("/bin/false", 300);
    if (pdf_checker_ask(useless, path_of("next.pdf"), &verdict, &pages) == STATUS_OK)
        assert_int_not_equal(verdict, PDF_SOUND);
    pdf_checker_free(&useless);
    assert_int_equal(pdf_checker_ask(checker, "/tmp/a\nb", &verdict, &pages), STATUS_INTERNAL);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sound_documents),
        cmocka_unit_test(passwords),
        cmocka_unit_test(no_pages),
        cmocka_unit_test(cut_and_garbled),
        cmocka_unit_test(programs_inside),
        cmocka_unit_test(bombs_only_cost_their_limit),
        cmocka_unit_test(a_killed_helper_is_replaced),
        cmocka_unit_test(a_hanging_helper_is_given_up),
        cmocka_unit_test(a_slow_document_holds_up_no_other),
        cmocka_unit_test(without_a_helper_nothing_is_sound),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
