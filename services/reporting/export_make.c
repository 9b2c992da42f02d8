// Makes the file of a report of its parts.
#include "export_make.h"

#include <string.h>

#include "export_gather.h"
#include "vekha/base/time.h"

enum { PART_ARENA_BYTES = 40 * 1024 * 1024 };

// A file in the making.
struct making {
    struct call *call;
    const struct export_task *task;
    const struct export_plan *plan;
    struct export_file *file;
    struct arena part; // of one part
    int64_t parts;
    uint32_t rows;
    int64_t told_ms; // when it last gave a sign of life
};

enum { ALIVE_EVERY_MS = 2000 };

static enum status
say_alive(struct making *making)
{
    char now[25];
    int64_t now_ms = clock_monotonic_ms();
    if (now_ms - making->told_ms < ALIVE_EVERY_MS)
        return STATUS_OK;
    making->told_ms = now_ms;
    time_format_utc(clock_now_ms(), now);
    enum status status = store_export_alive(making->call, making->task->export_id, making->task->attempt, now);
    db_release_rows(making->call->db);
    return status;
}

static bool
is_wanted(void *asker)
{
    return say_alive(asker) != STATUS_NOT_FOUND;
}

// only_sheet: below the plan's number of sheets, lines of that one alone.
static enum status
write_part(struct making *making, int64_t position, size_t only_sheet)
{
    struct db_rows rows;
    size_t size;
    enum status status = store_get_export_part(making->call, making->task->export_id, position, &rows);
    if (status != STATUS_OK || rows.count == 0)
        return status != STATUS_OK ? status : STATUS_NOT_FOUND;
    const char *kept = db_bytes_at(&rows, 0, 0, &making->part, &size);
    char *at = kept ? arena_copy_bytes(&making->part, kept, size) : NULL;
    db_release_rows(making->call->db);
    if (!at)
        return STATUS_TOO_LARGE;
    const char *end = at + size;
    struct export_line line;
    while (status == STATUS_OK && export_part_next(&at, &line))
        if (only_sheet >= making->plan->report->sheet_count || line.sheet == only_sheet)
            status = making->file->add_row(making->file, &line);
    arena_reset(&making->part);
    return status == STATUS_OK && at != end ? STATUS_INTERNAL : status;
}

static enum status
write_parts(struct making *making, size_t only_sheet)
{
    enum status status = STATUS_OK;
    for (int64_t position = 0; position < making->parts && status == STATUS_OK; position++) {
        status = write_part(making, position, only_sheet);
        if (status == STATUS_OK)
            status = say_alive(making);
    }
    return status;
}

static enum status
write_all(struct making *making)
{
    const struct export_plan *plan = making->plan;
    struct export_file *file = making->file;
    enum status status = STATUS_OK;
    for (size_t i = 0; i < plan->report->sheet_count && status == STATUS_OK; i++) {
        const struct message *title = &plan->report->sheets[i].title;
        status = file->add_sheet(file, making->task->asker.english ? title->english : title->russian, plan->shown[i],
                                 plan->shown_count[i]);
        if (status == STATUS_OK && file->takes_turns)
            status = write_parts(making, i);
    }
    return status == STATUS_OK && !file->takes_turns ? write_parts(making, SIZE_MAX) : status;
}

static struct export_file *
begin_file(struct making *making, const char *path)
{
    const struct export_task *task = making->task;
    const struct export_about about = {
        .title = task->title,
        .subtitle = task->subtitle,
        .author = task->asker.principal->display_name,
        .made_at = task->asker.now,
        .made_at_ms = task->asker.now_ms,
        .english = task->asker.english,
        .has_sheets = making->plan->report->sheet_count > 1,
        .is_wanted = is_wanted,
        .asker = making,
    };
    if (strcmp(task->format, "csv") == 0)
        return export_csv_new(path, &about);
    return strcmp(task->format, "pdf") == 0 ? export_pdf_new(path, &about) : export_xlsx_new(path, &about);
}

static enum status
write_file(struct making *making, const char *path)
{
    struct db_rows rows;
    enum status status = store_count_export_parts(making->call, making->task->export_id, &rows);
    if (status != STATUS_OK)
        return status;
    making->parts = db_integer_at(&rows, 0, 0);
    db_release_rows(making->call->db);
    making->file = begin_file(making, path);
    if (!making->file)
        return STATUS_BUSY;
    arena_init(&making->part, PART_ARENA_BYTES);
    status = write_all(making);
    arena_done(&making->part);
    enum status closed = making->file->close(making->file, status == STATUS_OK);
    return status == STATUS_OK ? closed : status;
}

enum status
export_make(struct call *call, const struct export_task *task, const char *path, const char **ret_failure)
{
    struct export_plan plan = {.report = export_report_find(task->report)};
    struct making making = {.call = call, .task = task, .plan = &plan};
    *ret_failure = "";
    if (!plan.report)
        return STATUS_INTERNAL;
    enum status status = export_plan_fill(call, task, &plan);
    if (status == STATUS_OK && !task->is_gathered)
        status = export_gather(call, task, &plan, ret_failure);
    return status == STATUS_OK ? write_file(&making, path) : status;
}
