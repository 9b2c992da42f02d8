#include "letter.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "rules_messages.h"
#include "vekha/paper/paper.h"

enum { WAIT_MS = 1500, LETTER_BYTES_MAX = 8 * 1024 * 1024 };

static const struct message KINDS[] = {{"announcement", "Объявление", "Announcement"},
                                       {"consultation", "Консультация", "Consultation"},
                                       {"letter", "Письмо", "Letter"},
                                       {"order", "Приказ", "Order"}};
static const struct message LEVELS[] = {
    {"federation", "федеральным координаторам", "federal coordinators"},
    {"region", "региональным координаторам", "regional coordinators"},
    {"municipality", "муниципальным координаторам", "municipal coordinators"},
    {"operator", "операторам", "operators"},
    {"curator", "кураторам школ", "curators of schools"},
    {"authority", "руководителям органов управления образованием", "heads of education authorities"},
    {"school", "руководителям школ", "heads of schools"}};
static const struct message ATTACHMENTS = {"", "Приложения", "Attachments"};
static const struct message REPORTS = {"", "Отчёты", "Reports"};

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

static const char *
word_of(struct call *call, const struct message *words, size_t count, const char *code)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(words[i].code, code) == 0)
            return say(call, &words[i]);
    return code;
}

// 2021-04-01 -> 01.04.2021
static const char *
day_words(struct call *call, const char *day)
{
    return strlen(day) < 10 ? "" : arena_format(call->arena, "%.2s.%.2s.%.4s", day + 8, day + 5, day);
}

// «Письмо от 01.04.2021 № 19-9105», or what it is alone.
static const char *
name_of(struct call *call, const Deadlines__Message *message)
{
    const Deadlines__MessageContent *content = message->content;
    const char *kind = word_of(call, KINDS, COUNT_OF(KINDS), content->kind);
    const char *day = day_words(call, *content->dated_on ? content->dated_on : message->sent_at);
    if (!day || !*day)
        return kind;
    const char *dated = arena_format(call->arena, call->english ? "%s of %s" : "%s от %s", kind, day);
    if (!dated || !*content->number)
        return dated;
    return arena_format(call->arena, call->english ? "%s No. %s" : "%s № %s", dated, content->number);
}

const char *
letter_file_name(struct call *call, const Deadlines__Message *message, const char *format)
{
    const char *name = name_of(call, message);
    return name ? arena_format(call->arena, "%s.%s", name, format) : NULL;
}

static void
say_line(struct paper *paper, const char *tag, const char *style, const char *text)
{
    const char *const fields[] = {style, text ? text : ""};
    if (text && *text)
        paper_line(paper, tag, fields, COUNT_OF(fields));
}

static void
say_item(struct paper *paper, const char *text)
{
    if (text)
        paper_line(paper, "item", &text, 1);
}

// To whom: levels, then where, a line each.
static void
say_addressees(struct call *call, struct paper *paper, const Deadlines__Message *message)
{
    const Deadlines__MessageContent *content = message->content;
    const char *levels = "";
    for (size_t i = 0; i < content->n_levels && levels; i++) {
        const char *level = word_of(call, LEVELS, COUNT_OF(LEVELS), content->levels[i]);
        levels = *levels ? arena_format(call->arena, "%s, %s", levels, level) : level;
    }
    if (levels && *levels)
        say_line(paper, "text", "right", arena_format(call->arena, call->english ? "To %s" : "Кому: %s", levels));
    for (size_t i = 0; i < message->n_organisation_names; i++)
        say_line(paper, "text", "right", message->organisation_names[i]);
}

static void
say_lists(struct call *call, struct paper *paper, const Deadlines__Message *message)
{
    const Deadlines__MessageContent *content = message->content;
    if (message->n_attachments > 0)
        say_line(paper, "heading", "2", say(call, &ATTACHMENTS));
    for (size_t i = 0; i < message->n_attachments; i++)
        say_item(paper, arena_format(call->arena, call->english ? "%zu. %s, pages: %u" : "%zu. %s, страниц: %u", i + 1,
                                     message->attachments[i]->file_name, message->attachments[i]->pages));
    if (content->n_links > 0)
        say_line(paper, "heading", "2", say(call, &REPORTS));
    const char *cabinet = config_text(call->config, "cabinet_address");
    for (size_t i = 0; i < content->n_links; i++)
        say_item(paper,
                 arena_format(call->arena, "%s: %s%s", content->links[i]->title, cabinet, content->links[i]->address));
}

static void
say_all(struct call *call, struct paper *paper, const Deadlines__Message *message)
{
    const Deadlines__MessageContent *content = message->content;
    if (*message->recall_reason)
        say_line(paper, "text", "plain",
                 arena_format(call->arena, call->english ? "Recalled: %s" : "Отозвано: %s", message->recall_reason));
    say_line(paper, "text", "plain", message->author_organisation_name);
    say_line(paper, "text", "plain", name_of(call, message));
    say_addressees(call, paper, message);
    say_line(paper, "heading", "1", content->subject);
    say_line(paper, "text", "plain", content->text);
    if (*content->starts_on)
        say_line(paper, "text", "plain",
                 arena_format(call->arena, call->english ? "Begins %s %s (%s)" : "Начало: %s %s (%s)",
                              day_words(call, content->starts_on), content->starts_time, message->zone));
    bool is_signed = *content->signatory_name != '\0';
    say_line(paper, "text", "plain", is_signed ? content->signatory_position : "");
    say_line(paper, "text", "right", is_signed ? content->signatory_name : message->author_name);
    say_lists(call, paper, message);
}

static enum status
read_all(struct call *call, const char *path, const void **ret_bytes, size_t *ret_size)
{
    struct stat about;
    FILE *file = fopen(path, "re");
    char *bytes = NULL;
    *ret_size = 0;
    if (file && fstat(fileno(file), &about) == 0 && about.st_size > 0 && about.st_size < LETTER_BYTES_MAX) {
        bytes = arena_take(call->arena, (size_t)about.st_size);
        *ret_size = bytes ? fread(bytes, 1, (size_t)about.st_size, file) : 0;
    }
    bool is_read = *ret_size > 0 && *ret_size == (size_t)about.st_size;
    if (file)
        (void)fclose(file);
    *ret_bytes = bytes;
    return is_read ? STATUS_OK : STATUS_BUSY;
}

static enum status
write_letter(struct call *call, const Deadlines__Message *message, const char *format, const char *path)
{
    struct paper *paper = paper_begin(format, path,
                                      &(struct paper_about){.title = message->content->subject,
                                                            .author = message->author_name,
                                                            .made_at = message->changed_at,
                                                            .english = call->english});
    if (!paper)
        return STATUS_BUSY;
    say_all(call, paper, message);
    paper_finish(paper);
    (void)paper_wait(paper, WAIT_MS);
    return paper_end(&paper);
}

enum status
letter_make(struct call *call, const Deadlines__Message *message, const char *format, const void **ret_bytes,
            size_t *ret_size)
{
    const char *folder = getenv("TMPDIR");
    char *path = arena_format(call->arena, "%s/vekha-letter-XXXXXX", folder ? folder : "/tmp");
    int descriptor = path ? mkostemp(path, O_CLOEXEC) : -1;
    if (descriptor < 0)
        return STATUS_BUSY;
    (void)close(descriptor);
    enum status status = write_letter(call, message, format, path);
    if (status == STATUS_OK)
        status = read_all(call, path, ret_bytes, ret_size);
    (void)unlink(path);
    return status;
}
