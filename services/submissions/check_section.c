// Sections of a programme file, their due dates, the columns of tables, and who judges.
#include "check_section.h"

#include <string.h>

#include "check_programme.h"
#include "rules_due.h"

static bool
is_one_of(const char *word, const char *const *words)
{
    while (*words && strcmp(*words, word) != 0)
        words++;
    return *words != NULL;
}

enum status
check_due(struct call *call, const char *parent, const Submissions__Due *due)
{
    static const struct {
        const char *field;
        struct message message;
    } WORDS[] = {
        [DUE_UNKNOWN_KIND] =
            {"due.kind",
             {"unknown_due_kind",
              "Вид срока: by_executor, exact, not_later, by_schedule, relative_year, recurring, quarter "
              "или period; пусто — срок периода сбора.",
              "A due is by_executor, exact, not_later, by_schedule, relative_year, recurring, quarter or "
              "period; empty is the round's."}},
        [DUE_ON_MISSING] = {"due.on", {"required", "Укажите день.", "Name the day."}},
        [DUE_FROM_MISSING] = {"due.from",
                              {"required", "Укажите первый день периода, не позже последнего.",
                               "Name the first day of the period, not after its last."}},
        [DUE_OWNER_MISSING] = {"due.owner", {"required", "Назовите, чей это график.", "Say whose schedule it is."}},
        [DUE_DAY_WRONG] = {"due.day", {"not_a_day", "Такого дня в году нет.", "The year has no such day."}},
        [DUE_QUARTER_WRONG] = {"due.quarter", {"not_a_quarter", "Квартал: от 1 до 4.", "A quarter is 1 to 4."}},
        [DUE_EVERY_UNKNOWN] = {"due.every",
                               {"unknown_period", "Повторение: month, quarter или year.",
                                "It comes again every month, quarter or year."}},
    };
    if (!due)
        return STATUS_OK;
    struct due read = {
        .kind = due->kind,
        .on = due->on,
        .from = due->from,
        .until = due->until,
        .owner = due->owner,
        .every = due->every,
        .month = due->month,
        .day = due->day,
        .quarter = due->quarter,
        .year_offset = due->year_offset,
    };
    enum due_problem problem = rules_check_due(&read);
    return problem == DUE_GOOD ? STATUS_OK : fail_at(call, parent, WORDS[problem].field, &WORDS[problem].message);
}

enum status
check_form(struct call *call, const char *parent, const Submissions__Form *form)
{
    static const struct message NOT_AN_ADDRESS = {"not_an_address", "Адрес страницы начинается с https:// или http://.",
                                                  "The address of a page begins with https:// or http://."};
    if (!form || !*form->address || strncmp(form->address, "https://", 8) == 0 ||
        strncmp(form->address, "http://", 7) == 0)
        return STATUS_OK;
    return fail_at(call, parent, "form.address", &NOT_AN_ADDRESS);
}

enum status
check_columns(struct call *call, const char *parent, const Submissions__Item *item)
{
    static const struct message NO_COLUMNS = {"required", "Назовите столбцы таблицы.",
                                              "Name the columns of the table."};
    static const struct message NOT_A_TABLE = {"not_a_table", "Столбцы бывают только у таблицы.",
                                               "Only a table has columns."};
    static const struct message UNKNOWN_KIND = {"unknown_column_kind", "Столбец: text или number.",
                                                "A column is text or number."};
    static const char *const KINDS[] = {"", "text", "number", NULL};
    bool is_table = rules_kind_named(item->value_kind) == KIND_TABLE;
    if (is_table != (item->n_columns > 0))
        return fail_at(call, parent, "columns", is_table ? &NO_COLUMNS : &NOT_A_TABLE);
    enum status status = STATUS_OK;
    for (size_t i = 0; i < item->n_columns; i++) {
        const char *field = arena_format(call->arena, "columns[%zu].kind", i);
        if (!field)
            return STATUS_TOO_LARGE;
        if (!is_one_of(item->columns[i]->kind, KINDS))
            status = fail_at(call, parent, field, &UNKNOWN_KIND);
    }
    return status;
}

static bool
stands_before(const Submissions__LoadProgrammeRequest *file, size_t limit, const char *code)
{
    for (size_t i = 0; i < limit; i++)
        if (strcmp(file->sections[i]->code, code) == 0)
            return true;
    return false;
}

