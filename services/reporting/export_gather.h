// The first half of making a file: the report's pages become parts.
#pragma once

#include "export_file.h"
#include "export_make.h"

enum { EXPORT_PDF_CELLS_MAX = 200000 }; // of a table in a PDF; more take half a gigabyte to lay out
// Why there is no file, for programs.
#define EXPORT_TOO_LONG "too_long"

// A report with its columns.
struct export_plan {
    const struct export_report *report;
    struct export_shown *shown[EXPORT_SHEETS_MAX];
    size_t shown_count[EXPORT_SHEETS_MAX];
};
// All but the report, which is there.
MUST_CHECK enum status export_plan_fill(struct call *call, const struct export_task *task, struct export_plan *plan);
// Goes on where the task's last maker was. *ret_failure: what trying again does not help.
MUST_CHECK enum status export_gather(struct call *call, const struct export_task *task, const struct export_plan *plan,
                                     const char **ret_failure);
