// Rows that were asked for and wait for their file: lines of text, a cell after the other with the letter of its kind.
#pragma once

#include "export_grid.h"
#include "vekha/base/text.h"

enum { EXPORT_COLUMNS_MAX = 500 };

struct export_line {
    size_t sheet, count;
    bool is_sum; // below all rows
    struct export_cell cells[EXPORT_COLUMNS_MAX];
};
void export_part_add(struct buffer *body, size_t sheet, bool is_sum, const struct export_cell *cells, size_t count);
// Takes the next line apart in place and moves behind it; false at the end, or where there is no such line.
bool export_part_next(char **at, struct export_line *line);
