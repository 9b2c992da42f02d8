// Reports as files: asked for here, made by job_exports.c, fetched here (S1.29).
#include <string.h>

#include "answer.h"
#include "export_grid.h"
#include "export_make.h"

static const struct message UNKNOWN_REPORT = {
    "unknown_report",
    "Такого отчёта нет. Выберите: start, provided, values, roadmaps, measures, roadmap, activity, slice.",
    "There is no such report. Choose start, provided, values, roadmaps, measures, roadmap, activity or slice."};
static const struct message UNKNOWN_FORMAT = {"unknown_format", "Выберите формат файла: xlsx, csv или pdf.",
                                              "Choose the file's format: xlsx, csv or pdf."};
static const struct message TOO_MANY_FILES = {"too_many_files",
                                              "У вас уже 30 файлов отчётов. Удалите ненужные и повторите.",
                                              "You have 30 report files already. Delete some and try again."};
static const struct message NO_SUCH_FILE = {"not_found", "Такого файла у вас нет. Возможно, срок его хранения истёк.",
                                            "You have no such file. Perhaps its time is over."};
static const struct message NOT_YET = {"not_yet", "Файл ещё готовится. Подождите и повторите.",
                                       "The file is still being made. Wait and try again."};
static const struct message COULD_NOT_BE_MADE = {"not_made", "Файл не удалось подготовить. Запросите его ещё раз.",
                                                 "The file could not be made. Ask for it again."};

static const struct message TOO_LONG_FOR_PDF = {
    "too_long", "Для PDF в отчёте слишком много строк. Выберите XLSX или CSV либо один муниципалитет.",
    "The report has too many rows for a PDF. Choose XLSX or CSV, or a single municipality."};

