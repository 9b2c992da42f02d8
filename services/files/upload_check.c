// The checks of an upload in their order, and what is said when one finds something.
#include "upload_check.h"

#include <string.h>
#include <strings.h>

#include "clamd.h"
#include "process.h"
#include "vekha/base/log.h"

static const struct message SCANNER_AWAY = {"scanner_away",
                                            "Проверка на вирусы сейчас недоступна. Повторите через несколько минут.",
                                            "The virus scanner is not available. Try again in a few minutes."};
static const struct message CHECKER_AWAY = {"checker_away",
                                            "Проверка документов сейчас недоступна. Повторите через несколько минут.",
                                            "The document check is not available. Try again in a few minutes."};
static const struct message NOT_STORED = {"not_stored", "Хранилище не приняло файл. Загрузите его ещё раз.",
                                          "The storage did not take the file. Upload it again."};

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

enum status
answer_refusal(struct call *call, enum refusal refusal)
{
    if (refusal == REFUSAL_HASH)
        return fail_field(call, "sha256", &refusals[refusal]);
    return fail(call, STATUS_INVALID, &refusals[refusal]);
}

const char *
refusal_code(enum refusal refusal)
{
    return refusals[refusal].code;
}

enum status
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

enum status
check_upload(struct call *call, const char *expected_sha256, const struct sealed_upload *sealed,
             enum refusal *ret_refusal, uint32_t *ret_pages)
{
    *ret_refusal = REFUSAL_NONE;
    if (*expected_sha256 && strcasecmp(expected_sha256, sealed->sha256) != 0) {
        *ret_refusal = REFUSAL_HASH;
        return STATUS_OK;
    }
    enum status status = check_content(call, sealed, ret_refusal, ret_pages);
    if (status == STATUS_OK && *ret_refusal == REFUSAL_NONE)
        status = check_virus(call, sealed, ret_refusal);
    return status;
}

enum status
keep_upload(struct call *call, struct sealed_upload *sealed)
{
    enum status status = folder_keep(process_folder(), sealed, call->now_ms);
    if (status == STATUS_OK)
        return status;
    log_write(LOG_ERROR, "document not stored: check the blob folder's disk", "upload", sealed->upload_id, NULL);
    return fail(call, status, &NOT_STORED);
}
