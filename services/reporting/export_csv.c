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
write_number(FILE *file, double number, bool english, int decimals)
{
    char text[40];
    snprintf(text, sizeof text, "%.*f", decimals, number);
    char *point = strchr(text, '.');
    if (point && !english)
        *point = ',';
    fputs(text, file);
}

static void
write_cell(const struct csv *csv, const struct export_cell *cell)
{
    switch (cell->shown) {
    case CELL_NOTHING:
        break;
    case CELL_TEXT:
        write_text(csv->file, cell->text);
        break;
    case CELL_NUMBER:
        write_number(csv->file, cell->number, csv->english, 0);
        break;
    case CELL_PERCENT:
        write_number(csv->file, cell->number, csv->english, 2);
        break;
    case CELL_DAY:
    case CELL_MOMENT:
        // YYYY-MM-DD[ HH:MM]
        if (strlen(cell->text) >= 10)
            fprintf(csv->file, "%.2s.%.2s.%.4s%s", cell->text + 8, cell->text + 5, cell->text, cell->text + 10);
        break;
    }
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
        const struct message *name = &shown[i].column->title;
        char title_words[300];
        snprintf(title_words, sizeof title_words, "%s%s", csv->english ? name->english : name->russian,
                 shown[i].is_was ? export_was_words(csv->english) : "");
        if (i > 0)
            putc(';', csv->file);
        write_text(csv->file, title_words);
    }
    fputs("\r\n", csv->file);
    return ferror(csv->file) ? STATUS_BUSY : STATUS_OK;
}

static enum status
add_row(struct export_file *file, size_t sheet, const struct export_cell *cells, size_t count)
{
    const struct csv *csv = (const struct csv *)file;
    if (sheet > 0)
        return STATUS_OK;
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            putc(';', csv->file);
        write_cell(csv, &cells[i]);
    }
    fputs("\r\n", csv->file);
    return ferror(csv->file) ? STATUS_BUSY : STATUS_OK;
}

static enum status
close_file(struct export_file *file)
{
    struct csv *csv = (struct csv *)file;
    bool failed = ferror(csv->file) != 0;
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
    csv->base = (struct export_file){add_sheet, add_row, close_file};
    csv->english = about->english;
    csv->file = fopen(path, "we");
    if (!csv->file) {
        free(csv);
        return NULL;
    }
    fputs(mark, csv->file);
    return &csv->base;
}

const char *
export_was_words(bool english)
{
    return english ? " (was)" : " (было)";
}
