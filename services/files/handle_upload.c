// Uploads: announced, sent in pieces, gone on with after a cut, cancelled.
#include "files_rpc.h"
#include "process.h"
#include "store.h"

static const struct message UPLOAD_NOT_FOUND = {"upload_not_found",
                                                "Загрузка не найдена или устарела. Начните её заново.",
                                                "The upload is not there or too old. Start it anew."};
static const struct message WRONG_OWNER = {
    "wrong_owner",
    "Укажите что-то одно: показатель вашей организации (исполнитель), черновик сообщения (автор) или программу "
    "(администратор).",
    "Name one of these: an assignment of your organisation (respondents), a draft of a message (its author), a "
    "programme "
    "(administrators)."};
static const struct message EMPTY_FILE = {"empty_file", "Файл пуст. Выберите другой.",
                                          "The file is empty. Choose another one."};
static const struct message TOO_LARGE = {
    "document_too_large", "Файл больше %s МБ. Уменьшите его, например качество скана.",
    "The file is larger than %s MB. Make it smaller, for instance by a lower scan quality."};
static const struct message TOO_MANY_UPLOADS = {
    "too_many_uploads", "Слишком много незавершённых загрузок. Завершите или отмените их и повторите.",
    "Too many unfinished uploads. Complete or cancel them and try again."};
static const struct message QUOTA_USED = {
    "quota_used", "Место для документов вашей организации закончилось. Обратитесь к администратору.",
    "Your organisation's room for documents is used up. Ask the administrator."};
static const struct message GAP = {"upload_gap", "Получено не всё: продолжите загрузку с байта %s.",
                                   "Something is missing: go on with the upload from byte %s."};
static const struct message BEYOND_END = {"beyond_announced_size", "Данных больше, чем было объявлено в начале.",
                                          "There are more bytes than were announced."};
static const struct message PIECE_LARGE = {"piece_too_large", "Часть файла больше 64 КБ. Уменьшите её.",
                                           "The piece is larger than 64 KiB. Make it smaller."};
static const struct message SEALED_UPLOAD = {"upload_complete", "Загрузка уже завершена. Начните новую.",
                                             "The upload is complete already. Start a new one."};
static const struct message STORAGE_FULL = {"storage_full",
                                            "В хранилище временно нет места. Повторите через несколько минут.",
                                            "The storage has no room at the moment. Try again in a few minutes."};

enum { MEGABYTE = 1024 * 1024 };

static enum status
answer_limit(struct call *call, const struct db_rows *rows, const struct upload_limits *limits)
{
    if (db_integer_at(rows, 0, CREATED_OPEN_UPLOADS) >= limits->open_uploads)
        return fail(call, STATUS_TOO_MANY, &TOO_MANY_UPLOADS);
    return fail(call, STATUS_CONFLICT, &QUOTA_USED);
}

static enum status
check_owner(struct call *call, const Files__CreateUploadRequest *request)
{
    bool is_respondent = call->principal->role == VEKHA__ROLE__ROLE_RESPONDENT;
    bool is_form = *request->programme_code && call->principal->role == VEKHA__ROLE__ROLE_ADMINISTRATOR;
    const char *field = is_respondent ? "assignment_id" : is_form ? "programme_code" : "message_id";
    const char *wanted = is_respondent ? request->assignment_id
                         : is_form     ? request->programme_code
                                       : request->message_id;
    int named = !!*request->assignment_id + !!*request->message_id + !!*request->programme_code;
    return *wanted && named == 1 ? STATUS_OK : fail_field(call, field, &WRONG_OWNER);
}

