// Pages, headings and texts of a PDF.
#include "pdf.h"

#include <cairo-pdf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

// Points; A4.
static const double A4_LONG = 841.89, A4_SHORT = 595.28, MARGIN = 36, FOOT = 24, GAP = 6;
static const double TEXT_POINTS = 11, HEADING_POINTS = 15, SECOND_POINTS = 12, SMALL_POINTS = 8;
static const double INDENT = 14;

void
pdf_begin_artifact(struct pdf *pdf)
{
    cairo_tag_begin(pdf->cairo, "NonStruct", NULL);
}

void
pdf_end_artifact(struct pdf *pdf)
{
    cairo_tag_end(pdf->cairo, "NonStruct");
}

double
pdf_bottom(const struct pdf *pdf)
{
    return pdf->height - MARGIN - FOOT;
}

void
pdf_set_font(struct pdf *pdf, const PangoFontDescription *font)
{
    pango_layout_set_font_description(pdf->layout, font);
    pango_layout_set_font_description(pdf->line, font);
}

void
pdf_show_line(struct pdf *pdf, PangoLayoutLine *line, double x, double y)
{
    cairo_move_to(pdf->cairo, x, y);
    if (pango_layout_is_ellipsized(pdf->layout)) {
        pango_cairo_show_layout_line(pdf->cairo, line);
        return;
    }
    pango_layout_set_text(pdf->line, pango_layout_get_text(pdf->layout) + pango_layout_line_get_start_index(line),
                          pango_layout_line_get_length(line));
    pango_cairo_show_layout_line(pdf->cairo, pango_layout_get_line_readonly(pdf->line, 0));
}

void
pdf_show_layout(struct pdf *pdf, double x, double y)
{
    PangoLayoutIter *lines = pango_layout_get_iter(pdf->layout);
    do {
        PangoRectangle area;
        pango_layout_iter_get_line_extents(lines, NULL, &area);
        pdf_show_line(pdf, pango_layout_iter_get_line_readonly(lines), x + (double)area.x / PANGO_SCALE,
                      y + (double)pango_layout_iter_get_baseline(lines) / PANGO_SCALE);
    } while (pango_layout_iter_next_line(lines));
    pango_layout_iter_free(lines);
}

