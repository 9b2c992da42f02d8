// Words of a monthly campaign.
#include "rules_campaign.h"

#include <stdbool.h>
#include <stdio.h>

#include "rules.h"
#include "vekha/base/text.h"

enum { LETTER_BYTES_MAX = 512 * 1024 };

static const char group_heading[] = "Наименование группы показателей";
static const char indicators_heading[] = "Количество показателей";
static const char participants_heading[] = "Участники мониторинга";
static const char total_heading[] = "Итого";

static char *
finish(struct arena *arena, struct buffer *out)
{
    char *text = out->overflowed ? NULL : arena_copy_bytes(arena, out->data, out->size);
    buffer_done(out);
    return text;
}

static const char *
some_participants(struct arena *arena, const struct campaign_asked *asked)
{
    struct buffer out;
    buffer_init(&out, LETTER_BYTES_MAX);
    buffer_add_format(&out, "%llu %s", (unsigned long long)asked->organisations,
                      text_plural(asked->organisations, "организация", "организации", "организаций"));
    for (size_t i = 0; i < asked->name_count; i++) {
        buffer_add_text(&out, i == 0 ? ": " : ", ");
        buffer_add_text(&out, asked->names[i]);
    }
    if (asked->name_count > 0 && asked->organisations > asked->name_count)
        buffer_add_format(&out, " и ещё %llu", (unsigned long long)(asked->organisations - asked->name_count));
    return finish(arena, &out);
}

const char *
rules_campaign_participants(struct arena *arena, const struct campaign_asked *asked)
{
    bool all_schools = asked->schools > 0 && asked->schools >= asked->all_schools;
    bool all_authorities = asked->authorities > 0 && asked->authorities >= asked->all_authorities;
    if (asked->schools + asked->authorities == asked->organisations) {
        if (all_schools && all_authorities)
            return "Все МОУО и все общеобразовательные организации";
        if (all_schools && asked->authorities == 0)
            return "Все общеобразовательные организации";
        if (all_authorities && asked->schools == 0)
            return "Все МОУО";
    }
    return some_participants(arena, asked);
}

uint64_t
rules_campaign_indicators(const struct campaign_row *rows, size_t count)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += rows[i].indicators;
    return sum;
}

const char *
rules_campaign_subject(struct arena *arena, const char *round_name, const char *due_on)
{
    return arena_format(arena, "%s: показатели к заполнению до %s", round_name, rules_russian_day(arena, due_on));
}

const char *
rules_campaign_text(struct arena *arena, const struct campaign_facts *facts)
{
    struct buffer out;
    buffer_init(&out, LETTER_BYTES_MAX);
    if (*facts->words)
        buffer_add_format(&out, "%s\n\n", facts->words);
    buffer_add_format(&out, "%s. Показатели, необходимые к заполнению в срок до %s включительно.\n\n",
                      facts->round_name, rules_russian_day(arena, facts->due_on));
    for (size_t i = 0; i < facts->row_count; i++)
        buffer_add_format(&out, "%zu. %s\n   %s: %llu\n   %s: %s\n\n", i + 1, facts->rows[i].title, indicators_heading,
                          (unsigned long long)facts->rows[i].indicators, participants_heading,
                          facts->rows[i].participants);
    buffer_add_format(&out, "%s: %llu\n", total_heading,
                      (unsigned long long)rules_campaign_indicators(facts->rows, facts->row_count));
    if (*facts->cabinet_address)
        buffer_add_format(&out, "\nЛичный кабинет: %s\n", facts->cabinet_address);
    buffer_add_format(&out, "\n%s%s%s\n", facts->author_name,
                      *facts->author_name && *facts->author_organisation ? "\n" : "", facts->author_organisation);
    return finish(arena, &out);
}

// Line ends become <br>, what means something in HTML becomes harmless.
static void
add_escaped(struct buffer *out, const char *text)
{
    for (; *text; text++) {
        const char *instead = NULL;
        if (*text == '&')
            instead = "&amp;";
        else if (*text == '<')
            instead = "&lt;";
        else if (*text == '>')
            instead = "&gt;";
        else if (*text == '"')
            instead = "&quot;";
        else if (*text == '\n')
            instead = "<br>\n";
        if (instead)
            buffer_add_text(out, instead);
        else if (*text != '\r')
            buffer_add_char(out, *text);
    }
}

static void
add_cell(struct buffer *out, const char *tag, const char *text)
{
    buffer_add_format(out, "<%s style=\"border:1px solid #767676;padding:6px 8px;text-align:left\">", tag);
    add_escaped(out, text);
    buffer_add_format(out, "</%s>", tag);
}

static void
add_table(struct buffer *out, const struct campaign_facts *facts)
{
    char number[24];
    buffer_add_text(out, "<table style=\"border-collapse:collapse\">\n<thead><tr>");
    add_cell(out, "th", group_heading);
    add_cell(out, "th", indicators_heading);
    add_cell(out, "th", participants_heading);
    buffer_add_text(out, "</tr></thead>\n<tbody>\n");
    for (size_t i = 0; i < facts->row_count; i++) {
        (void)snprintf(number, sizeof number, "%llu", (unsigned long long)facts->rows[i].indicators);
        buffer_add_text(out, "<tr>");
        add_cell(out, "td", facts->rows[i].title);
        add_cell(out, "td", number);
        add_cell(out, "td", facts->rows[i].participants);
        buffer_add_text(out, "</tr>\n");
    }
    (void)snprintf(number, sizeof number, "%llu",
                   (unsigned long long)rules_campaign_indicators(facts->rows, facts->row_count));
    buffer_add_text(out, "<tr>");
    add_cell(out, "th", total_heading);
    add_cell(out, "th", number);
    add_cell(out, "td", "");
    buffer_add_text(out, "</tr>\n</tbody></table>\n");
}

const char *
rules_campaign_html(struct arena *arena, const struct campaign_facts *facts)
{
    struct buffer out;
    buffer_init(&out, LETTER_BYTES_MAX);
    buffer_add_text(&out, "<!DOCTYPE html>\n<html lang=\"ru\"><head><meta charset=\"utf-8\"><title>");
    add_escaped(&out, facts->round_name);
    buffer_add_text(&out, "</title></head><body>\n");
    if (*facts->words) {
        buffer_add_text(&out, "<p>");
        add_escaped(&out, facts->words);
        buffer_add_text(&out, "</p>\n");
    }
    buffer_add_text(&out, "<p>");
    add_escaped(&out, facts->round_name);
    buffer_add_text(&out, ". Показатели, необходимые к заполнению в срок до ");
    add_escaped(&out, rules_russian_day(arena, facts->due_on));
    buffer_add_text(&out, " включительно.</p>\n");
    add_table(&out, facts);
    if (*facts->cabinet_address) {
        buffer_add_text(&out, "<p><a href=\"");
        add_escaped(&out, facts->cabinet_address);
        buffer_add_text(&out, "\">Личный кабинет</a></p>\n");
    }
    buffer_add_text(&out, "<p>");
    add_escaped(&out, facts->author_name);
    buffer_add_text(&out, *facts->author_name && *facts->author_organisation ? "<br>\n" : "");
    add_escaped(&out, facts->author_organisation);
    buffer_add_text(&out, "</p>\n</body></html>\n");
    return finish(arena, &out);
}
