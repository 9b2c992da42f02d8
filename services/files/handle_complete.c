// The end of an upload: everything is there, it is a sound PDF, it becomes a document.
#include "files_rpc.h"
#include "process.h"
#include "store.h"
#include "upload_check.h"
#include "vekha/base/crash_point.h"

static const struct message UPLOAD_NOT_FOUND = {"upload_not_found",
                                                "Загрузка не найдена или устарела. Начните её заново.",
                                                "The upload is not there or too old. Start it anew."};
static const struct message INCOMPLETE = {"upload_incomplete", "Получены не все данные: продолжите с байта %s.",
                                          "Not all bytes have arrived: go on from byte %s."};

// The row keeps the reason although the command fails; the bytes are of no more use.
static enum status
refuse(struct call *call, const struct sealed_upload *sealed, enum refusal refusal)
{
    enum status status = store_refuse_upload(call, sealed->upload_id, refusal_code(refusal));
    if (status != STATUS_OK)
        return status;
    call_keep_on_failure(call);
    folder_drop_upload(process_folder(), sealed->upload_id);
    return answer_refusal(call, refusal);
}

static enum status
answer_existing(struct call *call, const char *document_id, Files__Document *reply)
{
    struct db_rows rows;
    enum status status = store_get_document(call, document_id, &rows);
    if (status != STATUS_OK)
        return status;
    if (rows.count == 0)
        return fail(call, STATUS_NOT_FOUND, &UPLOAD_NOT_FOUND);
    fill_message(&reply->base, &rows, 0, call->arena);
    return STATUS_OK;
}

static enum status
record_document(struct call *call, const char *upload_id, const struct sealed_upload *sealed, uint32_t pages,
                Files__Document *reply)
{
    struct db_rows rows;
    Events__DocumentStored event = EVENTS__DOCUMENT_STORED__INIT;
    const char *sha256 = arena_copy(call->arena, sealed->sha256);
    if (!sha256)
        return STATUS_BUSY;
    enum status status = store_complete_upload(call, upload_id, sha256, pages, &rows);
    if (status != STATUS_OK)
        return status;
    // Another request completed it in this very moment: its document will be found by the repetition.
    if (rows.count == 0)
        return STATUS_BUSY;
    fill_message(&reply->base, &rows, 0, call->arena);
    fill_message(&event.base, &rows, 0, call->arena);
    return emit(call, &event.base);
}

static enum status
check_and_record(struct call *call, const Files__CompleteUploadRequest *request, struct sealed_upload *sealed,
                 Files__Document *reply)
{
    enum refusal refusal;
    uint32_t pages = 0;
    enum status status = folder_digest(sealed);
    if (status == STATUS_OK)
        status = check_upload(call, request->sha256, sealed, &refusal, &pages);
    if (status == STATUS_OK && refusal != REFUSAL_NONE)
        return refuse(call, sealed, refusal);
    if (status == STATUS_OK)
        status = keep_upload(call, sealed);
    crash_point("files:before_record");
    if (status == STATUS_OK)
        status = record_document(call, sealed->upload_id, sealed, pages, reply);
    return status;
}

enum status
handle_complete_upload(struct call *call, const Files__CompleteUploadRequest *request, Files__Document *reply)
{
    struct db_rows rows;
    struct sealed_upload sealed;
    uint64_t arrived;
    enum status status = store_get_upload(call, request->upload_id, &rows);
    if (status != STATUS_OK)
        return status;
    if (rows.count == 0)
        return fail(call, STATUS_NOT_FOUND, &UPLOAD_NOT_FOUND);
    if (!db_is_null_at(&rows, 0, UPLOAD_DOCUMENT_ID))
        return answer_existing(call, db_text_at(&rows, 0, UPLOAD_DOCUMENT_ID), reply);
    if (!db_is_null_at(&rows, 0, UPLOAD_REFUSAL))
        return answer_remembered(call, db_text_at(&rows, 0, UPLOAD_REFUSAL));
    status = folder_seal(process_folder(), db_text_at(&rows, 0, UPLOAD_ID),
                         (uint64_t)db_integer_at(&rows, 0, UPLOAD_SIZE_BYTES), &sealed, &arrived);
    if (status == STATUS_CONFLICT) {
        const char *offset = arena_format(call->arena, "%llu", (unsigned long long)arrived);
        return offset ? fail_with(call, STATUS_CONFLICT, &INCOMPLETE, offset) : STATUS_BUSY;
    }
    if (status != STATUS_OK)
        return status;
    status = check_and_record(call, request, &sealed, reply);
    folder_release(&sealed);
    return status;
}
