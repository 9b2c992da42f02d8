// A PDF in the making: pages of cairo, texts laid out by Pango, every part tagged. What is no part of the text (rules,
// repeated heads, page numbers) is tagged NonStruct, the only way that cairo 1.16 has; pdf_tags.c makes artifacts of
// it.
#pragma once

#include <pango/pangocairo.h>

#include "maker.h"
#include "vekha/paper/paper.h"

#define PDF_FONT "Liberation Sans"
#define PDF_NARROW_FONT "Liberation Sans Narrow"

enum { PDF_RULES_MAX = 300 };

struct pdf_table {
    const struct column *columns;
    size_t count;
    double left[PAPER_FIELDS_MAX + 1]; // the last: the right edge
    PangoFontDescription *font, *bold;
    double rules[PDF_RULES_MAX]; // lines below rows of this page
    size_t rule_count;
    bool is_open;
};

struct pdf {
    struct maker base;
    char *path, *raw_path, *title, *language;
    cairo_surface_t *surface;
    cairo_t *cairo;
    PangoLayout *layout; // breaks a text into lines
    PangoLayout *line;   // draws one of them
    double width, height, y;
    unsigned page;
    bool has_list;
    struct pdf_table table;
};

void pdf_begin_artifact(struct pdf *pdf);
void pdf_end_artifact(struct pdf *pdf);
// Ends the page with its rules and number and begins the next one.
void pdf_next_page(struct pdf *pdf);
double pdf_bottom(const struct pdf *pdf);
void pdf_set_font(struct pdf *pdf, const PangoFontDescription *font);
// A line of the layout, its baseline at y. The blank at its end is drawn, too: Pango would leave it to a note that some
// readers stop at.
void pdf_show_line(struct pdf *pdf, PangoLayoutLine *line, double x, double y);
// All of the layout, its upper left corner there.
void pdf_show_layout(struct pdf *pdf, double x, double y);

bool pdf_begin_table(struct maker *maker, const char *title, const struct column *columns, size_t count);
bool pdf_row(struct maker *maker, char *const *cells, size_t count, bool is_sum);
bool pdf_end_table(struct maker *maker);
void pdf_draw_rules(struct pdf *pdf);

// Makes `path` of `raw_path`: language and title of the document, scope of head cells, artifacts.
bool pdf_tags_finish(const char *raw_path, const char *path, const char *language);
