// Words of a reminder that a coordinator sends: no I/O.
#include "rules_reminder.h"

#include <string.h>

#include "vekha/base/text.h"

static const struct {
    const char *state, *words;
} STATES[] = {
    {"not_started", ""},
    {"in_work", " Начато, но не отправлено."},
    {"returned", " Возвращено на доработку."},
    {"not_activated", " Плановая дата не поставлена."},
    {"not_chosen", "Направления ещё не выбраны."},
};
enum { STATE_COUNT = sizeof STATES / sizeof STATES[0], TEXT_LIMIT_BYTES = 600 * 1024 };

static const char *
words_of(const char *state)
{
    for (size_t i = 0; i < STATE_COUNT; i++)
        if (strcmp(STATES[i].state, state) == 0)
            return STATES[i].words;
    return NULL;
}

bool
rules_is_reminder_state(const char *state)
{
    return words_of(state) != NULL;
}

// «Направление. Вопрос. Возвращено на доработку. Срок 25.09.2020.»
static const char *
item_line(struct arena *arena, size_t number, const struct reminder_item *item)
{
    const char *words = words_of(item->state);
    const char *due = *item->due_on ? arena_format(arena, " Срок %s.", rules_russian_day(arena, item->due_on)) : "";
    const char *what = *item->section_title && *item->question
                           ? arena_format(arena, "%s — %s", item->section_title, item->question)
                           : arena_format(arena, "%s%s", item->section_title, item->question);
    if (!what || !due || !words)
        return NULL;
    size_t length = strlen(what);
    bool ends = length == 0 || strchr(".?!", what[length - 1]) != NULL;
    return arena_format(arena, "%zu. %s%s%s%s\n", number, what, ends ? "" : ".", words, due);
}

const char *
rules_reminder_text(struct arena *arena, const struct reminder_facts *facts)
{
    struct buffer text;
    buffer_init(&text, TEXT_LIMIT_BYTES);
    bool is_whole = true;
    for (size_t i = 0; i < facts->count; i++) {
        const char *line = item_line(arena, i + 1, &facts->items[i]);
        is_whole = is_whole && line;
        buffer_add_text(&text, line ? line : "");
    }
    const char *whole = arena_format(arena,
                                     "Период сбора: %s. По данным на %s, %s %s, ваша организация ещё не отправила:\n\n"
                                     "%s\nЗаполните это и отправьте на проверку.",
                                     facts->round_name, rules_russian_day(arena, facts->day), facts->hour,
                                     facts->zone_words, text.data ? text.data : "");
    buffer_done(&text);
    return is_whole ? whole : NULL;
}
