// Documents for those who may read them: what they are, and their bytes.
#include "files_rpc.h"
#include "process.h"
#include "store.h"
#include "vekha/base/log.h"

static const struct message DOCUMENT_NOT_FOUND = {
    "document_not_found", "Документ не найден: он ещё не отправлен или не относится к вам.",
    "There is no such document: it has not been sent yet, or it is not yours."};
static const struct message BYTES_MISSING = {
    "bytes_missing", "Содержимое документа сейчас недоступно. Сообщите администратору номер запроса.",
    "The document's content is not available. Tell the administrator the request number."};

static enum status
find_document(struct call *call, const char *document_id, struct db_rows *ret_rows)
{
    enum status status = store_get_document(call, document_id, ret_rows);
    if (status == STATUS_OK && ret_rows->count == 0)
        return fail(call, STATUS_NOT_FOUND, &DOCUMENT_NOT_FOUND);
    return status;
}

enum status
handle_get_document(struct call *call, const Files__GetDocumentRequest *request, Files__Document *reply)
{
    struct db_rows rows;
    enum status status = find_document(call, request->document_id, &rows);
    if (status == STATUS_OK)
        fill_message(&reply->base, &rows, 0, call->arena);
    return status;
}

enum status
handle_download_document(struct call *call, const Files__DownloadDocumentRequest *request, Files__DocumentPiece *reply)
{
    struct db_rows rows;
    enum status status = find_document(call, request->document_id, &rows);
    if (status != STATUS_OK)
        return status;
    fill_message(&reply->base, &rows, 0, call->arena);
    reply->content_type = "application/pdf";
    uint32_t length = download_length(request->offset, request->length, reply->total_bytes);
    if (length == 0)
        return STATUS_OK;
    uint8_t *bytes = arena_take(call->arena, length);
    if (!bytes)
        return STATUS_BUSY;
    status = folder_read(process_folder(), reply->sha256, request->offset, bytes, length);
    if (status != STATUS_OK) {
        log_write(LOG_ERROR, "a document's bytes are missing or short", "document", request->document_id, "sha256",
                  reply->sha256, NULL);
        return fail(call, status, &BYTES_MISSING);
    }
    reply->data = (ProtobufCBinaryData){length, bytes};
    return STATUS_OK;
}