enum status
handle_create_upload(struct call *call, const Files__CreateUploadRequest *request, Files__Upload *reply)
{
    const struct upload_limits limits = {config_number(call->config, "organisation_quota_bytes"),
                                         config_number(call->config, "organisation_open_uploads"),
                                         config_number(call->config, "upload_lifetime_hours")};
    int64_t max_bytes = config_number(call->config, "max_document_bytes");
    char file_name[FILE_NAME_BYTES];
    struct db_rows rows;
    enum status status = check_owner(call, request);
    if (status != STATUS_OK)
        return status;
    if (request->size_bytes == 0)
        return fail_field(call, "size_bytes", &EMPTY_FILE);
    if (request->size_bytes > (uint64_t)max_bytes)
        return fail_with(call, STATUS_TOO_LARGE, &TOO_LARGE,
                         arena_format(call->arena, "%lld", (long long)(max_bytes / MEGABYTE)));
    file_name_clean(request->file_name, file_name);
    status = store_create_upload(call, request, file_name, &limits, &rows);
    if (status != STATUS_OK)
        return status;
    if (db_is_null_at(&rows, 0, CREATED_UPLOAD_ID))
        return answer_limit(call, &rows, &limits);
    fill_message(&reply->base, &rows, 0, call->arena);
    return STATUS_OK;
}

static enum status
find_upload(struct call *call, const char *upload_id, struct db_rows *ret_rows)
{
    enum status status = store_get_upload(call, upload_id, ret_rows);
    if (status == STATUS_OK && ret_rows->count == 0)
        return fail(call, STATUS_NOT_FOUND, &UPLOAD_NOT_FOUND);
    return status;
}

enum status
handle_get_upload(struct call *call, const Files__GetUploadRequest *request, Files__Upload *reply)
{
    struct db_rows rows;
    enum status status = find_upload(call, request->upload_id, &rows);
    if (status != STATUS_OK)
        return status;
    fill_message(&reply->base, &rows, 0, call->arena);
    if (!db_is_null_at(&rows, 0, UPLOAD_DOCUMENT_ID)) {
        reply->offset = reply->size_bytes;
        return STATUS_OK;
    }
    return folder_upload_size(process_folder(), reply->upload_id, &reply->offset);
}

static enum status
answer_refused_piece(struct call *call, enum piece piece, uint64_t arrived)
{
    const char *offset = arena_format(call->arena, "%llu", (unsigned long long)arrived);
    switch (piece) {
    case PIECE_GAP:
        return offset ? fail_with(call, STATUS_CONFLICT, &GAP, offset) : STATUS_BUSY;
    case PIECE_TOO_LONG:
        return fail_field(call, "data", &BEYOND_END);
    default:
        return fail(call, STATUS_TOO_LARGE, &PIECE_LARGE);
    }
}

enum status
handle_append_upload(struct call *call, const Files__AppendUploadRequest *request, Files__Upload *reply)
{
    struct db_rows rows;
    enum piece piece;
    enum status status = find_upload(call, request->upload_id, &rows);
    if (status != STATUS_OK)
        return status;
    if (!db_is_null_at(&rows, 0, UPLOAD_DOCUMENT_ID) || !db_is_null_at(&rows, 0, UPLOAD_REFUSAL))
        return fail(call, STATUS_CONFLICT, &SEALED_UPLOAD);
    fill_message(&reply->base, &rows, 0, call->arena);
    switch (folder_append(process_folder(), reply->upload_id, request->offset, request->data.data, request->data.len,
                          reply->size_bytes, &piece, &reply->offset)) {
    case APPEND_DONE:
        return STATUS_OK;
    case APPEND_REFUSED:
        return answer_refused_piece(call, piece, reply->offset);
    case APPEND_SEALED:
        return fail(call, STATUS_CONFLICT, &SEALED_UPLOAD);
    case APPEND_BUSY:
        return STATUS_BUSY;
    case APPEND_FULL:
        return fail(call, STATUS_BUSY, &STORAGE_FULL);
    case APPEND_FAILED:
        break;
    }
    return STATUS_INTERNAL;
}

enum status
handle_cancel_upload(struct call *call, const Files__CancelUploadRequest *request, Files__CancelUploadReply *reply)
{
    struct db_rows rows;
    (void)reply;
    enum status status = store_cancel_upload(call, request->upload_id, &rows);
    if (status != STATUS_OK)
        return status;
    if (rows.count == 0)
        return fail(call, STATUS_NOT_FOUND, &UPLOAD_NOT_FOUND);
    // Should the transaction fail after all, the upload begins again at its first byte.
    folder_drop_upload(process_folder(), db_text_at(&rows, 0, 0));
    return STATUS_OK;
}
