// Words of the one letter a day about due dates: no I/O.
#include "rules_digest.h"

#include <stdlib.h>
#include <string.h>

#include "vekha/base/text.h"

enum { TEXT_LIMIT_BYTES = 256 * 1024 };

enum notice_kind
rules_kind_of_days(int days_left, bool for_coordinators)
{
    if (for_coordinators)
        return NOTICE_OVERDUE_BELOW;
    if (days_left > 0)
        return NOTICE_DUE_SOON;
    return days_left == 0 ? NOTICE_DUE_TODAY : NOTICE_OVERDUE;
}

static bool
is_same_due(const struct due_line *one, const struct due_line *other)
{
    return strcmp(one->round_id, other->round_id) == 0 && strcmp(one->due_day, other->due_day) == 0;
}

static bool
is_one_due(const struct due_line *lines, size_t count)
{
    for (size_t i = 1; i < count; i++)
        if (!is_same_due(&lines[0], &lines[i]))
            return false;
    return true;
}

static const char *
text_of(struct arena *arena, struct buffer *buffer)
{
    const char *text = buffer->overflowed ? NULL : arena_format(arena, "%s", buffer->data ? buffer->data : "");
    buffer_done(buffer);
    return text;
}

static void
add_late(struct buffer *text, const char *late)
{
    if (*late)
        buffer_add_format(text, " Напоминание за %s.", late);
}

// «— Район 1: 12 организаций, 80 показателей»
static void
add_organisation(struct arena *arena, struct buffer *text, uint64_t number, const struct due_line *line, bool is_region)
{
    const char *name = line->organisation_name;
    if (is_region && number < ORGANISATION_LINES_MAX)
        name = arena_format(arena, "%s, %llu %s", name, (unsigned long long)line->organisations,
                            text_plural(line->organisations, "организация", "организации", "организаций"));
    const char *words = name ? rules_organisation_line(arena, number, name, line->items) : NULL;
    buffer_add_text(text, words ? words : "");
}

// «Срок прошёл 25.09.2026» and the like.
static void
add_due(struct arena *arena, struct buffer *text, const struct due_line *line)
{
    const char *day = rules_russian_day(arena, line->due_day);
    unsigned days = (unsigned)abs(line->days_left);
    if (line->days_left < 0)
        buffer_add_format(text, "Срок прошёл %s", day);
    else if (line->days_left == 0)
        buffer_add_format(text, "Срок сегодня, %s", day);
    else
        buffer_add_format(text, "%s %u %s, срок %s", text_plural(days, "Остался", "Осталось", "Осталось"), days,
                          text_plural(days, "день", "дня", "дней"), day);
}

static uint64_t
sum_of(const struct due_line *lines, size_t count, int sign)
{
    uint64_t items = 0;
    for (size_t i = 0; i < count; i++)
        if ((lines[i].days_left > 0) - (lines[i].days_left < 0) == sign)
            items += lines[i].items;
    return items;
}

static const char *
several_title(struct arena *arena, const struct due_line *lines, size_t count)
{
    static const struct {
        int sign;
        const char *words;
    } PARTS[] = {{-1, "просрочено"}, {0, "сегодня"}, {1, "впереди"}};
    struct buffer title;
    buffer_init(&title, TEXT_LIMIT_BYTES);
    buffer_add_text(&title, "Сроки показателей:");
    bool is_first = true;
    for (size_t i = 0; i < sizeof PARTS / sizeof PARTS[0]; i++) {
        uint64_t items = sum_of(lines, count, PARTS[i].sign);
        if (items == 0)
            continue;
        buffer_add_format(&title, "%s %s %llu", is_first ? "" : ",", PARTS[i].words, (unsigned long long)items);
        is_first = false;
    }
    return text_of(arena, &title);
}

static const char *
respondent_text(struct arena *arena, const struct due_line *lines, size_t count)
{
    struct buffer text;
    buffer_init(&text, TEXT_LIMIT_BYTES);
    buffer_add_format(&text, "%s\n", lines[0].organisation_name);
    for (size_t i = 0; i < count; i++) {
        buffer_add_text(&text, "— ");
        add_due(arena, &text, &lines[i]);
        buffer_add_format(&text, ": %s, %llu %s.", lines[i].round_name, (unsigned long long)lines[i].items,
                          text_plural(lines[i].items, "показатель", "показателя", "показателей"));
        add_late(&text, lines[i].late);
        buffer_add_char(&text, '\n');
    }
    buffer_add_format(&text, "Срок дня — до 23:59:59 %s.\nЗаполните показатели и отправьте их на проверку.",
                      lines[0].zone_words);
    return text_of(arena, &text);
}

