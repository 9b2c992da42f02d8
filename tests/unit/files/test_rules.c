// Names, pieces, ranges and the outer look of a PDF.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "rules.h"
#include "vekha/base/text.h"

static void
names_become_harmless(void **state)
{
    (void)state;
    static const struct {
        const char *given, *kept;
    } names[] = {
        {"отчёт.pdf", "отчёт.pdf"},
        {"Отчёт 1.PDF", "Отчёт 1.pdf"},
        {"../../etc/passwd", "passwd.pdf"},
        {"C:\\Users\\Мария\\Приказ № 12.pdf", "Приказ № 12.pdf"},
        {"/", "document.pdf"},
        {"", "document.pdf"},
        {".pdf", "document.pdf"},
        {"...", "document.pdf"},
        {"   ", "document.pdf"},
        {".hidden.pdf", "hidden.pdf"},
        {"a\nb\r\n\tc.pdf", "abc.pdf"},
        // U+202E shows "fdp.exe" as "exe.pdf".
        {"смета\u202efdp.exe", "сметаfdp.exe.pdf"},
        {"\u2067x\u2069\u200b\ufeff.pdf", "x.pdf"},
        {"a\u2028b\xc2\x85"
         "c.pdf",
         "abc.pdf"},
        {"\u00a0 a \u2003\u202f b \u3000.pdf", "a b.pdf"},
        {"отчёт \"1\"; x=y.pdf", "отчёт _1_; x=y.pdf"},
        {"a<b>c:d|e?f*g.pdf", "a_b_c_d_e_f_g.pdf"},
        {"con.pdf", "_con.pdf"},
        {"NUL", "_NUL.pdf"},
        {"com7.scan.pdf", "_com7.scan.pdf"},
        {"console.pdf", "console.pdf"},
        {"com10.pdf", "com10.pdf"},
        {"document.pdf . .", "document.pdf"},
        {"scan.pdf.pdf", "scan.pdf.pdf"},
        {"pdf", "pdf.pdf"},
        {"-rf.pdf", "-rf.pdf"},
        {"e\u0301.pdf", "e\u0301.pdf"},
        {"📄 файл.pdf", "📄 файл.pdf"},
    };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        char kept[FILE_NAME_BYTES];
        file_name_clean(names[i].given, kept);
        assert_string_equal(kept, names[i].kept);
    }
}

static void
names_are_never_too_long(void **state)
{
    (void)state;
    static const char *const letters[] = {"a", "я", "€", "📄", " ", "..", "NUL"};
    for (size_t i = 0; i < sizeof letters / sizeof letters[0]; i++)
        for (size_t count = 150; count <= 1000; count += 7) {
            char given[8192] = "";
            char kept[FILE_NAME_BYTES];
            size_t used = 0;
            for (size_t k = 0; k < count; k++)
                used += (size_t)snprintf(given + used, sizeof given - used, "%s", letters[i]);
            snprintf(given + used, sizeof given - used, ".pdf");
            file_name_clean(given, kept);
            assert_true(text_is_utf8(kept, strlen(kept)));
            assert_in_range(text_count_chars(kept), 5, FILE_NAME_MAX_CHARS);
            assert_string_equal(kept + strlen(kept) - 4, ".pdf");
        }
}

// Whatever bytes come, the result is a name: this is also what the fuzzer relies on.
static void
names_of_broken_bytes(void **state)
{
    (void)state;
    uint32_t random = 12345;
    for (size_t round = 0; round < 20000; round++) {
        char given[64];
        char kept[FILE_NAME_BYTES];
        for (size_t i = 0; i < sizeof given; i++) {
            random = random * 1664525 + 1013904223;
            given[i] = (char)(random >> 24);
        }
        given[sizeof given - 1] = '\0';
        file_name_clean(given, kept);
        assert_true(strlen(kept) > 4 && strlen(kept) < FILE_NAME_BYTES);
        assert_null(strpbrk(kept, "/\\\r\n\t\"<>:|?*"));
    }
}

