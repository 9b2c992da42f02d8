// Reading of delivery status notifications, line by line. The parts that matter may not be encoded (RFC 3464, 2.1 and
// 2.2), so no MIME is undone.
#include "dsn.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "vekha/base/text.h"

enum { LINE_BYTES = 1000, MAIL_ID_CHARS = 36 };

enum part { PART_REPORT, PART_UNKNOWN, PART_OTHER, PART_STATUS, PART_LETTER };

struct reading {
    const char *next, *end;
    char line[LINE_BYTES]; // unfolded, without its end; what is too long is cut
    bool is_header;        // of the report or of a part, not what comes after its empty line
    enum part part;
    char status[16];
    bool has_letter;
};

// With the lines that continue it (RFC 5322, 2.2.3). False at the end.
static bool
take_line(struct reading *reading)
{
    size_t size = 0;
    if (reading->next == reading->end)
        return false;
    do {
        const char *end = memchr(reading->next, '\n', (size_t)(reading->end - reading->next));
        const char *line_end = end ? end : reading->end;
        for (const char *c = reading->next; c < line_end; c++)
            if (size < sizeof reading->line - 1 && *c != '\r' && *c != '\0')
                reading->line[size++] = *c == '\t' ? ' ' : *c;
        reading->next = end ? end + 1 : reading->end;
    } while (size > 0 && reading->next < reading->end && (*reading->next == ' ' || *reading->next == '\t'));
    reading->line[size] = '\0';
    return true;
}

// NULL: the line is another field.
static const char *
value_of(const struct reading *reading, const char *field)
{
    size_t size = strlen(field);
    if (strncasecmp(reading->line, field, size) != 0 || reading->line[size] != ':')
        return NULL;
    const char *value = reading->line + size + 1;
    return value + strspn(value, " ");
}

static enum part
part_of(const char *content_type)
{
    static const struct {
        const char *type;
        enum part part;
    } known[] = {
        {"message/delivery-status", PART_STATUS}, {"message/global-delivery-status", PART_STATUS}, // RFC 6533
        {"message/rfc822", PART_LETTER},          {"message/global", PART_LETTER},
        {"text/rfc822-headers", PART_LETTER},
    };
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (strncasecmp(content_type, known[i].type, strlen(known[i].type)) == 0)
            return known[i].part;
    return PART_OTHER;
}

// <what stands here>; false if it is longer than there is room for.
static bool
take_id(const char *value, char *out, size_t size)
{
    const char *begin = strchr(value, '<'), *end = begin ? strchr(begin, '>') : NULL;
    if (!end || (size_t)(end - begin) > size)
        return false;
    memcpy(out, begin + 1, (size_t)(end - begin - 1));
    out[end - begin - 1] = '\0';
    return text_is_utf8(out, strlen(out));
}

static bool
take_mail_id(const char *value, const char *domain, char out[37])
{
    char id[DSN_REPORT_ID_BYTES];
    if (!take_id(value, id, sizeof id) || strlen(id) <= MAIL_ID_CHARS || strcasecmp(id + MAIL_ID_CHARS, domain) != 0)
        return false;
    memcpy(out, id, MAIL_ID_CHARS);
    out[MAIL_ID_CHARS] = '\0';
    return text_is_uuid(out);
}

// "smtp; 550 5.1.1 No such user": without the kind; cut between characters.
static void
take_problem(const char *value, char *out)
{
    const char *words = strchr(value, ';');
    words = words ? words + 1 + strspn(words + 1, " ") : value;
    size_t size = strnlen(words, DSN_PROBLEM_BYTES - 1);
    while (size > 0 && ((unsigned char)words[size] & 0xC0) == 0x80)
        size--;
    if (!text_is_utf8(words, size))
        return;
    memcpy(out, words, size);
    out[size] = '\0';
}

// The first group of fields about a recipient: a letter of ours has one.
static void
take_status_field(struct reading *reading, struct dsn *dsn)
{
    const char *value;
    if ((value = value_of(reading, "Action")) && !*reading->status)
        dsn->is_final = strncasecmp(value, "failed", strlen("failed")) == 0;
    else if ((value = value_of(reading, "Status")) && !*reading->status && strspn(value, "0123456789.") >= 5)
        (void)snprintf(reading->status, sizeof reading->status, "%.*s", (int)strspn(value, "0123456789."), value);
    else if ((value = value_of(reading, "Diagnostic-Code")) && !*dsn->problem)
        take_problem(value, dsn->problem);
}

static void
take_header_field(struct reading *reading, struct dsn *dsn)
{
    const char *value;
    if (!*reading->line)
        reading->is_header = false;
    else if ((value = value_of(reading, "Content-Type")))
        reading->part = reading->part == PART_REPORT ? PART_REPORT : part_of(value);
    else if (reading->part == PART_REPORT && (value = value_of(reading, "Message-ID")) &&
             !take_id(value, dsn->report_id, sizeof dsn->report_id))
        *dsn->report_id = '\0';
}

bool
dsn_read(const char *text, size_t size, const char *domain, struct dsn *ret_dsn)
{
    *ret_dsn = (struct dsn){0};
    struct reading reading = {.next = text, .end = text + size, .is_header = true, .part = PART_REPORT};
    while (!reading.has_letter && take_line(&reading)) {
        const char *value;
        if (strncmp(reading.line, "--", 2) == 0) {
            reading.part = PART_UNKNOWN;
            reading.is_header = true;
        } else if (reading.is_header) {
            take_header_field(&reading, ret_dsn);
        } else if (reading.part == PART_STATUS) {
            take_status_field(&reading, ret_dsn);
        } else if (reading.part == PART_LETTER && (value = value_of(&reading, "Message-ID"))) {
            reading.has_letter = take_mail_id(value, domain, ret_dsn->mail_id);
            reading.part = PART_OTHER;
        }
    }
    if (!*ret_dsn->problem)
        memcpy(ret_dsn->problem, reading.status, sizeof reading.status);
    return reading.has_letter && *reading.status;
}
