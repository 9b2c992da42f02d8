// Decisions and words of messages: no I/O.
#include "rules_messages.h"

#include <string.h>

#include "rules.h"
#include "vekha/base/text.h"
#include "vekha/base/time.h"

static bool
is_one_of(const char *text, const char *const *list)
{
    for (; *list; list++)
        if (strcmp(text, *list) == 0)
            return true;
    return false;
}

bool
rules_is_message_kind(const char *kind)
{
    return is_one_of(kind, (const char *const[]){"announcement", "consultation", "letter", "order", NULL});
}

bool
rules_is_signed(const char *kind)
{
    return is_one_of(kind, (const char *const[]){"letter", "order", NULL});
}

bool
rules_is_consultation(const char *kind)
{
    return strcmp(kind, "consultation") == 0;
}

bool
rules_is_level(const char *level)
{
    return is_one_of(
        level, (const char *const[]){"region", "municipality", "operator", "curator", "authority", "school", NULL});
}

bool
rules_is_hour(const char *text)
{
    static const char digits[] = "0123456789";
    return strlen(text) == 5 && strspn(text, digits) == 2 && text[2] == ':' && strspn(text + 3, digits) == 2 &&
           (text[0] - '0') * 10 + (text[1] - '0') < 24 && text[3] < '6';
}

static bool
is_plain(const char *text)
{
    for (; *text; text++)
        if ((unsigned char)*text <= ' ' || strchr("\\\"'<>`", *text))
            return false;
    return true;
}

bool
rules_is_own_address(const char *address)
{
    return address[0] == '/' && address[1] != '/' && is_plain(address);
}

bool
rules_is_link(const char *link)
{
    const char *rest = strncmp(link, "https://", 8) == 0 ? link + 8 : strncmp(link, "http://", 7) == 0 ? link + 7 : "";
    return *rest && *rest != '/' && is_plain(link);
}

static const char *
name_of(struct arena *arena, const struct message_facts *facts)
{
    const char *day = rules_russian_day(arena, facts->dated_on);
    if (!day)
        return NULL;
    if (strcmp(facts->kind, "order") == 0)
        return arena_format(arena, "Приказ от %s № %s", day, facts->number);
    if (strcmp(facts->kind, "letter") == 0)
        return arena_format(arena, "Письмо от %s № %s", day, facts->number);
    return rules_is_consultation(facts->kind) ? "Консультация" : "Объявление";
}

static const char *
title_of(struct arena *arena, const struct message_facts *facts, const char *name)
{
    if (strcmp(facts->about, "recalled") == 0)
        return arena_format(arena, "Отозвано. %s: %s", name, facts->subject);
    if (strcmp(facts->about, "day_before") == 0)
        return arena_format(arena, "Консультация завтра в %s: %s", facts->starts_time, facts->subject);
    if (strcmp(facts->about, "hour_before") == 0)
        return arena_format(arena, "Консультация через час: %s", facts->subject);
    return arena_format(arena, "%s: %s", name, facts->subject);
}

bool
rules_message_words(struct arena *arena, const struct message_facts *facts, struct message_words *ret_words)
{
    const char *name = name_of(arena, facts);
    const char *when = "", *passed = "", *recalled = "", *ask = "";
    if (!name)
        return false;
    if (rules_is_consultation(facts->kind))
        when = arena_format(arena, "\nНачало: %s в %s %s.", rules_russian_day(arena, facts->starts_on),
                            facts->starts_time, facts->zone_words);
    if (*facts->passed_by && strcmp(facts->about, "passed") == 0)
        passed = arena_format(arena, "\nДо вашего сведения: %s%s%s", facts->passed_by, *facts->passed_words ? "\n" : "",
                              facts->passed_words);
    if (strcmp(facts->about, "recalled") == 0)
        recalled = arena_format(arena, "\nАвтор отозвал: %s", facts->recall_reason);
    else if (facts->asks_acknowledgement)
        ask = "\nАвтор просит отметить «Ознакомлен».";
    if (!when || !passed || !recalled)
        return false;
    ret_words->title = title_of(arena, facts, name);
    ret_words->text = arena_format(arena, "%s\n%s%s%s%s%s%s%s", facts->subject, facts->author_organisation,
                                   *facts->author_organisation && *facts->author_name ? ", " : "", facts->author_name,
                                   when, passed, recalled, ask);
    return ret_words->title && ret_words->text;
}

