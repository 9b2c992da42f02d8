#include "export_make.h"

#include <string.h>

#include "export_file.h"
#include "reporting_rpc.h"
#include "vekha/base/time.h"

enum { PAGE_ARENA_BYTES = 24 * 1024 * 1024, TOKEN_CHARS = 200 };

// A file in the making.
struct making {
    struct call *call;
    const struct export_task *task;
    const struct export_report *report;
    const struct method *method;
    ProtobufCMessage *request;
    struct arena page; // of one page of the report
    struct export_file *file;
    struct export_shown *shown[EXPORT_SHEETS_MAX];
    size_t shown_count[EXPORT_SHEETS_MAX];
    uint32_t rows;
    char token[TOKEN_CHARS]; // where the next page begins
};

const struct method *
export_method(const char *name)
{
    for (size_t i = 0; i < reporting_method_count; i++)
        if (strcmp(reporting_methods[i].name, name) == 0)
            return &reporting_methods[i];
    return NULL;
}

static void
take_over(ProtobufCMessage *message, const ProtobufCFieldDescriptor *to, const ProtobufCMessage *request)
{
    const ProtobufCFieldDescriptor *from =
        protobuf_c_message_descriptor_get_field_by_name(request->descriptor, to->name);
    if (!from || from->type != to->type)
        return;
    void *target = (char *)message + to->offset;
    const void *source = (const char *)request + from->offset;
    if (to->type == PROTOBUF_C_TYPE_STRING)
        memcpy(target, source, sizeof(char *));
    else if (to->type == PROTOBUF_C_TYPE_BOOL)
        memcpy(target, source, sizeof(protobuf_c_boolean));
}

ProtobufCMessage *
export_request_of(struct arena *arena, const struct contract_method *contract,
                  const Reporting__CreateExportRequest *request)
{
    ProtobufCMessage *message = arena_take(arena, contract->request->sizeof_message);
    if (!message)
        return NULL;
    protobuf_c_message_init(contract->request, message);
    for (unsigned i = 0; i < contract->request->n_fields; i++)
        take_over(message, &contract->request->fields[i], &request->base);
    return message;
}

// Pages of reports continue behind the last row's path, or behind its account.
static void
continue_behind(struct making *making, const ProtobufCMessage *reply)
{
    static const char *const tokens[][2] = {{"next_after_path", "after_path"},
                                            {"next_after_account_id", "after_account_id"}};
    making->token[0] = '\0';
    for (size_t i = 0; i < sizeof tokens / sizeof tokens[0]; i++) {
        const char *next = export_text_of(reply, tokens[i][0]);
        const ProtobufCFieldDescriptor *field =
            protobuf_c_message_descriptor_get_field_by_name(making->request->descriptor, tokens[i][1]);
        if (!*next || !field || strlen(next) >= sizeof making->token)
            continue;
        memcpy(making->token, next, strlen(next) + 1);
        const char *token = making->token;
        memcpy((char *)making->request + field->offset, &token, sizeof token);
    }
}

static enum status
tell_moments(struct making *making, struct export_grid *grid)
{
    size_t count;
    struct export_cell **cells = export_grid_moments(&making->page, grid, &count);
    if (!cells)
        return STATUS_TOO_LARGE;
    if (count == 0)
        return STATUS_OK;
    char **moments = arena_take(&making->page, count * sizeof(*moments));
    for (size_t i = 0; moments && i < count; i++)
        moments[i] = (char *)(uintptr_t)cells[i]->text;
    const char *list = moments ? db_text_array(&making->page, moments, count) : NULL;
    struct db_rows local;
    if (!list)
        return STATUS_TOO_LARGE;
    enum status status = store_local_moments(making->call, making->task->zone, list, &local);
    for (size_t i = 0; status == STATUS_OK && i < count && i < (size_t)local.count; i++)
        cells[i]->text = db_text_at(&local, (int)i, 0);
    return status;
}

static enum status
write_rows(struct making *making, size_t sheet, const struct export_grid *grid)
{
    enum status status = STATUS_OK;
    for (size_t i = 0; i < grid->rows && status == STATUS_OK; i++)
        status = making->file->add_row(making->file, sheet, grid->cells + i * grid->columns, grid->columns);
    making->rows += sheet == 0 ? (uint32_t)grid->rows : 0;
    return status;
}

