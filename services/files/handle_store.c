// A small document that comes in one request: the same checks and the same promise as an upload in pieces.
#include "files_rpc.h"
#include "process.h"
#include "store.h"
#include "upload_check.h"
#include "upload_limits.h"
#include "vekha/base/crash_point.h"

static const struct message TOO_LARGE_AT_ONCE = {"too_large_at_once", "Файл больше 120 КБ: загрузите его по частям.",
                                                 "The file is larger than 120 KiB: upload it in pieces."};
static enum status
record(struct call *call, const Files__StoreDocumentRequest *request, const struct upload_owner *owner,
       const struct sealed_upload *sealed, uint32_t pages, Files__Document *reply)
{
    const struct upload_limits limits = limits_of_uploads(call);
    char file_name[FILE_NAME_BYTES];
    struct db_rows rows;
    Events__DocumentStored event = EVENTS__DOCUMENT_STORED__INIT;
    file_name_clean(request->file_name, file_name);
    const struct new_document document = {*owner, file_name, sealed->sha256, sealed->size_bytes, pages};
    enum status status = store_add_document(call, &document, limits.quota_bytes, &rows);
    if (status != STATUS_OK)
        return status;
    if (rows.count == 0)
        return answer_limit(call, 0, &limits);
    fill_message(&reply->base, &rows, 0, call->arena);
    fill_message(&event.base, &rows, 0, call->arena);
    return emit(call, &event.base);
}

static enum status
check_and_keep(struct call *call, const Files__StoreDocumentRequest *request, const struct upload_owner *owner,
               struct sealed_upload *sealed, Files__Document *reply)
{
    enum refusal refusal;
    uint32_t pages = 0;
    enum status status = check_upload(call, request->sha256, sealed, &refusal, &pages);
    if (status == STATUS_OK && refusal != REFUSAL_NONE)
        return answer_refusal(call, refusal);
    if (status == STATUS_OK)
        status = keep_upload(call, sealed);
    crash_point("files:before_record");
    if (status == STATUS_OK)
        status = record(call, request, owner, sealed, pages, reply);
    return status;
}

enum status
handle_store_document(struct call *call, const Files__StoreDocumentRequest *request, Files__Document *reply)
{
    const struct upload_owner owner = {request->assignment_id, request->message_id, request->programme_code};
    struct sealed_upload sealed;
    enum status status = check_owner(call, &owner);
    if (status == STATUS_OK)
        status = check_size(call, "data", request->data.len);
    if (status != STATUS_OK)
        return status;
    if (request->data.len > DOCUMENT_AT_ONCE_MAX_BYTES)
        return fail(call, STATUS_TOO_LARGE, &TOO_LARGE_AT_ONCE);
    status = folder_put(process_folder(), request->data.data, request->data.len, &sealed);
    if (status == STATUS_BUSY)
        return answer_storage_full(call);
    if (status != STATUS_OK)
        return status;
    status = check_and_keep(call, request, &owner, &sealed, reply);
    folder_release(&sealed);
    // Kept, it has its other name; nobody asks for this one again.
    folder_drop_upload(process_folder(), sealed.upload_id);
    return status;
}
