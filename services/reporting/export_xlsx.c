// XLSX: typed cells, a header that stays in view, A4 landscape. Texts are never formulas.
#include "export_file.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xlsxwriter.h>

enum { HEADER_FILL = 0xE4ECF5, TITLE_BYTES = 300, A4 = 9, TEXT_BYTES_MAX = 32000, MARGIN_CHARS = 1 };

struct xlsx {
    struct export_file base;
    lxw_workbook *workbook;
    lxw_format *header, *text, *number, *percent, *value, *day, *moment;
    struct {
        lxw_worksheet *worksheet;
        lxw_row_t rows;
        size_t columns;
    } sheets[EXPORT_SHEETS_MAX];
    size_t sheet_count;
    bool english;
    char title[TITLE_BYTES];
};

static lxw_format *
add_format(struct xlsx *xlsx, const char *number_format)
{
    lxw_format *format = workbook_add_format(xlsx->workbook);
    if (!format)
        return NULL;
    format_set_align(format, LXW_ALIGN_VERTICAL_TOP);
    if (number_format)
        format_set_num_format(format, number_format);
    return format;
}

static bool
add_formats(struct xlsx *xlsx)
{
    xlsx->header = add_format(xlsx, NULL);
    xlsx->text = add_format(xlsx, NULL);
    xlsx->number = add_format(xlsx, "0");
    xlsx->percent = add_format(xlsx, "0.00");
    xlsx->value = add_format(xlsx, "General");
    xlsx->day = add_format(xlsx, "dd.mm.yyyy");
    xlsx->moment = add_format(xlsx, "dd.mm.yyyy hh:mm");
    if (!xlsx->header || !xlsx->text || !xlsx->number || !xlsx->percent || !xlsx->value || !xlsx->day || !xlsx->moment)
        return false;
    format_set_bold(xlsx->header);
    format_set_text_wrap(xlsx->header);
    format_set_bg_color(xlsx->header, HEADER_FILL);
    format_set_bottom(xlsx->header, LXW_BORDER_THIN);
    return true;
}

static bool
write_header(struct xlsx *xlsx, lxw_worksheet *worksheet, const struct export_shown *shown, size_t count)
{
    bool written = true;
    for (size_t i = 0; i < count; i++) {
        const struct export_column *column = shown[i].column;
        char head[EXPORT_HEAD_BYTES];
        lxw_col_t at = (lxw_col_t)i;
        written = worksheet_set_column(worksheet, at, at, column->chars + MARGIN_CHARS, NULL) == LXW_NO_ERROR &&
                  worksheet_write_string(worksheet, 0, at, export_head_words(&shown[i], xlsx->english, head),
                                         xlsx->header) == LXW_NO_ERROR &&
                  written;
    }
    return written;
}

static enum status
add_sheet(struct export_file *file, const char *title, const struct export_shown *shown, size_t count)
{
    struct xlsx *xlsx = (struct xlsx *)file;
    if (xlsx->sheet_count == EXPORT_SHEETS_MAX)
        return STATUS_INTERNAL;
    lxw_worksheet *worksheet = workbook_add_worksheet(xlsx->workbook, title);
    if (!worksheet || !write_header(xlsx, worksheet, shown, count))
        return STATUS_BUSY;
    worksheet_freeze_panes(worksheet, 1, 0);
    worksheet_set_landscape(worksheet);
    worksheet_set_paper(worksheet, A4);
    worksheet_fit_to_pages(worksheet, 1, 0);
    worksheet_repeat_rows(worksheet, 0, 0);
    char header[TITLE_BYTES + 4];
    snprintf(header, sizeof header, "&L%s", xlsx->title);
    worksheet_set_header(worksheet, header);
    worksheet_set_footer(worksheet, "&R&P / &N");
    xlsx->sheets[xlsx->sheet_count].worksheet = worksheet;
    xlsx->sheets[xlsx->sheet_count].rows = 1;
    xlsx->sheets[xlsx->sheet_count++].columns = count;
    return STATUS_OK;
}