static enum status
write_page(struct making *making, const ProtobufCMessage *reply)
{
    enum status status = STATUS_OK;
    bool english = making->task->asker.english;
    for (size_t i = 0; i < making->report->sheet_count && status == STATUS_OK; i++) {
        const struct export_sheet *sheet = &making->report->sheets[i];
        struct export_grid grid, totals;
        status = export_grid_fill(&making->page, making->report, sheet, making->shown[i], making->shown_count[i], reply,
                                  english, &grid);
        if (status == STATUS_OK)
            status = tell_moments(making, &grid);
        if (status == STATUS_OK)
            status = write_rows(making, i, &grid);
        if (status == STATUS_OK && !*making->token)
            status = export_grid_totals(&making->page, sheet, making->shown[i], making->shown_count[i], reply, english,
                                        &totals);
        // Sums are no row of the report.
        if (status == STATUS_OK && !*making->token && totals.rows > 0)
            status = making->file->add_row(making->file, i, totals.cells, totals.columns);
    }
    return status;
}

// A report only reads, but its handler also writes down that it was looked at: not again for each page of a file.
static enum status
ask_page(struct making *making)
{
    ProtobufCMessage *reply;
    struct call *call = making->call;
    enum status status = db_begin(call->db);
    if (status == STATUS_OK)
        status = call_ask(call, &making->page, &making->task->asker, making->method, making->request, &reply);
    if (status == STATUS_OK) {
        continue_behind(making, reply);
        status = write_page(making, reply);
    }
    db_rollback(call->db);
    db_release_rows(call->db);
    arena_reset(&making->page);
    return status;
}

static enum status
say_alive(struct making *making)
{
    char now[25];
    time_format_utc(clock_now_ms(), now);
    return store_export_alive(making->call, making->task->export_id, making->task->attempt, now, making->rows);
}

static enum status
add_sheets(struct making *making)
{
    enum status status = STATUS_OK;
    bool compares = *making->task->request->compare_with != '\0';
    for (size_t i = 0; i < making->report->sheet_count && status == STATUS_OK; i++) {
        const struct export_sheet *sheet = &making->report->sheets[i];
        making->shown[i] = export_columns_shown(making->call->arena, sheet, compares, &making->shown_count[i]);
        if (!making->shown[i])
            return STATUS_TOO_LARGE;
        status = making->file->add_sheet(making->file,
                                         making->task->asker.english ? sheet->title.english : sheet->title.russian,
                                         making->shown[i], making->shown_count[i]);
    }
    return status;
}

static enum status
write_all(struct making *making)
{
    enum status status = add_sheets(making);
    while (status == STATUS_OK) {
        status = ask_page(making);
        if (status == STATUS_OK)
            status = say_alive(making);
        if (!*making->token)
            break;
    }
    return status;
}

enum status
export_make(struct call *call, const struct export_task *task, const char *path)
{
    struct making making = {.call = call, .task = task, .report = export_report_find(task->report)};
    making.method = making.report ? export_method(making.report->method) : NULL;
    const struct contract_method *contract = making.report ? contract_find_method(making.report->method) : NULL;
    if (!making.method || !contract)
        return STATUS_INTERNAL;
    making.request = export_request_of(call->arena, contract, task->request);
    if (!making.request)
        return STATUS_TOO_LARGE;
    bool is_csv = strcmp(task->format, "csv") == 0;
    const struct export_about about = {
        .title = task->asker.english ? making.report->title.english : making.report->title.russian,
        .author = task->asker.principal->display_name,
        .made_at_ms = task->asker.now_ms,
        .english = task->asker.english,
    };
    making.file = is_csv ? export_csv_new(path, &about) : export_xlsx_new(path, &about);
    if (!making.file)
        return STATUS_BUSY;
    arena_init(&making.page, PAGE_ARENA_BYTES);
    enum status status = write_all(&making);
    arena_done(&making.page);
    enum status closed = making.file->close(making.file);
    return status == STATUS_OK ? closed : status;
}
