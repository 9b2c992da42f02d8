// A file of a report while it is written: XLSX by libxlsxwriter, or CSV. Memory does not grow with its rows.
#pragma once

#include <stdbool.h>

#include "export_grid.h"

enum { EXPORT_SHEETS_MAX = 3 };

struct export_about {
    const char *title;
    const char *author;
    int64_t made_at_ms;
    bool english;
};

struct export_file {
    // All return BUSY when the disk is full or memory is out.
    enum status (*add_sheet)(struct export_file *file, const char *title, const struct export_shown *shown,
                             size_t count);
    enum status (*add_row)(struct export_file *file, size_t sheet, const struct export_cell *cells, size_t count);
    // Ends and frees the file; complete only when this returns OK.
    enum status (*close)(struct export_file *file);
};

// `path` is replaced. NULL: it can't be written. `about` need not outlive the call.
struct export_file *export_xlsx_new(const char *path, const struct export_about *about);
struct export_file *export_csv_new(const char *path, const struct export_about *about);

// What the title of a column ends with that shows how things were at the day to compare with.
const char *export_was_words(bool english);
