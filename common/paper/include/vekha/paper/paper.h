// Documents for people. What they say goes as lines to vekha-paper, a process of its own for each document, which makes
// a tagged PDF of it: what laying it out takes of memory is given back when it ends.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "vekha/base/status.h"
#include "vekha/base/text.h"

enum { PAPER_FIELDS_MAX = 512 };

// A line is a tag and fields with tabs between; a tab, a line feed or a backslash inside a field is escaped.
//   about    title, author, ru|en, landscape|portrait, RFC 3339 UTC   first
//   heading  1|2, text
//   text     plain|right|quiet, text; line feeds part paragraphs
//   item     text                                                     of a list
//   table    title; then a `column` each with title, characters, left|right; then `row` and `sum` with its cells; `end`
//   finish                                                            last: what comes without it is no document
void paper_escape(struct buffer *line, const char *field);
// Splits in place, without the line feed; the number of fields, 0 with more than PAPER_FIELDS_MAX.
size_t paper_split(char *line, char *fields[PAPER_FIELDS_MAX]);

struct paper_about {
    const char *title, *author, *made_at;
    bool english, landscape;
};

struct paper;
// `format`: "pdf" or "odt"; `path` is replaced. NULL: it cannot be begun.
struct paper *paper_begin(const char *format, const char *path, const struct paper_about *about);
// What cannot be passed on is told by paper_wait().
void paper_line(struct paper *paper, const char *tag, const char *const *fields, size_t count);
// Says that it is all; afterwards wait.
void paper_finish(struct paper *paper);
// False: not there yet after timeout_ms.
bool paper_wait(struct paper *paper, int timeout_ms);
// Frees it; OK when the document is whole. One that was not waited for is given up.
enum status paper_end(struct paper **paper);
