// Tables of a PDF: columns by their characters, a head that every page repeats, cells that wrap.
#include "pdf.h"

#include <string.h>

// Points.
static const double MARGIN = 36, CELL_GAP = 2, POINTS_MAX = 9, POINTS_MIN = 4, RULE = 0.4, RULE_GRAY = 0.6,
                    HEAD_GRAY = 0.92;
// Of a narrow letter, and above what width the usual ones are used.
static const double NARROW_EM = 0.42, WIDE_EM = 0.54;

static PangoFontDescription *
font_of(const char *family, double points, bool is_bold)
{
    PangoFontDescription *font = pango_font_description_from_string(family);
    pango_font_description_set_absolute_size(font, points * PANGO_SCALE);
    pango_font_description_set_weight(font, is_bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
    return font;
}

static void
free_fonts(struct pdf_table *table)
{
    if (table->font)
        pango_font_description_free(table->font);
    if (table->bold)
        pango_font_description_free(table->bold);
    table->font = table->bold = NULL;
}

// All columns on one page: letters as large as that allows.
static void
choose_fonts(struct pdf *pdf, unsigned chars)
{
    struct pdf_table *table = &pdf->table;
    double per_char = (pdf->width - 2 * MARGIN - 2 * CELL_GAP * (double)table->count) / chars;
    bool is_narrow = per_char / WIDE_EM < POINTS_MAX;
    double points = per_char / (is_narrow ? NARROW_EM : WIDE_EM);
    points = points > POINTS_MAX ? POINTS_MAX : points < POINTS_MIN ? POINTS_MIN : points;
    free_fonts(table);
    table->font = font_of(is_narrow ? PDF_NARROW_FONT : PDF_FONT, points, false);
    table->bold = font_of(is_narrow ? PDF_NARROW_FONT : PDF_FONT, points, true);
}

static double
lay_out(struct pdf *pdf, size_t column, const char *text, bool is_head)
{
    const struct pdf_table *table = &pdf->table;
    pango_layout_set_width(pdf->layout,
                           (int)((table->left[column + 1] - table->left[column] - 2 * CELL_GAP) * PANGO_SCALE));
    pango_layout_set_wrap(pdf->layout, PANGO_WRAP_WORD_CHAR);
    bool is_right = table->columns[column].is_right && !is_head;
    pango_layout_set_alignment(pdf->layout, is_right ? PANGO_ALIGN_RIGHT : PANGO_ALIGN_LEFT);
    // A text longer than a page ends with an ellipsis.
    pango_layout_set_ellipsize(pdf->layout, PANGO_ELLIPSIZE_END);
    pango_layout_set_height(pdf->layout, (int)((pdf_bottom(pdf) - MARGIN) / 2 * PANGO_SCALE));
    pango_layout_set_text(pdf->layout, text, -1);
    int height;
    pango_layout_get_size(pdf->layout, NULL, &height);
    return (double)height / PANGO_SCALE;
}

static double
height_of(struct pdf *pdf, const char *const *cells, bool is_head)
{
    double height = 0;
    for (size_t i = 0; i < pdf->table.count; i++) {
        double of_cell = lay_out(pdf, i, cells[i], is_head);
        height = of_cell > height ? of_cell : height;
    }
    return height + 2 * CELL_GAP;
}

// tag NULL: the cells are no part of the text.
static void
draw_cells(struct pdf *pdf, const char *const *cells, const char *tag)
{
    struct pdf_table *table = &pdf->table;
    bool is_head = !tag || strcmp(tag, "TH") == 0;
    for (size_t i = 0; i < table->count; i++) {
        if (tag)
            cairo_tag_begin(pdf->cairo, tag, NULL);
        (void)lay_out(pdf, i, cells[i], is_head);
        pdf_show_layout(pdf, table->left[i] + CELL_GAP, pdf->y + CELL_GAP);
        if (tag)
            cairo_tag_end(pdf->cairo, tag);
    }
}

static void
add_rule(struct pdf *pdf)
{
    if (pdf->table.rule_count < PDF_RULES_MAX)
        pdf->table.rules[pdf->table.rule_count++] = pdf->y;
}

static void
draw_head(struct pdf *pdf, bool is_first)
{
    struct pdf_table *table = &pdf->table;
    const char *titles[PAPER_FIELDS_MAX] = {NULL};
    for (size_t i = 0; i < table->count; i++)
        titles[i] = table->columns[i].title;
    pdf_set_font(pdf, table->bold);
    double height = height_of(pdf, titles, true);
    pdf_begin_artifact(pdf);
    cairo_set_source_rgb(pdf->cairo, HEAD_GRAY, HEAD_GRAY, HEAD_GRAY);
    cairo_rectangle(pdf->cairo, table->left[0], pdf->y, table->left[table->count] - table->left[0], height);
    cairo_fill(pdf->cairo);
    cairo_set_source_rgb(pdf->cairo, 0, 0, 0);
    if (!is_first)
        draw_cells(pdf, titles, NULL);
    pdf_end_artifact(pdf);
    if (is_first) {
        cairo_tag_begin(pdf->cairo, "TR", NULL);
        draw_cells(pdf, titles, "TH");
        cairo_tag_end(pdf->cairo, "TR");
    }
    pdf->y += height;
    add_rule(pdf);
}

void
pdf_draw_rules(struct pdf *pdf)
{
    struct pdf_table *table = &pdf->table;
    cairo_set_line_width(pdf->cairo, RULE);
    cairo_set_source_rgb(pdf->cairo, RULE_GRAY, RULE_GRAY, RULE_GRAY);
    for (size_t i = 0; i < table->rule_count; i++) {
        cairo_move_to(pdf->cairo, table->left[0], table->rules[i]);
        cairo_line_to(pdf->cairo, table->left[table->count], table->rules[i]);
    }
    cairo_stroke(pdf->cairo);
    cairo_set_source_rgb(pdf->cairo, 0, 0, 0);
    table->rule_count = 0;
}

// No word of a head is broken; its letters are bold.
static unsigned
chars_of(const struct column *column)
{
    size_t longest = 0;
    for (const char *word = column->title; *word;) {
        size_t size = strcspn(word, " "), chars = 0;
        for (size_t i = 0; i < size; i++)
            chars += ((unsigned char)word[i] & 0xC0) != 0x80;
        longest = chars > longest ? chars : longest;
        word += size + strspn(word + size, " ");
    }
    unsigned needed = (unsigned)(longest * 6 / 5 + 1);
    return column->chars > needed ? column->chars : needed;
}

bool
pdf_begin_table(struct maker *maker, const char *title, const struct column *columns, size_t count)
{
    struct pdf *pdf = (struct pdf *)maker;
    unsigned chars = 0;
    if (pdf->has_list)
        cairo_tag_end(pdf->cairo, "L");
    pdf->has_list = false;
    if (*title && !maker->heading(maker, 2, title))
        return false;
    struct pdf_table *table = &pdf->table;
    table->columns = columns;
    table->count = count;
    for (size_t i = 0; i < count; i++)
        chars += chars_of(&columns[i]);
    table->left[0] = MARGIN;
    for (size_t i = 0; i < count; i++)
        table->left[i + 1] = table->left[i] + (pdf->width - 2 * MARGIN) * chars_of(&columns[i]) / chars;
    choose_fonts(pdf, chars);
    cairo_tag_begin(pdf->cairo, "Table", NULL);
    draw_head(pdf, true);
    return cairo_status(pdf->cairo) == CAIRO_STATUS_SUCCESS;
}

bool
pdf_row(struct maker *maker, char *const *cells, size_t count, bool is_sum)
{
    struct pdf *pdf = (struct pdf *)maker;
    struct pdf_table *table = &pdf->table;
    const char *texts[PAPER_FIELDS_MAX] = {NULL};
    for (size_t i = 0; i < count; i++)
        texts[i] = cells[i];
    pdf_set_font(pdf, is_sum ? table->bold : table->font);
    double height = height_of(pdf, texts, false);
    if (pdf->y + height > pdf_bottom(pdf)) {
        pdf_next_page(pdf);
        draw_head(pdf, false);
        pdf_set_font(pdf, is_sum ? table->bold : table->font);
    }
    cairo_tag_begin(pdf->cairo, "TR", NULL);
    draw_cells(pdf, texts, "TD");
    cairo_tag_end(pdf->cairo, "TR");
    pdf->y += height;
    add_rule(pdf);
    return cairo_status(pdf->cairo) == CAIRO_STATUS_SUCCESS;
}

bool
pdf_end_table(struct maker *maker)
{
    struct pdf *pdf = (struct pdf *)maker;
    pdf_begin_artifact(pdf);
    pdf_draw_rules(pdf);
    pdf_end_artifact(pdf);
    cairo_tag_end(pdf->cairo, "Table");
    pdf->y += 4 * CELL_GAP;
    return cairo_status(pdf->cairo) == CAIRO_STATUS_SUCCESS;
}
