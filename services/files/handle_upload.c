// Uploads: announced, sent in pieces, gone on with after a cut, cancelled.
#include "files_rpc.h"
#include "process.h"
#include "store.h"
#include "upload_limits.h"

static const struct message UPLOAD_NOT_FOUND = {"upload_not_found",
                                                "Загрузка не найдена или устарела. Начните её заново.",
                                                "The upload is not there or too old. Start it anew."};
static const struct message GAP = {"upload_gap", "Получено не всё: продолжите загрузку с байта %s.",
                                   "Something is missing: go on with the upload from byte %s."};
static const struct message BEYOND_END = {"beyond_announced_size", "Данных больше, чем было объявлено в начале.",
                                          "There are more bytes than were announced."};
static const struct message PIECE_LARGE = {"piece_too_large", "Часть файла больше 64 КБ. Уменьшите её.",
                                           "The piece is larger than 64 KiB. Make it smaller."};
static const struct message SEALED_UPLOAD = {"upload_complete", "Загрузка уже завершена. Начните новую.",
                                             "The upload is complete already. Start a new one."};
enum status
handle_create_upload(struct call *call, const Files__CreateUploadRequest *request, Files__Upload *reply)
{
    const struct upload_owner owner = {request->assignment_id, request->message_id, request->programme_code};
    const struct upload_limits limits = limits_of_uploads(call);
    char file_name[FILE_NAME_BYTES];
    struct db_rows rows;
    enum status status = check_owner(call, &owner);
    if (status == STATUS_OK)
        status = check_size(call, "sizeBytes", request->size_bytes);
    if (status != STATUS_OK)
        return status;
    file_name_clean(request->file_name, file_name);
    status = store_create_upload(call, &owner, request->size_bytes, file_name, &limits, &rows);
    if (status != STATUS_OK)
        return status;
    if (db_is_null_at(&rows, 0, CREATED_UPLOAD_ID))
        return answer_limit(call, db_integer_at(&rows, 0, CREATED_OPEN_UPLOADS), &limits);
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
        return answer_storage_full(call);
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
