// Rules of road maps: S3.14, S3.18, S3.19, F5.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "rules_roadmap.h"

#define AFTER(...)                                                                                                     \
    .depends_on = (const char *const[]){__VA_ARGS__},                                                                  \
    .depends_count = sizeof((const char *const[]){__VA_ARGS__}) / sizeof(const char *)

static const char *
risks_of(const struct road_section *sections, size_t count, size_t index)
{
    static char text[100];
    const char *codes[ROAD_SECTIONS_MAX];
    size_t risk_count = rules_road_risks(sections, count, index, codes);
    text[0] = '\0';
    for (size_t i = 0; i < risk_count; i++)
        strcat(strcat(text, codes[i]), " ");
    return text;
}

static void
what_is_late_puts_at_risk_what_comes_after_it(void **state) // S3.19
{
    (void)state;
    struct road_section sections[] = {
        {.code = "1", .is_late = true},
        {.code = "2", AFTER("1")},
        {.code = "3", AFTER("2")},
        {.code = "4", AFTER("3", "2")},
        {.code = "5"},
    };
    assert_string_equal(risks_of(sections, 5, 0), "");
    assert_string_equal(risks_of(sections, 5, 1), "1 ");
    assert_string_equal(risks_of(sections, 5, 3), "1 ");
    assert_string_equal(risks_of(sections, 5, 4), "");
    sections[2].is_late = true;
    assert_string_equal(risks_of(sections, 5, 3), "1 3 ");
    // What is done holds nobody up, and the way through it is over.
    sections[1].is_done = true;
    assert_string_equal(risks_of(sections, 5, 2), "");
    assert_string_equal(risks_of(sections, 5, 3), "3 ");
    sections[3].is_done = true;
    assert_string_equal(risks_of(sections, 5, 3), "");
}

static void
circles_and_unknown_codes_end(void **state)
{
    (void)state;
    const struct road_section sections[] = {
        {.code = "1", .is_late = true, AFTER("2")},
        {.code = "2", .is_late = true, AFTER("1", "nowhere")},
        {.code = "3", AFTER("3", "2")},
    };
    assert_string_equal(risks_of(sections, 3, 0), "2 ");
    assert_string_equal(risks_of(sections, 3, 1), "1 ");
    assert_string_equal(risks_of(sections, 3, 2), "1 2 ");
}

static void
the_first_state_that_holds_is_the_sections(void **state) // S3.14, S3.18, S1.17
{
    (void)state;
    struct road_section section = {.is_done = true, .is_late = true, .owes_schedule = true, .has_begun = true};
    assert_string_equal(rules_road_state(&section, 1), "done");
    section.is_done = false;
    assert_string_equal(rules_road_state(&section, 1), "late");
    section.is_late = false;
    assert_string_equal(rules_road_state(&section, 1), "schedule_owed");
    section.owes_schedule = false;
    assert_string_equal(rules_road_state(&section, 1), "at_risk");
    assert_string_equal(rules_road_state(&section, 0), "in_work");
    section.has_begun = false;
    assert_string_equal(rules_road_state(&section, 0), "not_begun");
}

static void
an_item_is_as_far_as_all_who_are_asked(void **state) // S3.18
{
    (void)state;
    const struct {
        struct stands stands;
        const char *expected;
    } cases[] = {
        {{.asked = 2, .not_started = 2}, "not_started"},
        {{.asked = 2, .accepted = 2}, "accepted"},
        {{.asked = 2, .accepted = 1, .not_started = 1}, "in_work"},
        {{.asked = 2, .accepted = 1, .waiting = 1}, "waiting"},
        {{.asked = 3, .accepted = 1, .waiting = 1, .returned = 1}, "returned"},
        {{.asked = 1, .in_work = 1}, "in_work"},
        {{.asked = 0}, "not_started"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_string_equal(rules_item_state(&cases[i].stands), cases[i].expected);
}

static void
a_share_has_two_decimals(void **state) // F5
{
    (void)state;
    char percent[PERCENT_CHARS];
    const struct {
        uint32_t part, whole;
        const char *expected;
    } cases[] = {{1, 3, "33.33"},  {2, 3, "66.67"}, {1, 200, "0.50"},
                 {1, 16, "6.25"},  {1, 32, "3.13"}, {0, 7, "0.00"},
                 {7, 7, "100.00"}, {0, 0, ""},      {UINT32_MAX, UINT32_MAX, "100.00"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        rules_percent(cases[i].part, cases[i].whole, percent);
        assert_string_equal(percent, cases[i].expected);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_late_puts_at_risk_what_comes_after_it),
        cmocka_unit_test(circles_and_unknown_codes_end),
        cmocka_unit_test(the_first_state_that_holds_is_the_sections),
        cmocka_unit_test(an_item_is_as_far_as_all_who_are_asked),
        cmocka_unit_test(a_share_has_two_decimals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
