// What the files of reports hold: for each report its method, its sheets, and their columns with the fields they show.
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "vekha/service/service.h"

enum export_kind {
    EXPORT_TEXT,    // a text, or several with commas between
    EXPORT_NUMBER,  // a number field, or a text with a number
    EXPORT_PERCENT, // a text with two decimals
    EXPORT_DAY,     // YYYY-MM-DD
    EXPORT_MOMENT,  // RFC 3339 UTC, shown in the round's zone
    EXPORT_WORD,    // a word for programs, shown as people say it
    EXPORT_VALUE,   // a text with a number of as many decimals as it has
};

struct export_word {
    const char *code;
    struct message words;
};

struct export_column {
    // `code` is the field's path: "figures.planned_on". "items.question" is of a row's part. "item_code>question" is
    // the question of the row in the first sheet that has the same item_code. "#3" is the row's value number 3.
    struct message title;
    enum export_kind kind;
    unsigned chars; // width
    // Beside it stands what it was ("was." for "figures.") when the report compares.
    bool compares;
    const struct export_word *words; // EXPORT_WORD; ends with a NULL code
};

struct export_sheet {
    struct message title; // `code` is the reply's field with the rows
    const char *parts;    // a row's field with its parts, each a line of its own; or NULL
    const char *totals;   // the reply's field with the sums of what stands under "figures."; or NULL
    bool has_values;      // a column more for each question of the reply (ValuesReport)
    const struct export_column *columns;
    size_t column_count;
};

struct export_report {
    struct message title; // `code` is the report's name
    const char *method;
    const struct export_sheet *sheets;
    size_t sheet_count;
};

// The column of a question; `code` is the caller's. Words and kind by its kind of value.
struct export_column export_value_column(const char *code, const char *title, const char *value_kind);
// NULL: there is no such report.
const struct export_report *export_report_find(const char *name);
// The word itself when the column has none for it.
const char *export_word_of(const struct export_column *column, const char *code, bool english);
