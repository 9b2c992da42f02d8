// Cells and heads as people read them.
#include <stdio.h>
#include <string.h>

#include "export_file.h"

static const char *
with_comma(char *out, bool english)
{
    char *point = strchr(out, '.');
    if (point && !english)
        *point = ',';
    return out;
}

static const char *
number_words(double number, bool english, int decimals, char out[EXPORT_WORDS_BYTES])
{
    snprintf(out, EXPORT_WORDS_BYTES, "%.*f", decimals, number);
    return with_comma(out, english);
}

const char *
export_cell_words(const struct export_cell *cell, bool english, char out[EXPORT_WORDS_BYTES])
{
    switch (cell->shown) {
    case CELL_NOTHING:
        return "";
    case CELL_TEXT:
        return cell->text;
    case CELL_NUMBER:
        return number_words(cell->number, english, 0, out);
    case CELL_PERCENT:
        return number_words(cell->number, english, 2, out);
    case CELL_VALUE:
        snprintf(out, EXPORT_WORDS_BYTES, "%s", cell->text);
        return with_comma(out, english);
    case CELL_DAY:
    case CELL_MOMENT:
        // YYYY-MM-DD[ HH:MM]
        if (strlen(cell->text) < 10)
            return "";
        snprintf(out, EXPORT_WORDS_BYTES, "%.2s.%.2s.%.4s%s", cell->text + 8, cell->text + 5, cell->text,
                 cell->text + 10);
        return out;
    }
    return "";
}

const char *
export_head_words(const struct export_shown *shown, bool english, char out[EXPORT_HEAD_BYTES])
{
    const struct message *title = &shown->column->title;
    snprintf(out, EXPORT_HEAD_BYTES, "%s%s", english ? title->english : title->russian,
             !shown->is_was ? ""
             : english      ? " (was)"
                            : " (было)");
    return out;
}
