// Decisions and words of reminders: no I/O.
#include "rules.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vekha/base/text.h"

const char *
rules_kind_name(enum notice_kind kind)
{
    static const char *const names[] = {
        [NOTICE_DUE_SOON] = "due_soon",
        [NOTICE_DUE_TODAY] = "due_today",
        [NOTICE_OVERDUE] = "overdue",
        [NOTICE_OVERDUE_BELOW] = "overdue_below",
        [NOTICE_REJECTED] = "rejected",
        [NOTICE_SENT] = "sent",
        [NOTICE_REMARK] = "remark",
        [NOTICE_MESSAGE] = "message",
        [NOTICE_CONSULTATION_SOON] = "consultation_soon",
        [NOTICE_UNANSWERED] = "unanswered",
        [NOTICE_CAMPAIGN_READY] = "campaign_ready",
    };
    return names[kind];
}

bool
rules_is_for_curators(const char *reviewer)
{
    return strcmp(reviewer, "curator") == 0;
}

enum audience
rules_audience_of_remark(const char *author_role, const char *reviewer)
{
    if (strcmp(author_role, "respondent") != 0)
        return AUDIENCE_RESPONDENTS;
    return rules_is_for_curators(reviewer) ? AUDIENCE_CURATORS : AUDIENCE_NOBODY;
}

const char *
rules_russian_day(struct arena *arena, const char *day)
{
    unsigned year, month, number;
    char rest;
    if (sscanf(day, "%4u-%2u-%2u%c", &year, &month, &number, &rest) != 3)
        return day;
    return arena_format(arena, "%02u.%02u.%04u", number, month, year);
}

const char *
rules_zone_words(struct arena *arena, const char *zone, int minutes_ahead)
{
    static const struct {
        const char *zone, *words;
    } known[] = {
        {"Europe/Kaliningrad", "по калининградскому времени"},
        {"Europe/Moscow", "по московскому времени"},
        {"Europe/Samara", "по самарскому времени"},
        {"Asia/Yekaterinburg", "по екатеринбургскому времени"},
        {"Asia/Omsk", "по омскому времени"},
        {"Asia/Novosibirsk", "по новосибирскому времени"},
        {"Asia/Krasnoyarsk", "по красноярскому времени"},
        {"Asia/Irkutsk", "по иркутскому времени"},
        {"Asia/Yakutsk", "по якутскому времени"},
        {"Asia/Vladivostok", "по владивостокскому времени"},
        {"Asia/Magadan", "по магаданскому времени"},
        {"Asia/Kamchatka", "по камчатскому времени"},
    };
    const char *words = NULL;
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (strcmp(zone, known[i].zone) == 0)
            words = known[i].words;
    if (!words)
        words = arena_format(arena, "по времени %s", zone);
    int minutes = abs(minutes_ahead);
    char sign = minutes_ahead < 0 ? '-' : '+';
    if (!words)
        return NULL;
    return minutes % 60 ? arena_format(arena, "%s (UTC%c%d:%02d)", words, sign, minutes / 60, minutes % 60)
                        : arena_format(arena, "%s (UTC%c%d)", words, sign, minutes / 60);
}

static const char *
items_words(struct arena *arena, uint64_t items)
{
    return arena_format(arena, "%s %llu %s", items % 10 == 1 && items % 100 != 11 ? "Не отправлен" : "Не отправлено",
                        (unsigned long long)items, text_plural(items, "показатель", "показателя", "показателей"));
}

static void
due_soon_words(struct arena *arena, const struct notice_facts *facts, struct notice_words *words)
{
    unsigned days = (unsigned)-facts->day_offset;
    words->title = arena_format(arena, "%s %u %s до срока: %s", text_plural(days, "Остался", "Осталось", "Осталось"),
                                days, text_plural(days, "день", "дня", "дней"), facts->round_name);
    words->text = arena_format(arena,
                               "%s\nПериод сбора: %s.\n%s. Срок — %s, 23:59:59 %s.\n"
                               "Заполните показатели и отправьте их на проверку.",
                               facts->organisation_name, facts->round_name, items_words(arena, facts->items),
                               rules_russian_day(arena, facts->due_day), facts->zone_words);
}

