// The end of an upload: everything is there, it is a sound PDF, it becomes a document.
#include <string.h>
#include <strings.h>

#include "clamd.h"
#include "files_rpc.h"
#include "process.h"
#include "store.h"
#include "vekha/base/crash_point.h"
#include "vekha/base/log.h"

static const struct message UPLOAD_NOT_FOUND = {"upload_not_found",
                                                "Загрузка не найдена или устарела. Начните её заново.",
                                                "The upload is not there or too old. Start it anew."};
static const struct message INCOMPLETE = {"upload_incomplete", "Получены не все данные: продолжите с байта %s.",
                                          "Not all bytes have arrived: go on from byte %s."};
static const struct message SCANNER_AWAY = {"scanner_away",
                                            "Проверка на вирусы сейчас недоступна. Повторите через несколько минут.",
                                            "The virus scanner is not available. Try again in a few minutes."};
static const struct message CHECKER_AWAY = {"checker_away",
                                            "Проверка документов сейчас недоступна. Повторите через несколько минут.",
                                            "The document check is not available. Try again in a few minutes."};
static const struct message NOT_STORED = {"not_stored", "Хранилище не приняло файл. Загрузите его ещё раз.",
                                          "The storage did not take the file. Upload it again."};

// Why an upload never becomes a document. The code is what its row remembers.
enum refusal { REFUSAL_HASH = PDF_VERDICT_COUNT, REFUSAL_VIRUS, REFUSAL_COUNT, REFUSAL_NONE = PDF_SOUND };
static const struct message refusals[REFUSAL_COUNT] = {
    [PDF_DAMAGED] = {"pdf_damaged", "Документ PDF повреждён. Откройте его, сохраните заново и загрузите.",
                     "The PDF is damaged. Open it, save it again and upload that."},
    [PDF_ENCRYPTED] = {"pdf_encrypted", "Документ PDF защищён паролем. Снимите защиту и загрузите его снова.",
                       "The PDF is protected by a password. Remove the protection and upload it again."},
    [PDF_EMPTY] = {"pdf_empty", "В документе PDF нет страниц. Выберите другой файл.",
                   "The PDF has no pages. Choose another file."},
    [PDF_ACTIVE] = {"pdf_active", "Документ PDF содержит программный код. Сохраните его как простой PDF без сценариев.",
                    "The PDF contains program code. Save it as a plain PDF without scripts."},
    [PDF_NOT_A_PDF] = {"not_a_pdf", "Это не документ PDF. Сохраните документ в формате PDF и загрузите его.",
                       "This is not a PDF. Save the document as PDF and upload that."},
    [REFUSAL_HASH] = {"hash_differs", "Файл исказился при передаче: контрольная сумма другая. Загрузите его ещё раз.",
                      "The file was damaged on its way: its hash differs. Upload it again."},
    [REFUSAL_VIRUS] = {"virus_found",
                       "В файле найдена вредоносная программа. Проверьте компьютер и выберите другой файл.",
                       "The file contains malicious software. Check your computer and choose another file."},
};

static enum status
answer_refusal(struct call *call, enum refusal refusal)
{
    if (refusal == REFUSAL_HASH)
        return fail_field(call, "sha256", &refusals[refusal]);
    return fail(call, STATUS_INVALID, &refusals[refusal]);
}

// Said before and remembered: said again.
static enum status
answer_remembered(struct call *call, const char *code)
{
    for (size_t i = REFUSAL_NONE + 1; i < REFUSAL_COUNT; i++)
        if (strcmp(refusals[i].code, code) == 0)
            return answer_refusal(call, (enum refusal)i);
    return STATUS_INTERNAL;
}

static enum status
check_content(struct call *call, const struct sealed_upload *sealed, enum refusal *ret_refusal, uint32_t *ret_pages)
{
    enum pdf_verdict verdict = !sealed->has_header ? PDF_NOT_A_PDF : !sealed->has_end ? PDF_DAMAGED : PDF_SOUND;
    if (verdict == PDF_SOUND && pdf_checker_ask(process_checker(), sealed->path, &verdict, ret_pages) != STATUS_OK) {
        log_write(LOG_ERROR, "vekha-pdf-check cannot be started or dies at once", NULL);
        return fail(call, STATUS_BUSY, &CHECKER_AWAY);
    }
    *ret_refusal = (enum refusal)verdict;
    return STATUS_OK;
}

static enum status
check_virus(struct call *call, const struct sealed_upload *sealed, enum refusal *ret_refusal)
{
    const char *socket_path = config_text(call->config, "clamd_socket");
    enum virus_verdict verdict = VIRUS_NONE;
    if (*socket_path && clamd_ask(socket_path, sealed->file, &verdict) != STATUS_OK)
        return fail(call, STATUS_BUSY, &SCANNER_AWAY);
    if (verdict == VIRUS_NONE)
        return STATUS_OK;
    log_write(LOG_WARNING, "virus in an upload", "upload", sealed->upload_id, "account", call->principal->account_id,
              NULL);
    *ret_refusal = REFUSAL_VIRUS;
    return STATUS_OK;
}

// All checks, the cheap ones first. Not OK: they could not be made, which says nothing about the document.
static enum status
check_upload(struct call *call, const char *expected_sha256, struct sealed_upload *sealed, enum refusal *ret_refusal,
             uint32_t *ret_pages)
{
    *ret_refusal = REFUSAL_NONE;
    enum status status = folder_digest(sealed);
    if (status == STATUS_OK && *expected_sha256 && strcasecmp(expected_sha256, sealed->sha256) != 0) {
        *ret_refusal = REFUSAL_HASH;
        return STATUS_OK;
    }
    if (status == STATUS_OK)
        status = check_content(call, sealed, ret_refusal, ret_pages);
    if (status == STATUS_OK && *ret_refusal == REFUSAL_NONE)
        status = check_virus(call, sealed, ret_refusal);
    return status;
}

// The row keeps the reason although the command fails; the bytes are of no more use.
static enum status
refuse(struct call *call, const struct sealed_upload *sealed, enum refusal refusal)
{
    enum status status = store_refuse_upload(call, sealed->upload_id, refusals[refusal].code);
    if (status != STATUS_OK)
        return status;
    call_keep_on_failure(call);
    folder_drop_upload(process_folder(), sealed->upload_id);
    return answer_refusal(call, refusal);
}

static enum status
keep(struct call *call, struct sealed_upload *sealed)
{
    enum status status = folder_keep(process_folder(), sealed, call->now_ms);
    if (status == STATUS_OK)
        return status;
    log_write(LOG_ERROR, "document not stored: check the blob folder's disk", "upload", sealed->upload_id, NULL);
    return fail(call, status, &NOT_STORED);
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
    enum status status = check_upload(call, request->sha256, sealed, &refusal, &pages);
    if (status == STATUS_OK && refusal != REFUSAL_NONE)
        return refuse(call, sealed, refusal);
    if (status == STATUS_OK)
        status = keep(call, sealed);
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