// Text values escape what has a meaning in the format.
static void
add_escaped(struct buffer *out, const char *text)
{
    for (; *text; text++) {
        if (*text == '\n') {
            buffer_add_text(out, "\\n");
            continue;
        }
        if (*text == '\\' || *text == ';' || *text == ',')
            buffer_add_char(out, '\\');
        if ((unsigned char)*text >= ' ')
            buffer_add_char(out, *text);
    }
}

// Lines end with CR LF and have at most 75 octets; the rest goes on after a space, never within a character.
static void
add_folded(struct buffer *out, const char *line)
{
    enum { LINE_BYTES = 74 };
    size_t used = 0;
    for (; *line; line++) {
        bool begins_character = ((unsigned char)*line & 0xC0) != 0x80;
        if (begins_character && used >= LINE_BYTES - 3) {
            buffer_add_text(out, "\r\n ");
            used = 1;
        }
        buffer_add_char(out, *line);
        used++;
    }
    buffer_add_text(out, "\r\n");
}

static void
add_text_line(struct buffer *out, struct buffer *line, const char *name, const char *value)
{
    buffer_reset(line);
    buffer_add_text(line, name);
    buffer_add_char(line, ':');
    add_escaped(line, value);
    add_folded(out, line->data);
}

// 2021-04-02T11:30:00.000Z -> 20210402T113000Z
static const char *
calendar_time(struct arena *arena, int64_t ms)
{
    char text[25];
    time_format_utc(ms, text);
    return arena_format(arena, "%.4s%.2s%.2sT%.2s%.2s%.2sZ", text, text + 5, text + 8, text + 11, text + 14, text + 17);
}

const char *
rules_calendar(struct arena *arena, const struct calendar_facts *facts)
{
    enum { CALENDAR_BYTES = 32 * 1024, MINUTE_MS = 60 * 1000 };
    const char *stamp = calendar_time(arena, facts->now_ms), *starts = calendar_time(arena, facts->starts_ms);
    const char *ends = calendar_time(arena, facts->starts_ms + (int64_t)facts->duration_minutes * MINUTE_MS);
    const char *place = *facts->cabinet_address
                            ? arena_format(arena, "%s/messages/%s", facts->cabinet_address, facts->message_id)
                            : "Веха";
    const char *description = arena_format(arena, "Код доступа — в кабинете: %s", place);
    if (!stamp || !starts || !ends || !place || !description)
        return NULL;
    struct buffer out, line;
    buffer_init(&out, CALENDAR_BYTES);
    buffer_init(&line, CALENDAR_BYTES);
    buffer_add_text(&out, "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Vekha//messages//RU\r\nMETHOD:PUBLISH\r\n"
                          "BEGIN:VEVENT\r\n");
    buffer_add_format(&out, "UID:%s@vekha\r\nSEQUENCE:%u\r\nDTSTAMP:%s\r\nDTSTART:%s\r\nDTEND:%s\r\n",
                      facts->message_id, facts->version, stamp, starts, ends);
    add_text_line(&out, &line, "SUMMARY", facts->subject);
    add_text_line(&out, &line, "DESCRIPTION", description);
    if (*facts->link) {
        add_text_line(&out, &line, "LOCATION", facts->link);
        buffer_reset(&line);
        buffer_add_format(&line, "URL:%s", facts->link);
        add_folded(&out, line.data);
    }
    buffer_add_text(&out, facts->is_cancelled ? "STATUS:CANCELLED\r\n" : "STATUS:CONFIRMED\r\n");
    buffer_add_text(&out, "END:VEVENT\r\nEND:VCALENDAR\r\n");
    const char *text = out.overflowed || line.overflowed || out.is_starved ? NULL : arena_copy(arena, out.data);
    buffer_done(&out);
    buffer_done(&line);
    return text;
}
