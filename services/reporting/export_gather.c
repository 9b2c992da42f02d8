// Asks a report page by page and keeps its rows as parts, so that whoever goes on for a dead maker asks for the rest.
#include <string.h>

#include "export_gather.h"
#include "reporting_rpc.h"
#include "vekha/base/time.h"

enum { PAGE_ARENA_BYTES = 24 * 1024 * 1024, TOKEN_CHARS = 200, PART_BYTES_MAX = 16 * 1024 * 1024 };

// Pages on their way to parts.
struct gathering {
    struct call *call;
    const struct export_task *task;
    const struct export_plan *plan;
    const struct method *method;
    ProtobufCMessage *request;
    struct arena page; // of one page of the report
    struct buffer part;
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
    else if (to->type == PROTOBUF_C_TYPE_UINT32)
        memcpy(target, source, sizeof(uint32_t));
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

// Pages of reports continue behind the last row's path, behind its account, or behind its place in an order of their
// own.
static const char *const tokens[][2] = {
    {"next_after_path", "after_path"}, {"next_after_account_id", "after_account_id"}, {"next_after", "after"}};

static void
begin_behind(struct gathering *gathering)
{
    const char *token = gathering->token;
    for (size_t i = 0; i < sizeof tokens / sizeof tokens[0]; i++) {
        const ProtobufCFieldDescriptor *field =
            protobuf_c_message_descriptor_get_field_by_name(gathering->request->descriptor, tokens[i][1]);
        if (field)
            memcpy((char *)gathering->request + field->offset, &token, sizeof token);
    }
}

static enum status
find_next(struct gathering *gathering, const ProtobufCMessage *reply)
{
    gathering->token[0] = '\0';
    for (size_t i = 0; i < sizeof tokens / sizeof tokens[0]; i++) {
        const char *next = export_text_of(reply, tokens[i][0]);
        if (strlen(next) >= sizeof gathering->token)
            return STATUS_INTERNAL;
        if (*next)
            memcpy(gathering->token, next, strlen(next) + 1);
    }
    begin_behind(gathering);
    return STATUS_OK;
}

static enum status
tell_moments(struct gathering *gathering, struct export_grid *grid)
{
    size_t count;
    struct export_cell **cells = export_grid_moments(&gathering->page, grid, &count);
    if (!cells)
        return STATUS_TOO_LARGE;
    if (count == 0)
        return STATUS_OK;
    char **moments = arena_take(&gathering->page, count * sizeof(*moments));
    for (size_t i = 0; moments && i < count; i++)
        moments[i] = (char *)(uintptr_t)cells[i]->text;
    const char *list = moments ? db_text_array(&gathering->page, moments, count) : NULL;
    struct db_rows local;
    if (!list)
        return STATUS_TOO_LARGE;
    enum status status = store_local_moments(gathering->call, gathering->task->zone, list, &local);
    for (size_t i = 0; status == STATUS_OK && i < count && i < (size_t)local.count; i++)
        cells[i]->text = db_text_at(&local, (int)i, 0);
    return status;
}

static void
add_rows(struct gathering *gathering, size_t sheet, const struct export_grid *grid)
{
    for (size_t i = 0; i < grid->rows; i++)
        export_part_add(&gathering->part, sheet, false, grid->cells + i * grid->columns, grid->columns);
    gathering->rows += sheet == 0 ? (uint32_t)grid->rows : 0;
}

static enum status
add_page_of_sheet(struct gathering *gathering, size_t number, const ProtobufCMessage *reply)
{
    const struct export_plan *plan = gathering->plan;
    const struct export_sheet *sheet = &plan->report->sheets[number];
    const struct export_shown *shown = plan->shown[number];
    size_t count = plan->shown_count[number];
    bool english = gathering->task->asker.english;
    struct export_grid grid, totals = {.rows = 0};
    enum status status = export_grid_fill(&gathering->page, plan->report, sheet, shown, count, reply, english, &grid);
    if (status == STATUS_OK)
        status = tell_moments(gathering, &grid);
    if (status != STATUS_OK)
        return status;
    add_rows(gathering, number, &grid);
    if (!*gathering->token)
        status = export_grid_totals(&gathering->page, sheet, shown, count, reply, english, &totals);
    // Sums are no row of the report.
    if (status == STATUS_OK && totals.rows > 0)
        export_part_add(&gathering->part, number, true, totals.cells, totals.columns);
    return status;
}

static enum status
add_page(struct gathering *gathering, const ProtobufCMessage *reply)
{
    enum status status = find_next(gathering, reply);
    for (size_t i = 0; i < gathering->plan->report->sheet_count && status == STATUS_OK; i++)
        status = add_page_of_sheet(gathering, i, reply);
    return status == STATUS_OK && gathering->part.overflowed ? STATUS_TOO_LARGE : status;
}

// A report only reads, but its handler also writes down that it was looked at: not again for each page of a file.
static enum status
ask_page(struct gathering *gathering)
{
    ProtobufCMessage *reply;
    struct call *call = gathering->call;
    enum status status = db_begin(call->db);
    if (status == STATUS_OK)
        status =
            call_ask(call, &gathering->page, &gathering->task->asker, gathering->method, gathering->request, &reply);
    if (status == STATUS_OK)
        status = add_page(gathering, reply);
    db_rollback(call->db);
    db_release_rows(call->db);
    return status;
}

static enum status
keep_part(struct gathering *gathering)
{
    char now[25];
    const struct export_task *task = gathering->task;
    const struct buffer *part = &gathering->part;
    time_format_utc(clock_now_ms(), now);
    enum status status = store_add_export_part(gathering->call, task->export_id, task->attempt,
                                               &(struct export_part){.at = now,
                                                                     .token = gathering->token,
                                                                     .body = part->data ? part->data : "",
                                                                     .size = part->size,
                                                                     .row_count = gathering->rows});
    db_release_rows(gathering->call->db);
    return status;
}

static bool
is_too_long(const struct gathering *gathering)
{
    return strcmp(gathering->task->format, "pdf") == 0 &&
           gathering->rows * gathering->plan->shown_count[0] > EXPORT_PDF_CELLS_MAX;
}

static enum status
gather_all(struct gathering *gathering, const char **ret_failure)
{
    enum status status = STATUS_OK;
    do {
        buffer_reset(&gathering->part);
        status = ask_page(gathering);
        arena_reset(&gathering->page);
        if (status == STATUS_OK && is_too_long(gathering)) {
            *ret_failure = EXPORT_TOO_LONG;
            status = STATUS_TOO_LARGE;
        }
        if (status == STATUS_OK)
            status = keep_part(gathering);
    } while (status == STATUS_OK && *gathering->token);
    return status;
}

// 0: as many as a reply holds.
static void
limit_page(struct gathering *gathering, uint32_t rows)
{
    const ProtobufCFieldDescriptor *limit =
        protobuf_c_message_descriptor_get_field_by_name(gathering->request->descriptor, "limit");
    if (limit && rows > 0)
        memcpy((char *)gathering->request + limit->offset, &rows, sizeof rows);
}

static enum status
begin(struct gathering *gathering, struct call *call, const struct export_task *task, const struct export_plan *plan)
{
    *gathering = (struct gathering){.call = call, .task = task, .plan = plan, .rows = task->rows};
    const struct contract_method *contract = contract_find_method(plan->report->method);
    gathering->method = export_method(plan->report->method);
    if (!gathering->method || !contract || strlen(task->token) >= sizeof gathering->token)
        return STATUS_INTERNAL;
    gathering->request = export_request_of(call->arena, contract, task->request);
    if (!gathering->request)
        return STATUS_TOO_LARGE;
    arena_init(&gathering->page, PAGE_ARENA_BYTES);
    buffer_init(&gathering->part, PART_BYTES_MAX);
    return STATUS_OK;
}

static void
end(struct gathering *gathering)
{
    buffer_done(&gathering->part);
    arena_done(&gathering->page);
}

static enum status
add_columns(struct call *call, const struct export_task *task, const ProtobufCMessage *reply, struct export_plan *plan)
{
    bool compares = *task->request->compare_with || *task->request->compare_slice_id;
    for (size_t i = 0; i < plan->report->sheet_count; i++) {
        plan->shown[i] =
            export_columns_shown(call->arena, &plan->report->sheets[i], compares, reply, &plan->shown_count[i]);
        if (!plan->shown[i] || plan->shown_count[i] > EXPORT_COLUMNS_MAX)
            return STATUS_TOO_LARGE;
    }
    return STATUS_OK;
}

enum status
export_plan_fill(struct call *call, const struct export_task *task, struct export_plan *plan)
{
    struct gathering gathering;
    ProtobufCMessage *reply;
    if (!plan->report->sheets[0].has_values)
        return add_columns(call, task, NULL, plan);
    enum status status = begin(&gathering, call, task, plan);
    if (status != STATUS_OK)
        return status;
    limit_page(&gathering, 1);
    status = db_begin(call->db);
    if (status == STATUS_OK)
        status = call_ask(call, &gathering.page, &task->asker, gathering.method, gathering.request, &reply);
    if (status == STATUS_OK)
        status = add_columns(call, task, reply, plan);
    db_rollback(call->db);
    db_release_rows(call->db);
    end(&gathering);
    return status;
}

enum status
export_gather(struct call *call, const struct export_task *task, const struct export_plan *plan,
              const char **ret_failure)
{
    struct gathering gathering;
    enum status status = begin(&gathering, call, task, plan);
    if (status != STATUS_OK)
        return status;
    limit_page(&gathering, (uint32_t)config_number(call->config, "export_page_rows"));
    memcpy(gathering.token, task->token, strlen(task->token) + 1);
    begin_behind(&gathering);
    status = gather_all(&gathering, ret_failure);
    end(&gathering);
    return status;
}