static PangoFontDescription *
font_of(double points, bool is_bold)
{
    PangoFontDescription *font = pango_font_description_from_string(PDF_FONT);
    pango_font_description_set_absolute_size(font, points * PANGO_SCALE);
    pango_font_description_set_weight(font, is_bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
    return font;
}

static void
use_font(struct pdf *pdf, double points, bool is_bold)
{
    PangoFontDescription *font = font_of(points, is_bold);
    pdf_set_font(pdf, font);
    pango_font_description_free(font);
}

static void
plain_layout(struct pdf *pdf, double width, PangoAlignment alignment)
{
    pango_layout_set_width(pdf->layout, (int)(width * PANGO_SCALE));
    pango_layout_set_height(pdf->layout, -1);
    pango_layout_set_ellipsize(pdf->layout, PANGO_ELLIPSIZE_NONE);
    pango_layout_set_alignment(pdf->layout, alignment);
    pango_layout_set_wrap(pdf->layout, PANGO_WRAP_WORD_CHAR);
}

static void
end_page(struct pdf *pdf)
{
    char number[40];
    snprintf(number, sizeof number, "%u", pdf->page);
    pdf_begin_artifact(pdf);
    pdf_draw_rules(pdf);
    use_font(pdf, SMALL_POINTS, false);
    plain_layout(pdf, pdf->width - 2 * MARGIN, PANGO_ALIGN_RIGHT);
    pango_layout_set_text(pdf->layout, number, -1);
    pdf_show_layout(pdf, MARGIN, pdf->height - MARGIN);
    pango_layout_set_alignment(pdf->layout, PANGO_ALIGN_LEFT);
    pango_layout_set_text(pdf->layout, pdf->title, -1);
    pango_layout_set_height(pdf->layout, -1);
    pango_layout_set_width(pdf->layout, (int)((pdf->width - 2 * MARGIN - INDENT * 4) * PANGO_SCALE));
    pango_layout_set_ellipsize(pdf->layout, PANGO_ELLIPSIZE_END);
    pdf_show_layout(pdf, MARGIN, pdf->height - MARGIN);
    pdf_end_artifact(pdf);
}

void
pdf_next_page(struct pdf *pdf)
{
    end_page(pdf);
    cairo_show_page(pdf->cairo);
    pdf->page++;
    pdf->y = MARGIN;
}

// The page's foot is laid out, too.
static void
next_page_within(struct pdf *pdf)
{
    PangoLayout *kept = pdf->layout;
    PangoFontDescription *font = pango_font_description_copy(pango_layout_get_font_description(kept));
    pdf->layout = pango_layout_copy(kept);
    pdf_next_page(pdf);
    g_object_unref(pdf->layout);
    pdf->layout = kept;
    pango_layout_set_font_description(pdf->line, font);
    pango_font_description_free(font);
}

// Lines of one page in an element of their own: cairo cannot mark one that goes on over the page's end.
static void
draw_lines(struct pdf *pdf, const char *tag, double left)
{
    PangoLayoutIter *lines = pango_layout_get_iter(pdf->layout);
    bool is_open = false;
    do {
        PangoRectangle area;
        pango_layout_iter_get_line_extents(lines, NULL, &area);
        double height = (double)area.height / PANGO_SCALE;
        if (pdf->y + height > pdf_bottom(pdf) && pdf->y > MARGIN) {
            if (is_open)
                cairo_tag_end(pdf->cairo, tag);
            is_open = false;
            next_page_within(pdf);
        }
        if (!is_open)
            cairo_tag_begin(pdf->cairo, tag, NULL);
        is_open = true;
        double baseline = (double)(pango_layout_iter_get_baseline(lines) - area.y) / PANGO_SCALE;
        pdf_show_line(pdf, pango_layout_iter_get_line_readonly(lines), left + (double)area.x / PANGO_SCALE,
                      pdf->y + baseline);
        pdf->y += height;
    } while (pango_layout_iter_next_line(lines));
    if (is_open)
        cairo_tag_end(pdf->cairo, tag);
    pango_layout_iter_free(lines);
}

static void
end_list(struct pdf *pdf)
{
    if (pdf->has_list)
        cairo_tag_end(pdf->cairo, "L");
    pdf->has_list = false;
}

static bool
is_well(const struct pdf *pdf)
{
    return cairo_status(pdf->cairo) == CAIRO_STATUS_SUCCESS;
}

static bool
add_heading(struct maker *maker, int level, const char *text)
{
    struct pdf *pdf = (struct pdf *)maker;
    end_list(pdf);
    pdf->y += level == 1 ? 0 : GAP;
    use_font(pdf, level == 1 ? HEADING_POINTS : SECOND_POINTS, true);
    plain_layout(pdf, pdf->width - 2 * MARGIN, PANGO_ALIGN_LEFT);
    pango_layout_set_text(pdf->layout, text, -1);
    draw_lines(pdf, level == 1 ? "H1" : "H2", MARGIN);
    pdf->y += GAP;
    return is_well(pdf);
}

static void
add_paragraph(struct pdf *pdf, enum text_style style, const char *text, size_t size)
{
    use_font(pdf, style == TEXT_QUIET ? SMALL_POINTS : TEXT_POINTS, false);
    plain_layout(pdf, pdf->width - 2 * MARGIN, style == TEXT_RIGHT ? PANGO_ALIGN_RIGHT : PANGO_ALIGN_LEFT);
    pango_layout_set_text(pdf->layout, text, (int)size);
    draw_lines(pdf, "P", MARGIN);
    pdf->y += GAP;
}

static bool
add_text(struct maker *maker, enum text_style style, const char *text)
{
    struct pdf *pdf = (struct pdf *)maker;
    end_list(pdf);
    while (*text) {
        size_t size = strcspn(text, "\n");
        if (size > 0)
            add_paragraph(pdf, style, text, size);
        text += size + (text[size] == '\n');
    }
    return is_well(pdf);
}

static bool
add_item(struct maker *maker, const char *text)
{
    struct pdf *pdf = (struct pdf *)maker;
    if (!pdf->has_list)
        cairo_tag_begin(pdf->cairo, "L", NULL);
    pdf->has_list = true;
    use_font(pdf, TEXT_POINTS, false);
    plain_layout(pdf, pdf->width - 2 * MARGIN - INDENT, PANGO_ALIGN_LEFT);
    pango_layout_set_text(pdf->layout, text, -1);
    cairo_tag_begin(pdf->cairo, "LI", NULL);
    draw_lines(pdf, "LBody", MARGIN + INDENT);
    cairo_tag_end(pdf->cairo, "LI");
    pdf->y += GAP / 2;
    return is_well(pdf);
}

static void
free_all(struct pdf *pdf)
{
    if (pdf->table.font)
        pango_font_description_free(pdf->table.font);
    if (pdf->table.bold)
        pango_font_description_free(pdf->table.bold);
    if (pdf->layout)
        g_object_unref(pdf->layout);
    if (pdf->line)
        g_object_unref(pdf->line);
    if (pdf->cairo)
        cairo_destroy(pdf->cairo);
    if (pdf->surface)
        cairo_surface_destroy(pdf->surface);
    if (pdf->raw_path)
        (void)unlink(pdf->raw_path);
    free(pdf->path);
    free(pdf->raw_path);
    free(pdf->title);
    free(pdf->language);
    free(pdf);
}

static bool
close_pdf(struct maker *maker, bool is_whole)
{
    struct pdf *pdf = (struct pdf *)maker;
    if (is_whole) {
        end_list(pdf);
        end_page(pdf);
        cairo_tag_end(pdf->cairo, "Document");
        cairo_show_page(pdf->cairo);
        cairo_surface_finish(pdf->surface);
        is_whole = is_well(pdf) && cairo_surface_status(pdf->surface) == CAIRO_STATUS_SUCCESS &&
                   pdf_tags_finish(pdf->raw_path, pdf->path, pdf->language);
    }
    free_all(pdf);
    return is_whole;
}

static bool
set_up(struct pdf *pdf, const char *path, const struct about *about)
{
    pdf->path = strdup(path);
    pdf->title = strdup(about->title);
    pdf->language = strdup(about->language);
    if (!pdf->path || !pdf->title || !pdf->language || asprintf(&pdf->raw_path, "%s.raw", path) < 0)
        return false;
    pdf->width = about->is_landscape ? A4_LONG : A4_SHORT;
    pdf->height = about->is_landscape ? A4_SHORT : A4_LONG;
    pdf->y = MARGIN;
    pdf->page = 1;
    pdf->surface = cairo_pdf_surface_create(pdf->raw_path, pdf->width, pdf->height);
    cairo_pdf_surface_set_metadata(pdf->surface, CAIRO_PDF_METADATA_TITLE, about->title);
    cairo_pdf_surface_set_metadata(pdf->surface, CAIRO_PDF_METADATA_AUTHOR, about->author);
    cairo_pdf_surface_set_metadata(pdf->surface, CAIRO_PDF_METADATA_CREATE_DATE, about->made_at);
    cairo_pdf_surface_set_metadata(pdf->surface, CAIRO_PDF_METADATA_CREATOR, "Vekha");
    pdf->cairo = cairo_create(pdf->surface);
    pdf->layout = pango_cairo_create_layout(pdf->cairo);
    // Letters where they belong, not on whole points.
    pango_context_set_round_glyph_positions(pango_layout_get_context(pdf->layout), FALSE);
    pdf->line = pango_layout_copy(pdf->layout);
    cairo_tag_begin(pdf->cairo, "Document", NULL);
    return is_well(pdf);
}

struct maker *
pdf_new(const char *path, const struct about *about)
{
    struct pdf *pdf = calloc(1, sizeof *pdf);
    if (!pdf)
        return NULL;
    pdf->base = (struct maker){add_heading, add_text, add_item, pdf_begin_table, pdf_row, pdf_end_table, close_pdf};
    if (set_up(pdf, path, about))
        return &pdf->base;
    free_all(pdf);
    return NULL;
}