// NULL: no such format.
static const char *
content_type_of(const char *format)
{
    static const char *const types[][2] = {
        {"xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
        {"csv", "text/csv; charset=utf-8"},
        {"pdf", "application/pdf"}};
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
        if (strcmp(types[i][0], format) == 0)
            return types[i][1];
    return NULL;
}

static enum status
find_report(struct call *call, const Reporting__CreateExportRequest *request, const struct export_report **ret_report)
{
    *ret_report = export_report_find(request->report);
    if (!*ret_report)
        (void)fail_field(call, "report", &UNKNOWN_REPORT);
    const char *content_type = content_type_of(request->format);
    if (!content_type)
        (void)fail_field(call, "format", &UNKNOWN_FORMAT);
    return *ret_report && content_type ? STATUS_OK : STATUS_INVALID;
}

// Asks the report itself, one row of it: what it refuses is refused now, and who reads contacts is in the audit.
static enum status
try_report(struct call *call, const struct export_report *report, const Reporting__CreateExportRequest *request,
           ProtobufCMessage **ret_reply)
{
    const struct method *method = export_method(report->method);
    const struct contract_method *contract = contract_find_method(report->method);
    if (!method || !contract)
        return STATUS_INTERNAL;
    if (!(contract->roles & 1u << call->principal->role))
        return fail(call, STATUS_NOT_FOUND, &NO_SUCH_ROUND);
    ProtobufCMessage *asked = export_request_of(call->arena, contract, request);
    *ret_reply = arena_take(call->arena, contract->reply->sizeof_message);
    if (!asked || !*ret_reply)
        return STATUS_TOO_LARGE;
    const ProtobufCFieldDescriptor *limit = protobuf_c_message_descriptor_get_field_by_name(contract->request, "limit");
    if (limit)
        *(uint32_t *)(void *)((char *)asked + limit->offset) = 1;
    protobuf_c_message_init(contract->reply, *ret_reply);
    return method->handle(call, asked, *ret_reply);
}

// "Базовый отчет по дорожным картам на 31.03.2021.xlsx"
static const char *
name_file(struct call *call, const struct export_report *report, const Reporting__CreateExportRequest *request,
          const ProtobufCMessage *reply)
{
    const char *day = export_text_of(reply, "as_of");
    if (!*day)
        day = export_text_of(reply, "to_on");
    const char *title = say(call, &report->title);
    if (strlen(day) != 10)
        return arena_format(call->arena, "%s.%s", title, request->format);
    if (call->english)
        return arena_format(call->arena, "%s as of %s.%s", title, day, request->format);
    return arena_format(call->arena, "%s на %.2s.%.2s.%.4s.%s", title, day + 8, day + 5, day, request->format);
}

static void
tell(struct call *call, const struct db_rows *rows, int row, Reporting__Export *reply)
{
    fill_message(&reply->base, rows, row, call->arena);
    if (strcmp(reply->state, "failed") == 0)
        reply->failure =
            say(call, strcmp(reply->failure, TOO_LONG_FOR_PDF.code) == 0 ? &TOO_LONG_FOR_PDF : &COULD_NOT_BE_MADE);
}

enum status
handle_create_export(struct call *call, const Reporting__CreateExportRequest *request, Reporting__Export *reply)
{
    const struct export_report *report;
    ProtobufCMessage *answered = NULL;
    enum status status = find_report(call, request, &report);
    if (status == STATUS_OK)
        status = try_report(call, report, request, &answered);
    if (status != STATUS_OK)
        return status;
    struct new_export export = {.request = request, .file_name = name_file(call, report, request, answered)};
    export.packed_request_size = protobuf_c_message_get_packed_size(&request->base);
    export.packed_principal_size = protobuf_c_message_get_packed_size(&call->principal->base);
    uint8_t *packed = arena_take(call->arena, export.packed_request_size + export.packed_principal_size + 1);
    if (!packed || !export.file_name)
        return STATUS_TOO_LARGE;
    protobuf_c_message_pack(&request->base, packed);
    protobuf_c_message_pack(&call->principal->base, packed + export.packed_request_size);
    export.packed_request = packed;
    export.packed_principal = packed + export.packed_request_size;
    struct db_rows rows;
    status = store_insert_export(call, &export, &rows);
    if (status != STATUS_OK)
        return status;
    if (rows.count == 0)
        return fail(call, STATUS_CONFLICT, &TOO_MANY_FILES);
    tell(call, &rows, 0, reply);
    return STATUS_OK;
}

enum status
handle_list_exports(struct call *call, const Reporting__ListExportsRequest *request, Reporting__ListExportsReply *reply)
{
    struct db_rows rows;
    (void)request;
    enum status status = store_list_exports(call, &rows);
    if (status == STATUS_OK)
        status = fill_list(call, &rows, &reporting__export__descriptor, &reply->n_exports, &reply->exports);
    for (size_t i = 0; status == STATUS_OK && i < reply->n_exports; i++)
        tell(call, &rows, (int)i, reply->exports[i]);
    return status;
}

enum status
handle_get_export(struct call *call, const Reporting__GetExportRequest *request, Reporting__Export *reply)
{
    struct db_rows rows;
    enum status status = store_get_export(call, request->export_id, &rows);
    if (status != STATUS_OK)
        return status;
    if (rows.count == 0)
        return fail(call, STATUS_NOT_FOUND, &NO_SUCH_FILE);
    tell(call, &rows, 0, reply);
    return STATUS_OK;
}

enum status
handle_delete_export(struct call *call, const Reporting__DeleteExportRequest *request,
                     Reporting__DeleteExportReply *reply)
{
    int64_t count;
    (void)reply;
    enum status status = store_delete_export(call, request->export_id, &count);
    return status == STATUS_OK && count == 0 ? fail(call, STATUS_NOT_FOUND, &NO_SUCH_FILE) : status;
}

// Of the piece where the offset lies; the gateway comes back for the rest.
static enum status
tell_bytes(struct call *call, const struct db_rows *rows, const Reporting__DownloadExportRequest *request,
           Reporting__ExportPiece *reply)
{
    size_t size, skipped = request->offset % EXPORT_PIECE_BYTES;
    const uint8_t *piece = db_bytes_at(rows, 0, PIECE_BYTES, call->arena, &size);
    if (!piece)
        return STATUS_TOO_LARGE;
    if (skipped >= size)
        return STATUS_OK;
    size -= skipped;
    if (request->length > 0 && request->length < size)
        size = request->length;
    reply->data = (ProtobufCBinaryData){size, (uint8_t *)(uintptr_t)piece + skipped};
    return STATUS_OK;
}

enum status
handle_download_export(struct call *call, const Reporting__DownloadExportRequest *request,
                       Reporting__ExportPiece *reply)
{
    struct db_rows rows, known;
    uint64_t position = request->offset / EXPORT_PIECE_BYTES;
    if (position > INT32_MAX)
        position = INT32_MAX;
    enum status status = store_get_export_piece(call, request->export_id, position, &rows);
    if (status != STATUS_OK)
        return status;
    if (rows.count == 0) {
        status = store_get_export(call, request->export_id, &known);
        if (status != STATUS_OK)
            return status;
        return known.count == 0 ? fail(call, STATUS_NOT_FOUND, &NO_SUCH_FILE) : fail(call, STATUS_CONFLICT, &NOT_YET);
    }
    fill_message(&reply->base, &rows, 0, call->arena);
    reply->content_type = content_type_of(db_text_at(&rows, 0, PIECE_FORMAT));
    if (!reply->content_type)
        return STATUS_INTERNAL;
    return db_is_null_at(&rows, 0, PIECE_BYTES) ? STATUS_OK : tell_bytes(call, &rows, request, reply);
}
