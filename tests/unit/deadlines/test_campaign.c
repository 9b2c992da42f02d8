// The monthly campaign's words: participants as the letter of 15.09.2020 has them (S2.5-S2.8), nothing that acts as
// HTML.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "../support_arena.h"
#include "rules_campaign.h"

static void
participants_are_all_or_some(void **state)
{
    (void)state;
    static const char *const names[] = {"Лицей № 1", "СОШ № 2"};
    struct campaign_asked asked = {.organisations = 40, .schools = 40, .all_schools = 40, .all_authorities = 3};
    assert_string_equal(rules_campaign_participants(&arena, &asked), "Все общеобразовательные организации");
    asked.all_schools = 41;
    assert_string_equal(rules_campaign_participants(&arena, &asked), "40 организаций");
    asked = (struct campaign_asked){.organisations = 3, .authorities = 3, .all_schools = 40, .all_authorities = 3};
    assert_string_equal(rules_campaign_participants(&arena, &asked), "Все МОУО");
    asked = (struct campaign_asked){43, 40, 3, 40, 3, NULL, 0};
    assert_string_equal(rules_campaign_participants(&arena, &asked), "Все МОУО и все общеобразовательные организации");
    // An organisation of a third kind is none of them.
    asked = (struct campaign_asked){44, 40, 3, 40, 3, NULL, 0};
    assert_string_equal(rules_campaign_participants(&arena, &asked), "44 организации");
    asked = (struct campaign_asked){2, 2, 0, 40, 3, names, 2};
    assert_string_equal(rules_campaign_participants(&arena, &asked), "2 организации: Лицей № 1, СОШ № 2");
    asked = (struct campaign_asked){21, 21, 0, 40, 3, names, 2};
    assert_string_equal(rules_campaign_participants(&arena, &asked), "21 организация: Лицей № 1, СОШ № 2 и ещё 19");
}

static const struct campaign_row rows[] = {
    {"Технология", 5, "12 организаций"},
    {"Индивидуальный план", 1, "Все МОУО"},
    {"Индивидуальный план", 7, "Все общеобразовательные организации"},
    {"«Проектория»", 1, "Все общеобразовательные организации"},
};

static struct campaign_facts
facts_of(const char *words)
{
    return (struct campaign_facts){.round_name = "Сентябрь 2020",
                                   .due_on = "2020-09-25",
                                   .words = words,
                                   .author_name = "Иванова А. П.",
                                   .author_organisation = "РЦОКИО",
                                   .cabinet_address = "https://natproekt.example",
                                   .rows = rows,
                                   .row_count = 4};
}

static void
the_table_sums_up(void **state)
{
    (void)state;
    const struct campaign_facts facts = facts_of("Уважаемые коллеги!");
    assert_int_equal(rules_campaign_indicators(rows, 4), 14);
    assert_string_equal(rules_campaign_subject(&arena, "Сентябрь 2020", "2020-09-25"),
                        "Сентябрь 2020: показатели к заполнению до 25.09.2020");
    const char *text = rules_campaign_text(&arena, &facts);
    assert_non_null(strstr(text, "Уважаемые коллеги!\n\nСентябрь 2020. Показатели"));
    assert_non_null(strstr(text, "в срок до 25.09.2020 включительно."));
    assert_non_null(
        strstr(text, "1. Технология\n   Количество показателей: 5\n   Участники мониторинга: 12 организаций\n"));
    assert_non_null(strstr(text, "\nИтого: 14\n"));
    assert_non_null(strstr(text, "https://natproekt.example"));
    assert_non_null(strstr(text, "\nИванова А. П.\nРЦОКИО\n"));
}

static void
words_never_act_as_html(void **state)
{
    (void)state;
    const struct campaign_facts facts = facts_of("<script>alert(\"1\")</script> & so\non");
    const char *html = rules_campaign_html(&arena, &facts);
    assert_null(strstr(html, "<script"));
    assert_non_null(strstr(html, "&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; so<br>\non"));
    assert_non_null(strstr(html, ">Итого</th>"));
    assert_non_null(strstr(html, ">14</th>"));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(participants_are_all_or_some),
        cmocka_unit_test(the_table_sums_up),
        cmocka_unit_test(words_never_act_as_html),
    };
    return cmocka_run_group_tests(tests, open_arena, close_arena);
}
