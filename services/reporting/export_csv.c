// CSV (RFC 4180) as a Russian Excel opens it: UTF-8 with a mark, semicolons, days as dd.mm.yyyy; the first sheet alone.
#include "export_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct csv {
    struct export_file base;
    FILE *file;
    bool english;
    bool has_sheet;
};

// A text that a table program would take for a formula gets an apostrophe (OWASP, CSV injection).
static void
write_text(FILE *file, const char *text)
{
    putc('"', file);
    if (*text && strchr("=+-@\t\r", *text))
        putc('\'', file);
    for (; *text; text++) {
        if (*text == '"')
            putc('"', file);
        putc(*text, file);
    }
    putc('"', file);
}

static void
write_cell(const struct csv *csv, const struct export_cell *cell)
{
    char words[EXPORT_WORDS_BYTES];
    if (cell->shown == CELL_TEXT)
        write_text(csv->file, cell->text);
    else
        fputs(export_cell_words(cell, csv->english, words), csv->file);
}

static enum status
add_sheet(struct export_file *file, const char *title, const struct export_shown *shown, size_t count)
{
    struct csv *csv = (struct csv *)file;
    (void)title;
    if (csv->has_sheet)
        return STATUS_OK;
    csv->has_sheet = true;
    for (size_t i = 0; i < count; i++) {
        char head[EXPORT_HEAD_BYTES];
        if (i > 0)
            putc(';', csv->file);
        write_text(csv->file, export_head_words(&shown[i], csv->english, head));
    }
    fputs("\r\n", csv->file);
    return ferror(csv->file) ? STATUS_BUSY : STATUS_OK;
}

static enum status
add_row(struct export_file *file, const struct export_line *line)
{
    const struct csv *csv = (const struct csv *)file;
    if (line->sheet > 0)
        return STATUS_OK;
    for (size_t i = 0; i < line->count; i++) {
        if (i > 0)
            putc(';', csv->file);
        write_cell(csv, &line->cells[i]);
    }
    fputs("\r\n", csv->file);
    return ferror(csv->file) ? STATUS_BUSY : STATUS_OK;
}

static enum status
close_file(struct export_file *file, bool is_whole)
{
    struct csv *csv = (struct csv *)file;
    bool failed = !is_whole || ferror(csv->file) != 0;
    failed = fclose(csv->file) != 0 || failed;
    free(csv);
    return failed ? STATUS_BUSY : STATUS_OK;
}

struct export_file *
export_csv_new(const char *path, const struct export_about *about)
{
    static const char mark[] = "\xEF\xBB\xBF";
    struct csv *csv = calloc(1, sizeof(*csv));
    if (!csv)
        return NULL;
    csv->base = (struct export_file){false, add_sheet, add_row, close_file};
    csv->english = about->english;
    csv->file = fopen(path, "we");
    if (!csv->file) {
        free(csv);
        return NULL;
    }
    fputs(mark, csv->file);
    return &csv->base;
}
