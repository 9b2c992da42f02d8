// The cells of a file: what a report's reply says, row by row, in the columns of a sheet.
#pragma once

#include "export_reports.h"

struct export_cell {
    enum { CELL_NOTHING, CELL_TEXT, CELL_NUMBER, CELL_PERCENT, CELL_DAY, CELL_MOMENT, CELL_VALUE } shown;
    const char *text; // days: YYYY-MM-DD; moments: YYYY-MM-DD HH:MM in the round's zone
    double number;
};

// A sheet's column as the file has it: a column that compares stands there twice.
struct export_shown {
    const struct export_column *column;
    bool is_was;
};
// NULL over the arena's limit.
// `reply`: where the questions of a sheet with values stand; else it may be NULL.
struct export_shown *export_columns_shown(struct arena *arena, const struct export_sheet *sheet, bool compares,
                                          const ProtobufCMessage *reply, size_t *ret_count);

struct export_grid {
    struct export_cell *cells; // row by row
    size_t rows, columns;
};
// Moments are still in UTC afterwards; export_grid_moments() tells where.
MUST_CHECK enum status export_grid_fill(struct arena *arena, const struct export_report *report,
                                        const struct export_sheet *sheet, const struct export_shown *shown,
                                        size_t shown_count, const ProtobufCMessage *reply, bool english,
                                        struct export_grid *ret_grid);
// The cells with moments, in their order; NULL over the arena's limit.
struct export_cell **export_grid_moments(struct arena *arena, struct export_grid *grid, size_t *ret_count);
// The row of sums below all others; no row when the sheet has none.
MUST_CHECK enum status export_grid_totals(struct arena *arena, const struct export_sheet *sheet,
                                          const struct export_shown *shown, size_t shown_count,
                                          const ProtobufCMessage *reply, bool english, struct export_grid *ret_grid);

// A text field of the message; "" when it has none of this name.
const char *export_text_of(const ProtobufCMessage *message, const char *field);