static void
due_today_words(struct arena *arena, const struct notice_facts *facts, struct notice_words *words)
{
    words->title = arena_format(arena, "Срок сегодня: %s", facts->round_name);
    words->text = arena_format(arena,
                               "%s\nПериод сбора: %s.\n%s. Срок — сегодня, %s, 23:59:59 %s.\n"
                               "Заполните показатели и отправьте их на проверку.",
                               facts->organisation_name, facts->round_name, items_words(arena, facts->items),
                               rules_russian_day(arena, facts->due_day), facts->zone_words);
}

static void
overdue_words(struct arena *arena, const struct notice_facts *facts, struct notice_words *words)
{
    words->title = arena_format(arena, "Срок прошёл: %s", facts->round_name);
    words->text = arena_format(arena,
                               "%s\nПериод сбора: %s.\n%s. Срок был %s, 23:59:59 %s.\n"
                               "Отправьте показатели на проверку как можно скорее.",
                               facts->organisation_name, facts->round_name, items_words(arena, facts->items),
                               rules_russian_day(arena, facts->due_day), facts->zone_words);
}

static void
overdue_below_words(struct arena *arena, const struct notice_facts *facts, struct notice_words *words)
{
    unsigned long long count = facts->organisations;
    const char *day = rules_russian_day(arena, facts->due_day);
    bool is_over = facts->day_offset > 0;
    words->title = arena_format(arena, "Срок %s, данных нет у %llu %s: %s", is_over ? "прошёл" : day, count,
                                text_plural(count, "организации", "организаций", "организаций"), facts->round_name);
    words->text =
        arena_format(arena,
                     "Период сбора: %s. Срок %s %s, 23:59:59 %s.\n"
                     "Показатели отправили не все организации вашей территории:\n%s\n"
                     "Свяжитесь с исполнителями: контакты — в отчёте по предоставленным данным.",
                     facts->round_name, is_over ? "был" : "—", day, facts->zone_words, facts->organisation_lines);
}

static void
rejected_words(struct arena *arena, const struct notice_facts *facts, struct notice_words *words)
{
    words->title = arena_format(arena, "Показатель отклонён: %s", facts->round_name);
    words->text = arena_format(arena,
                               "%s\nПериод сбора: %s.\nПоказатель: %s\nРезолюция: %s\n"
                               "Исправьте значение и отправьте его на проверку снова. Срок — %s, 23:59:59 %s.",
                               facts->organisation_name, facts->round_name, facts->question, facts->words,
                               rules_russian_day(arena, facts->due_day), facts->zone_words);
}

static void
sent_words(struct arena *arena, const struct notice_facts *facts, struct notice_words *words)
{
    words->title = arena_format(arena, "На проверку: %s", facts->organisation_name);
    words->text = arena_format(arena,
                               "%s\nПериод сбора: %s.\nОтправлено: %s\n"
                               "Подтвердите или верните на доработку: всё, что ждёт вашего решения, — в очереди.",
                               facts->organisation_name, facts->round_name, facts->question);
}

static void
remark_words(struct arena *arena, const struct notice_facts *facts, struct notice_words *words)
{
    const char *author = strcmp(facts->author_role, "curator") == 0    ? "Куратор"
                         : strcmp(facts->author_role, "operator") == 0 ? "Оператор"
                                                                       : facts->organisation_name;
    words->title = arena_format(arena, "Новое в обсуждении: %s", facts->round_name);
    words->text = arena_format(arena, "%s\nПериод сбора: %s.\nОбсуждается: %s\n%s: %s", facts->organisation_name,
                               facts->round_name, facts->question, author, facts->words);
}

static const char *
answers_words(struct arena *arena, uint64_t count)
{
    return arena_format(arena, "%llu %s", (unsigned long long)count, text_plural(count, "ответ", "ответа", "ответов"));
}

