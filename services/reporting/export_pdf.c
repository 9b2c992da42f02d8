// PDF: the report's lines for vekha-paper.
#include <stdio.h>
#include <stdlib.h>

#include "export_file.h"
#include "vekha/paper/paper.h"

enum { WAIT_MS = 2000 };

struct pdf {
    struct export_file base;
    struct paper *paper;
    bool english, has_sheets, is_in_table;
    bool (*is_wanted)(void *asker);
    void *asker;
    char words[EXPORT_COLUMNS_MAX][EXPORT_WORDS_BYTES]; // of a row
};

static void
end_table(struct pdf *pdf)
{
    if (pdf->is_in_table)
        paper_line(pdf->paper, "end", NULL, 0);
    pdf->is_in_table = false;
}

static enum status
add_sheet(struct export_file *file, const char *title, const struct export_shown *shown, size_t count)
{
    struct pdf *pdf = (struct pdf *)file;
    const char *caption = pdf->has_sheets ? title : "";
    end_table(pdf);
    paper_line(pdf->paper, "table", &caption, 1);
    pdf->is_in_table = true;
    for (size_t i = 0; i < count; i++) {
        const struct export_column *column = shown[i].column;
        char head[EXPORT_HEAD_BYTES], chars[20];
        snprintf(chars, sizeof chars, "%u", column->chars);
        bool is_number =
            column->kind == EXPORT_NUMBER || column->kind == EXPORT_PERCENT || column->kind == EXPORT_VALUE;
        const char *const fields[] = {export_head_words(&shown[i], pdf->english, head), chars,
                                      is_number ? "right" : "left"};
        paper_line(pdf->paper, "column", fields, sizeof fields / sizeof fields[0]);
    }
    return STATUS_OK;
}

static enum status
add_row(struct export_file *file, const struct export_line *line)
{
    struct pdf *pdf = (struct pdf *)file;
    const char *fields[EXPORT_COLUMNS_MAX];
    for (size_t i = 0; i < line->count; i++)
        fields[i] = export_cell_words(&line->cells[i], pdf->english, pdf->words[i]);
    paper_line(pdf->paper, line->is_sum ? "sum" : "row", fields, line->count);
    return STATUS_OK;
}

static enum status
close_file(struct export_file *file, bool is_whole)
{
    struct pdf *pdf = (struct pdf *)file;
    if (is_whole) {
        end_table(pdf);
        paper_finish(pdf->paper);
        while (!paper_wait(pdf->paper, WAIT_MS) && pdf->is_wanted(pdf->asker))
            ;
    }
    enum status status = paper_end(&pdf->paper);
    free(pdf);
    return status;
}

struct export_file *
export_pdf_new(const char *path, const struct export_about *about)
{
    struct pdf *pdf = calloc(1, sizeof *pdf);
    if (!pdf)
        return NULL;
    pdf->base = (struct export_file){true, add_sheet, add_row, close_file};
    pdf->english = about->english;
    pdf->has_sheets = about->has_sheets;
    pdf->is_wanted = about->is_wanted;
    pdf->asker = about->asker;
    pdf->paper = paper_begin("pdf", path,
                             &(struct paper_about){.title = about->title,
                                                   .author = about->author,
                                                   .made_at = about->made_at,
                                                   .english = about->english,
                                                   .landscape = true});
    if (!pdf->paper) {
        free(pdf);
        return NULL;
    }
    const char *const heading[] = {"1", about->title}, *const subtitle[] = {"quiet", about->subtitle};
    paper_line(pdf->paper, "heading", heading, 2);
    paper_line(pdf->paper, "text", subtitle, 2);
    return &pdf->base;
}