static const char *
coordinator_text(struct arena *arena, const struct due_line *lines, size_t count, bool is_region)
{
    struct buffer text;
    buffer_init(&text, TEXT_LIMIT_BYTES);
    buffer_add_text(&text, "Показатели отправили не все организации вашей территории.\n");
    for (size_t i = 0; i < count; i++) {
        if (i == 0 || !is_same_due(&lines[i - 1], &lines[i])) {
            buffer_add_char(&text, '\n');
            add_due(arena, &text, &lines[i]);
            buffer_add_format(&text, ", 23:59:59 %s: %s.", lines[i].zone_words, lines[i].round_name);
            add_late(&text, lines[i].late);
            buffer_add_char(&text, '\n');
        }
        add_organisation(arena, &text, (uint64_t)i + 1, &lines[i], is_region);
    }
    buffer_add_text(&text, "\nСвяжитесь с исполнителями: контакты — в отчёте по предоставленным данным.");
    return text_of(arena, &text);
}

static bool
words_of_one(struct arena *arena, const char *level, const struct due_line *lines, size_t count,
             struct digest_words *words)
{
    bool is_region = strcmp(level, "region") == 0;
    struct notice_facts facts = {
        .kind = words->kind,
        .day_offset = -lines[0].days_left,
        .organisation_name = lines[0].organisation_name,
        .round_name = lines[0].round_name,
        .due_day = lines[0].due_day,
        .zone_words = lines[0].zone_words,
        .items = lines[0].items,
    };
    struct buffer list;
    buffer_init(&list, TEXT_LIMIT_BYTES);
    for (size_t i = 0; words->kind == NOTICE_OVERDUE_BELOW && i < count; i++) {
        facts.organisations += lines[i].organisations;
        add_organisation(arena, &list, (uint64_t)i + 1, &lines[i], is_region);
    }
    facts.organisation_lines = text_of(arena, &list);
    struct notice_words one;
    if (!facts.organisation_lines || !rules_notice_words(arena, &facts, &one))
        return false;
    words->title = one.title;
    words->text = *lines[0].late ? arena_format(arena, "%s\nНапоминание за %s.", one.text, lines[0].late) : one.text;
    return words->text != NULL;
}

static const char *
letter_of(struct arena *arena, const char *text, bool is_respondent, const struct due_line *lines, size_t count,
          const char *cabinet_address)
{
    enum { LINKS_MAX = 20 };
    const char *page = is_respondent ? "/indicators" : "/reports/start";
    size_t links = 0;
    struct buffer letter;
    buffer_init(&letter, TEXT_LIMIT_BYTES);
    buffer_add_format(&letter, "%s\n", text);
    for (size_t i = 0; i < count && links < LINKS_MAX; i++) {
        size_t before = 0;
        while (before < i && strcmp(lines[before].round_id, lines[i].round_id) != 0)
            before++;
        if (before < i)
            continue;
        links++;
        buffer_add_format(&letter, "\n%s: %s%s?round=%s", lines[i].round_name, cabinet_address, page,
                          lines[i].round_id);
    }
    return text_of(arena, &letter);
}

bool
rules_digest_words(struct arena *arena, const char *level, const struct due_line *lines, size_t count,
                   const char *cabinet_address, struct digest_words *ret_words)
{
    bool is_respondent = strcmp(level, "respondent") == 0, is_one = is_one_due(lines, count);
    // The first line is the most pressing: they stand by due day.
    *ret_words = (struct digest_words){.kind = rules_kind_of_days(lines[0].days_left, !is_respondent)};
    if (is_one && !words_of_one(arena, level, lines, count, ret_words))
        return false;
    if (!is_one) {
        ret_words->title = several_title(arena, lines, count);
        ret_words->text = is_respondent ? respondent_text(arena, lines, count)
                                        : coordinator_text(arena, lines, count, strcmp(level, "region") == 0);
    }
    if (!ret_words->text || !ret_words->title)
        return false;
    ret_words->letter = *cabinet_address
                            ? letter_of(arena, ret_words->text, is_respondent, lines, count, cabinet_address)
                            : ret_words->text;
    return ret_words->letter != NULL;
}
