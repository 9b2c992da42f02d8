// A file of a report while it is written: XLSX by libxlsxwriter, CSV, or PDF by vekha-paper. Memory does not grow with
// its rows.
#pragma once

#include <stdbool.h>

#include "export_part.h"

enum { EXPORT_SHEETS_MAX = 3, EXPORT_WORDS_BYTES = 400, EXPORT_HEAD_BYTES = 8400 };

struct export_about {
    const char *title, *subtitle;
    const char *author;
    const char *made_at; // RFC 3339 UTC
    int64_t made_at_ms;
    bool english, has_sheets; // several
    // Told again and again while it takes long; false: nobody wants the file any more.
    bool (*is_wanted)(void *asker);
    void *asker;
};

struct export_file {
    // Its sheets come one after the other, each with all of its rows; else all sheets first.
    bool takes_turns;
    // All return BUSY when the disk is full or memory is out.
    enum status (*add_sheet)(struct export_file *file, const char *title, const struct export_shown *shown,
                             size_t count);
    enum status (*add_row)(struct export_file *file, const struct export_line *line);
    // Ends and frees the file; complete only when this returns OK. With is_whole false it is given up.
    enum status (*close)(struct export_file *file, bool is_whole);
};

// `path` is replaced. NULL: it can't be written. `about` need not outlive the call, but its asker.
struct export_file *export_xlsx_new(const char *path, const struct export_about *about);
struct export_file *export_csv_new(const char *path, const struct export_about *about);
struct export_file *export_pdf_new(const char *path, const struct export_about *about);

// As people read it; either in `out` or the cell's own text.
const char *export_cell_words(const struct export_cell *cell, bool english, char out[EXPORT_WORDS_BYTES]);
// The column's title, and that it shows how things were at the day to compare with.
const char *export_head_words(const struct export_shown *shown, bool english, char out[EXPORT_HEAD_BYTES]);