// A section depends on earlier ones only: so there is no circle.
static enum status
check_section(struct call *call, const Submissions__LoadProgrammeRequest *file, size_t number)
{
    static const struct message UNKNOWN_SIGNIFICANCE = {"unknown_significance", "Значимость: high, medium или low.",
                                                        "Significance is high, medium or low."};
    static const struct message NOT_BEFORE = {"not_before", "Раздела с таким кодом выше в файле нет.",
                                              "No section above this one has this code."};
    static const char *const SIGNIFICANCES[] = {"", "high", "medium", "low", NULL};
    const Submissions__Section *section = file->sections[number];
    const char *path = arena_format(call->arena, "sections[%zu]", number);
    if (!path)
        return STATUS_TOO_LARGE;
    enum status status = check_due(call, path, section->due);
    if (!is_one_of(section->significance, SIGNIFICANCES))
        status = fail_at(call, path, "significance", &UNKNOWN_SIGNIFICANCE);
    for (size_t i = 0; i < section->n_depends_on; i++) {
        const char *field = arena_format(call->arena, "dependsOn[%zu]", i);
        if (!field)
            return STATUS_TOO_LARGE;
        if (!stands_before(file, number, section->depends_on[i]))
            status = fail_at(call, path, field, &NOT_BEFORE);
    }
    return status;
}

enum status
check_answering(struct call *call, const Submissions__Answering *answering)
{
    static const struct message UNKNOWN_RECIPIENT = {"unknown_recipient", "Кому: reviewer, municipality или region.",
                                                     "It goes to reviewer, municipality or region."};
    static const struct message NOT_LATER = {"not_later", "Каждый шаг выше и позже предыдущего.",
                                             "Each step goes higher and later than the one before."};
    static const char *const RECIPIENTS[] = {"reviewer", "municipality", "region"};
    enum { RECIPIENT_COUNT = sizeof RECIPIENTS / sizeof RECIPIENTS[0] };
    enum status status = STATUS_OK;
    size_t next = 0;
    uint32_t days = 0;
    for (size_t i = 0; answering && i < answering->n_steps; i++) {
        const Submissions__AnsweringStep *step = answering->steps[i];
        const char *path = arena_format(call->arena, "answering.steps[%zu]", i);
        size_t level = 0;
        if (!path)
            return STATUS_TOO_LARGE;
        while (level < RECIPIENT_COUNT && strcmp(RECIPIENTS[level], step->to) != 0)
            level++;
        if (level == RECIPIENT_COUNT)
            status = fail_at(call, path, "to", &UNKNOWN_RECIPIENT);
        else if (level < next)
            status = fail_at(call, path, "to", &NOT_LATER);
        else if (step->after_working_days <= days)
            status = fail_at(call, path, "afterWorkingDays", &NOT_LATER);
        next = level + 1;
        days = step->after_working_days;
    }
    return status;
}

enum status
check_sections(struct call *call, const Submissions__LoadProgrammeRequest *file)
{
    static const struct message UNKNOWN_REVIEWER = {"unknown_reviewer", "Проверяет operator или curator.",
                                                    "The reviewer is operator or curator."};
    static const struct message UNKNOWN_WORD = {
        "unknown_word", "Слово для: section, sections, item, items, reviewer, accept, reject, respondent.",
        "Words are for section, sections, item, items, reviewer, accept, reject, respondent."};
    static const char *const REVIEWERS[] = {"", "operator", "curator", NULL};
    static const char *const KEYS[] = {"section", "sections", "item",       "items", "reviewer",
                                       "accept",  "reject",   "respondent", NULL};
    enum status status = STATUS_OK;
    if (!is_one_of(file->reviewer, REVIEWERS))
        status = fail_field(call, "reviewer", &UNKNOWN_REVIEWER);
    for (size_t i = 0; i < file->n_words; i++) {
        const char *path = arena_format(call->arena, "words[%zu]", i);
        if (!path)
            return STATUS_TOO_LARGE;
        if (!is_one_of(file->words[i]->key, KEYS))
            status = fail_at(call, path, "key", &UNKNOWN_WORD);
    }
    for (size_t i = 0; i < file->n_sections; i++) {
        enum status found = check_section(call, file, i);
        status = found == STATUS_OK ? status : found;
    }
    return status;
}
