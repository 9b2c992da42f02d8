// Reads the document's lines and has them made.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "maker.h"
#include "vekha/paper/paper.h"

enum { CHARS_MAX = 200 };

struct reading {
    const char *format, *path;
    struct maker *maker;
    char *table_title;
    struct column columns[PAPER_FIELDS_MAX];
    size_t column_count;
    bool is_in_table, has_begun_table, is_finished;
};

static bool
begin(struct reading *reading, char **fields, size_t count)
{
    if (reading->maker || count != 6)
        return false;
    const struct about about = {fields[1], fields[2], fields[3], fields[5], strcmp(fields[4], "landscape") == 0};
    if (strcmp(reading->format, "pdf") == 0)
        reading->maker = pdf_new(reading->path, &about);
    else if (strcmp(reading->format, "odt") == 0)
        reading->maker = odt_new(reading->path, &about);
    return reading->maker != NULL;
}

static enum text_style
style_of(const char *name)
{
    return strcmp(name, "right") == 0 ? TEXT_RIGHT : strcmp(name, "quiet") == 0 ? TEXT_QUIET : TEXT_PLAIN;
}

static bool
add_column(struct reading *reading, char **fields)
{
    if (!reading->is_in_table || reading->has_begun_table || reading->column_count == PAPER_FIELDS_MAX)
        return false;
    long chars = strtol(fields[2], NULL, 10);
    struct column *column = &reading->columns[reading->column_count++];
    *column = (struct column){strdup(fields[1]),
                              (unsigned)(chars < 1           ? 1
                                         : chars > CHARS_MAX ? CHARS_MAX
                                                             : chars),
                              strcmp(fields[3], "right") == 0};
    return column->title != NULL;
}

// Its columns are all known when the first row comes, or the end.
static bool
begin_table(struct reading *reading)
{
    if (!reading->is_in_table || reading->column_count == 0)
        return false;
    if (reading->has_begun_table)
        return true;
    reading->has_begun_table = true;
    return reading->maker->begin_table(reading->maker, reading->table_title, reading->columns, reading->column_count);
}

static void
forget_table(struct reading *reading)
{
    for (size_t i = 0; i < reading->column_count; i++)
        free(reading->columns[i].title);
    free(reading->table_title);
    reading->table_title = NULL;
    reading->column_count = 0;
    reading->is_in_table = reading->has_begun_table = false;
}

static bool
end_table(struct reading *reading)
{
    bool is_made = begin_table(reading) && reading->maker->end_table(reading->maker);
    forget_table(reading);
    return is_made;
}

static bool
take_table_line(struct reading *reading, char **fields, size_t count)
{
    const char *tag = fields[0];
    if (strcmp(tag, "table") == 0 && count == 2 && !reading->is_in_table) {
        reading->is_in_table = true;
        reading->table_title = strdup(fields[1]);
        return reading->table_title != NULL;
    }
    if (strcmp(tag, "column") == 0 && count == 4)
        return add_column(reading, fields);
    bool is_sum = strcmp(tag, "sum") == 0;
    if ((is_sum || strcmp(tag, "row") == 0) && count == reading->column_count + 1)
        return begin_table(reading) && reading->maker->row(reading->maker, fields + 1, count - 1, is_sum);
    return strcmp(tag, "end") == 0 && end_table(reading);
}

static bool
take_line(struct reading *reading, char *line)
{
    char *fields[PAPER_FIELDS_MAX];
    size_t count = paper_split(line, fields);
    if (count == 0 || reading->is_finished)
        return false;
    const char *tag = fields[0];
    if (strcmp(tag, "about") == 0)
        return begin(reading, fields, count);
    if (!reading->maker)
        return false;
    if (reading->is_in_table || strcmp(tag, "table") == 0)
        return take_table_line(reading, fields, count);
    if (strcmp(tag, "heading") == 0 && count == 3)
        return reading->maker->heading(reading->maker, *fields[1] == '1' ? 1 : 2, fields[2]);
    if (strcmp(tag, "text") == 0 && count == 3)
        return reading->maker->text(reading->maker, style_of(fields[1]), fields[2]);
    if (strcmp(tag, "item") == 0 && count == 2)
        return reading->maker->item(reading->maker, fields[1]);
    reading->is_finished = strcmp(tag, "finish") == 0;
    return reading->is_finished;
}

bool
lines_make(const char *format, const char *path)
{
    struct reading reading = {.format = format, .path = path};
    char *line = NULL;
    size_t capacity = 0;
    ssize_t size;
    bool is_good = true;
    while (is_good && (size = getline(&line, &capacity, stdin)) > 0) {
        if (line[size - 1] != '\n')
            break;
        line[size - 1] = '\0';
        is_good = text_is_utf8(line, (size_t)size - 1) && take_line(&reading, line);
    }
    free(line);
    forget_table(&reading);
    bool is_whole = is_good && reading.is_finished;
    return reading.maker && reading.maker->close(reading.maker, is_whole) && is_whole;
}