static void
unanswered_words(struct arena *arena, const struct notice_facts *facts, struct notice_words *words)
{
    bool is_mine = strcmp(facts->recipient, "reviewer") == 0;
    const char *whose = is_mine                                    ? "Ждут вашего решения"
                        : strcmp(facts->reviewer, "curator") == 0  ? "Кураторы не проверили"
                        : strcmp(facts->reviewer, "operator") == 0 ? "Операторы не проверили"
                                                                   : "Не проверено";
    const char *next = is_mine ? "Подтвердите или верните на доработку: всё, что ждёт вашего решения, — в очереди."
                               : "Свяжитесь с теми, кто проверяет: сколько и чего ждёт, — в отчёте.";
    const char *count = answers_words(arena, facts->items);
    words->title = count ? arena_format(arena, "%s: %s", whose, count) : NULL;
    words->text = arena_format(
        arena, "Отправлено и не проверено больше %u %s: %s. Дольше всех ждёт отправленное %s.\n%s\n%s",
        facts->working_days, text_plural(facts->working_days, "рабочего дня", "рабочих дней", "рабочих дней"),
        count ? count : "", rules_russian_day(arena, facts->oldest_day), facts->organisation_lines, next);
}

static void
campaign_ready_words(struct arena *arena, const struct notice_facts *facts, struct notice_words *words)
{
    words->title = arena_format(arena, "Рассылка готова: %s", facts->round_name);
    words->text =
        *facts->words
            ? arena_format(arena,
                           "Открылся период сбора «%s», срок — %s. Рассылка о нём готова и уйдёт сама %s %s. "
                           "До этого её можно изменить, отправить раньше или удалить: «Рассылка».",
                           facts->round_name, rules_russian_day(arena, facts->due_day), facts->words, facts->zone_words)
            : arena_format(arena,
                           "Открылся период сбора «%s», срок — %s. Рассылка о нём готова и ждёт, когда вы её "
                           "проверите и отправите: «Рассылка».",
                           facts->round_name, rules_russian_day(arena, facts->due_day));
}

bool
rules_notice_words(struct arena *arena, const struct notice_facts *facts, struct notice_words *ret_words)
{
    static void (*const writers[])(struct arena *, const struct notice_facts *, struct notice_words *) = {
        [NOTICE_DUE_SOON] = due_soon_words,
        [NOTICE_DUE_TODAY] = due_today_words,
        [NOTICE_OVERDUE] = overdue_words,
        [NOTICE_OVERDUE_BELOW] = overdue_below_words,
        [NOTICE_REJECTED] = rejected_words,
        [NOTICE_SENT] = sent_words,
        [NOTICE_REMARK] = remark_words,
        [NOTICE_UNANSWERED] = unanswered_words,
        [NOTICE_CAMPAIGN_READY] = campaign_ready_words,
    };
    *ret_words = (struct notice_words){NULL, NULL};
    writers[facts->kind](arena, facts, ret_words);
    return ret_words->title && ret_words->text;
}

const char *
rules_organisation_line(struct arena *arena, uint64_t number, const char *name, uint64_t items)
{
    if (number > ORGANISATION_LINES_MAX)
        return "";
    if (number == ORGANISATION_LINES_MAX)
        return "— и другие: полный список в отчёте по предоставленным данным\n";
    return arena_format(arena, "— %s: %llu %s\n", name, (unsigned long long)items,
                        text_plural(items, "показатель", "показателя", "показателей"));
}

const char *
rules_unanswered_line(struct arena *arena, uint64_t number, const struct unanswered_line *line)
{
    if (number > UNANSWERED_LINES_MAX)
        return "";
    if (number == UNANSWERED_LINES_MAX)
        return line->is_for_reviewer ? "— и другие: всё — в очереди\n" : "— и другие: все — в отчёте\n";
    const char *whose = "";
    if (!line->is_for_reviewer && rules_is_for_curators(line->reviewer))
        whose = *line->curators ? arena_format(arena, ", куратор %s", line->curators) : ", куратор не назначен";
    const char *count = answers_words(arena, line->items);
    if (!whose || !count)
        return NULL;
    return arena_format(arena, "— %s%s: %s, с %s\n", line->organisation_name, whose, count,
                        rules_russian_day(arena, line->sent_on));
}

int64_t
rules_retry_delay_s(unsigned attempts)
{
    const int64_t longest_s = 6 * 3600;
    int64_t delay_s = 60;
    for (unsigned i = 1; i < attempts && delay_s < longest_s; i++)
        delay_s *= 4;
    return delay_s < longest_s ? delay_s : longest_s;
}

bool
rules_is_final_refusal(long smtp_code)
{
    return smtp_code >= 500 && smtp_code < 600;
}
