// Reads CSV (RFC 4180) of people's spreadsheets into rows of cells: no I/O, no meaning of columns.
#pragma once

#include <stddef.h>

#include "vekha/base/arena.h"

enum csv_fault {
    CSV_FINE,
    CSV_EMPTY,
    CSV_NOT_UTF8,
    CSV_QUOTE_NOT_CLOSED,
    CSV_TEXT_AFTER_QUOTE,
    CSV_TOO_MANY_ROWS,
    CSV_TOO_MANY_COLUMNS,
    CSV_NO_MEMORY,
};

enum { CSV_MAX_ROWS = 20000, CSV_MAX_COLUMNS = 40 };

struct csv_row {
    unsigned number; // as a spreadsheet counts: the header is 1
    size_t cell_count;
    const char **cells;
};

struct csv_table {
    char delimiter;
    struct csv_row header;
    struct csv_row *rows; // without the header and without blank rows
    size_t row_count;
};

// A byte order mark, CRLF or LF, and `,`, `;` or a tabulator (the most frequent in the header) are accepted. Quotes
// inside a cell that does not begin with one are data. On a fault *ret_row says where.
enum csv_fault csv_parse(struct arena *arena, const char *text, size_t size, struct csv_table *ret_table,
                         unsigned *ret_row);