static lxw_error
write_moment(lxw_worksheet *worksheet, lxw_row_t row, lxw_col_t column, const char *text, lxw_format *format)
{
    lxw_datetime when = {0, 0, 0, 0, 0, 0};
    if (sscanf(text, "%4d-%2d-%2d %2d:%2d", &when.year, &when.month, &when.day, &when.hour, &when.min) < 3)
        return LXW_ERROR_PARAMETER_VALIDATION;
    return worksheet_write_datetime(worksheet, row, column, &when, format);
}

static lxw_error
write_cell(const struct xlsx *xlsx, lxw_worksheet *worksheet, lxw_row_t row, lxw_col_t column,
           const struct export_cell *cell)
{
    switch (cell->shown) {
    case CELL_NOTHING:
        return LXW_NO_ERROR;
    case CELL_TEXT: {
        if (strlen(cell->text) <= TEXT_BYTES_MAX)
            return worksheet_write_string(worksheet, row, column, cell->text, xlsx->text);
        return LXW_ERROR_MAX_STRING_LENGTH_EXCEEDED;
    }
    case CELL_NUMBER:
        return worksheet_write_number(worksheet, row, column, cell->number, xlsx->number);
    case CELL_PERCENT:
        return worksheet_write_number(worksheet, row, column, cell->number, xlsx->percent);
    case CELL_VALUE:
        return worksheet_write_number(worksheet, row, column, cell->number, xlsx->value);
    case CELL_DAY:
        return write_moment(worksheet, row, column, cell->text, xlsx->day);
    case CELL_MOMENT:
        return write_moment(worksheet, row, column, cell->text, xlsx->moment);
    }
    return LXW_NO_ERROR;
}

static enum status
add_row(struct export_file *file, const struct export_line *line)
{
    struct xlsx *xlsx = (struct xlsx *)file;
    if (line->sheet >= xlsx->sheet_count)
        return STATUS_INTERNAL;
    lxw_worksheet *worksheet = xlsx->sheets[line->sheet].worksheet;
    lxw_row_t row = xlsx->sheets[line->sheet].rows++;
    for (size_t i = 0; i < line->count; i++)
        if (write_cell(xlsx, worksheet, row, (lxw_col_t)i, &line->cells[i]) != LXW_NO_ERROR)
            return STATUS_TOO_LARGE;
    return STATUS_OK;
}

static enum status
close_file(struct export_file *file, bool is_whole)
{
    struct xlsx *xlsx = (struct xlsx *)file;
    for (size_t i = 0; i < xlsx->sheet_count; i++)
        if (xlsx->sheets[i].rows > 1)
            worksheet_autofilter(xlsx->sheets[i].worksheet, 0, 0, xlsx->sheets[i].rows - 1,
                                 (lxw_col_t)(xlsx->sheets[i].columns - 1));
    lxw_error error = workbook_close(xlsx->workbook);
    free(xlsx);
    return is_whole && error == LXW_NO_ERROR ? STATUS_OK : STATUS_BUSY;
}

struct export_file *
export_xlsx_new(const char *path, const struct export_about *about)
{
    struct xlsx *xlsx = calloc(1, sizeof(*xlsx));
    if (!xlsx)
        return NULL;
    xlsx->base = (struct export_file){false, add_sheet, add_row, close_file};
    xlsx->english = about->english;
    snprintf(xlsx->title, sizeof xlsx->title, "%s", about->title);
    lxw_workbook_options options = {.constant_memory = LXW_TRUE};
    xlsx->workbook = workbook_new_opt(path, &options);
    if (!xlsx->workbook) {
        free(xlsx);
        return NULL;
    }
    lxw_doc_properties properties = {.title = (char *)(uintptr_t)about->title,
                                     .author = (char *)(uintptr_t)about->author,
                                     .created = (time_t)(about->made_at_ms / 1000)};
    if (workbook_set_properties(xlsx->workbook, &properties) != LXW_NO_ERROR || !add_formats(xlsx)) {
        (void)close_file(&xlsx->base, false);
        return NULL;
    }
    return &xlsx->base;
}