static void
pieces_follow_each_other(void **state)
{
    (void)state;
    static const struct {
        uint64_t offset, length, arrived, announced;
        enum piece expected;
    } pieces[] = {
        {0, 100, 0, 1000, PIECE_FITS},
        {100, 100, 100, 1000, PIECE_FITS},
        {0, 100, 100, 1000, PIECE_FITS}, // sent twice
        {50, 100, 100, 1000, PIECE_FITS},
        {101, 100, 100, 1000, PIECE_GAP},
        {900, 100, 900, 1000, PIECE_FITS},
        {900, 101, 900, 1000, PIECE_TOO_LONG},
        {1000, 0, 1000, 1000, PIECE_FITS},
        {1000, 1, 1000, 1000, PIECE_TOO_LONG},
        {UINT64_MAX, 10, 100, 1000, PIECE_GAP},
        {UINT64_MAX, 10, UINT64_MAX, 1000, PIECE_TOO_LONG},
        {0, PIECE_MAX_BYTES, 0, PIECE_MAX_BYTES, PIECE_FITS},
        {0, PIECE_MAX_BYTES + 1, 0, 1000000, PIECE_TOO_LARGE},
    };
    for (size_t i = 0; i < sizeof pieces / sizeof pieces[0]; i++)
        assert_int_equal(piece_judge(pieces[i].offset, pieces[i].length, pieces[i].arrived, pieces[i].announced),
                         pieces[i].expected);
}

static void
downloads_stay_inside(void **state)
{
    (void)state;
    assert_int_equal(download_length(0, 0, 10), 10);
    assert_int_equal(download_length(0, 4, 10), 4);
    assert_int_equal(download_length(8, 4, 10), 2);
    assert_int_equal(download_length(10, 4, 10), 0);
    assert_int_equal(download_length(UINT64_MAX, 4, 10), 0);
    assert_int_equal(download_length(0, 0, 1000000), DOWNLOAD_PIECE_MAX_BYTES);
    assert_int_equal(download_length(0, UINT32_MAX, 1000000), DOWNLOAD_PIECE_MAX_BYTES);
}

static void
pdf_seen_from_outside(void **state)
{
    (void)state;
    assert_true(pdf_has_header("%PDF-1.7\n", 9));
    assert_false(pdf_has_header("%PDF", 4));
    assert_false(pdf_has_header("\n%PDF-1.7", 9));
    assert_false(pdf_has_header("<html>%PDF-1.7", 14));
    assert_false(pdf_has_header("\xef\xbb\xbf%PDF-1.7", 11));
    assert_true(pdf_has_end("startxref\n9\n%%EOF\r\n", 19));
    assert_false(pdf_has_end("startxref\n9\n%%EO", 16));
    assert_false(pdf_has_end("", 0));
}

static void
hashes(void **state)
{
    (void)state;
    assert_true(sha256_is_hex("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"));
    assert_true(sha256_is_hex("E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855"));
    assert_false(sha256_is_hex(""));
    assert_false(sha256_is_hex("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b85"));
    assert_false(sha256_is_hex("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b8555"));
    assert_false(sha256_is_hex("../../../../../../../../../../../../../../../../../../etc/passwd"));
}

static void
answers_of_the_helper(void **state)
{
    (void)state;
    enum pdf_verdict verdict;
    uint32_t pages = 0;
    assert_true(pdf_answer_parse("ok 12", &verdict, &pages));
    assert_int_equal(verdict, PDF_SOUND);
    assert_int_equal(pages, 12);
    assert_true(pdf_answer_parse("damaged", &verdict, &pages));
    assert_int_equal(verdict, PDF_DAMAGED);
    assert_true(pdf_answer_parse("encrypted", &verdict, &pages));
    assert_int_equal(verdict, PDF_ENCRYPTED);
    assert_true(pdf_answer_parse("empty", &verdict, &pages));
    assert_int_equal(verdict, PDF_EMPTY);
    assert_true(pdf_answer_parse("javascript", &verdict, &pages));
    assert_int_equal(verdict, PDF_ACTIVE);
    static const char *const nonsense[] = {"",
                                           "ok",
                                           "ok ",
                                           "ok 0",
                                           "ok -1",
                                           "ok 1x",
                                           "ok 1 2",
                                           "OK 1",
                                           "sound",
                                           "ok 99999999999999999999",
                                           "ok 4294967297"};
    for (size_t i = 0; i < sizeof nonsense / sizeof nonsense[0]; i++)
        assert_false(pdf_answer_parse(nonsense[i], &verdict, &pages));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_become_harmless),
        cmocka_unit_test(names_are_never_too_long),
        cmocka_unit_test(names_of_broken_bytes),
        cmocka_unit_test(pieces_follow_each_other),
        cmocka_unit_test(downloads_stay_inside),
        cmocka_unit_test(pdf_seen_from_outside),
        cmocka_unit_test(hashes),
        cmocka_unit_test(answers_of_the_helper),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
