// New passwords at the first login (S2.15): length, lists, words that anybody would guess; nothing about kinds of
// characters.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "password_rules.h"

static const char *const CONTEXT[] = {"74-12-0345-r", "МБОУ «Гимназия № 35 г. Кизил»", "Ёлкина Анна Сергеевна"};

static enum password_verdict
judged(const char *password)
{
    struct arena arena;
    arena_init(&arena, 100000);
    enum password_verdict verdict = password_judge(&arena, password, CONTEXT, 3);
    arena_done(&arena);
    return verdict;
}

static void
judges_by_length(void **state)
{
    (void)state;
    char longest[2 * 257 + 1];
    assert_int_equal(judged("zGq7!f2"), PASSWORD_TOO_SHORT);
    assert_int_equal(judged("жГк7!ф2"), PASSWORD_TOO_SHORT);
    assert_int_equal(judged("жГк7!ф2й"), PASSWORD_GOOD);
    assert_int_equal(judged(""), PASSWORD_TOO_SHORT);
    for (size_t i = 0; i < 257; i++)
        memcpy(longest + 2 * i, i % 5 ? (i % 3 ? "ж" : "м") : (i % 7 ? "т" : "р"), 2);
    longest[2 * 257] = '\0';
    assert_int_equal(judged(longest), PASSWORD_TOO_LONG);
    longest[2 * 256] = '\0';
    assert_int_equal(judged(longest), PASSWORD_GOOD);
}

static void
accepts_any_kinds_of_characters(void **state)
{
    (void)state;
    static const char *const GOOD[] = {
        "синие киты летят", "kjhgtrwqz",       "ВСЁБУКВЫБОЛЬШИЕ",           "тихо тихо ползи улитка",
        "9021337740581",    "пара кирпичей 7", "матросская тишина школа 7", "😀🍎🚀🌊🐙🎲🔑🧊"};
    for (size_t i = 0; i < sizeof(GOOD) / sizeof(GOOD[0]); i++)
        assert_int_equal(judged(GOOD[i]), PASSWORD_GOOD);
}

static void
refuses_common_ones(void **state)
{
    (void)state;
    static const char *const COMMON[] = {
        "password",    "Password1!", "12345678",   "qwertyui",   "QWERTY123456", "йцукенгш",   "пароль12",
        "Пароль2026!", "11111111",   "01011990",   "aaaaaaaa",   "абабабаб",     "1qaz2wsx",   "qazwsxedc",
        "gfhjkm123",   "dragon1987", "987654321",  "asdfghjkl",  "iloveyou",     "Наташа89",   "zaq12wsx",
        "1234567890",  "!!!!!!!!",   "poiuytrewq", "2020-09-15", "abcdefgh",     "любовь2020", "p@ssw0rd",
    };
    for (size_t i = 0; i < sizeof(COMMON) / sizeof(COMMON[0]); i++)
        assert_int_equal(judged(COMMON[i]), PASSWORD_COMMON);
}

static void
refuses_the_accounts_own_words(void **state)
{
    (void)state;
    static const char *const OWN[] = {"Школа2026",   "школа2026!!", "74-12-0345-r", "74-12-0345-R!", "Гимназия35",
                                      "gimnaziya35", "ЕЛКИНА2020",  "АннаЁлкина",   "сергеевна1",    "Челябинск74",
                                      "мониторинг1", "shkola12345", "vekha-vekha",  "Кизил-Кизил"};
    for (size_t i = 0; i < sizeof(OWN) / sizeof(OWN[0]); i++)
        assert_int_equal(judged(OWN[i]), PASSWORD_GUESSABLE);
}

static void
folds_letters(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena, 10000);
    assert_string_equal(text_fold(&arena, "ABCxyz АБВГДЕЁЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯ ё № «»"),
                        "abcxyz абвгдеежзийклмнопрстуфхцчшщъыьэюя е № «»");
    assert_string_equal(text_fold(&arena, ""), "");
    arena_done(&arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(judges_by_length),    cmocka_unit_test(accepts_any_kinds_of_characters),
        cmocka_unit_test(refuses_common_ones), cmocka_unit_test(refuses_the_accounts_own_words),
        cmocka_unit_test(folds_letters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
