// Sends waiting letters, each once whenever this process dies: the final dot and the note of it leave one after the
// other and arrive even if nobody is there any more. A letter whose dot nobody answered because the server died is
// offered again, under the same Message-ID: more likely than not it was not kept.
#include <stdio.h>
#include <string.h>

#include "access_code.h"
#include "handlers.h"
#include "mime.h"
#include "smtp.h"
#include "store.h"
#include "vekha/base/crash_point.h"
#include "vekha/base/log.h"
#include "vekha/base/time.h"

// A slice ends after so long, so that a service can stop; what was not sent goes back into the queue.
enum { SLICE_MS = 4000, UNREACHABLE_DELAY_S = 60, LETTER_BYTES_MAX = 4 << 20 };

struct slice {
    struct smtp *smtp;
    const struct db_rows *rows;
    struct arena arena; // of one letter at a time
    bool is_reachable;
    const char *taken_id; // the server has taken it, and that is still to be noted
};

// What the letter says; one with access ends with its link, which is made only here.
static const char *
body_of(struct call *call, struct slice *slice, int row)
{
    const char *body = db_text_at(slice->rows, row, MAIL_BODY), *login = db_text_at(slice->rows, row, MAIL_LOGIN);
    if (!*login)
        return body;
    char code[ACCESS_CODE_CHARS + 1];
    access_code_of(db_text_at(slice->rows, row, MAIL_ID), code);
    return arena_format(&slice->arena,
                        "%s\n%s/#entry=%s~%s\n\nНе пересылайте это письмо: по ссылке войдёт любой, у кого оно есть.\n",
                        body, config_text(call->config, "cabinet_address"), login, code);
}

static enum smtp_result
offer_letter(struct call *call, struct slice *slice, int row, char *problem)
{
    const struct letter letter = {
        .id = db_text_at(slice->rows, row, MAIL_ID),
        .from_address = config_text(call->config, "mail_from"),
        .from_name = config_text(call->config, "mail_name"),
        .to_address = db_text_at(slice->rows, row, MAIL_ADDRESS),
        .subject = db_text_at(slice->rows, row, MAIL_SUBJECT),
        .body = body_of(call, slice, row),
        .html = db_text_at(slice->rows, row, MAIL_HTML),
        .written_ms = db_integer_at(slice->rows, row, MAIL_WRITTEN_MS),
    };
    const char *text = letter.body ? mime_letter(&slice->arena, &letter) : NULL;
    if (!text) {
        snprintf(problem, SMTP_PROBLEM_BYTES, "the address or the sender's name cannot stand in a letter");
        return SMTP_REFUSED;
    }
    enum smtp_result result = smtp_offer(slice->smtp, letter.from_address, letter.to_address, text, problem);
    arena_reset(&slice->arena);
    return result;
}

// Not sent: why, and when to try again.
static enum status
keep_failure(struct call *call, const struct slice *slice, int row, enum smtp_result result, const char *problem)
{
    const char *mail_id = db_text_at(slice->rows, row, MAIL_ID);
    unsigned attempts = (unsigned)db_integer_at(slice->rows, row, MAIL_ATTEMPTS);
    log_write(LOG_WARNING, "letter not sent", "mail", mail_id, "problem", problem, NULL);
    if (result == SMTP_UNREACHABLE)
        return store_letter_later(call, mail_id, UNREACHABLE_DELAY_S, false, problem);
    if (result == SMTP_REFUSED || attempts >= MAIL_ATTEMPTS_MAX)
        return store_letter_failed(call, mail_id, problem);
    return store_letter_later(call, mail_id, rules_retry_delay_s(attempts), true, problem);
}

static enum status
send_letter(struct call *call, struct slice *slice, int row)
{
    char problem[SMTP_PROBLEM_BYTES] = "";
    const char *mail_id = db_text_at(slice->rows, row, MAIL_ID);
    enum status status = STATUS_OK;
    crash_point("mail:before_sending");
    enum smtp_result result = offer_letter(call, slice, row, problem);
    if (result == SMTP_SENT && smtp_hand_over(slice->smtp)) {
        // Nothing may stand between these two lines: what dies here leaves a letter that goes out again.
        status = store_letter_handed(call, slice->taken_id, mail_id);
        slice->taken_id = NULL;
        crash_point("mail:before_mark");
        result = smtp_answer(slice->smtp, problem);
        if (status == STATUS_OK)
            status = db_settle(call->db);
    } else if (result == SMTP_SENT) {
        result = SMTP_TRY_LATER;
        snprintf(problem, sizeof problem, "the server cut the connection");
    }
    slice->is_reachable = result != SMTP_UNREACHABLE;
    if (status != STATUS_OK || result != SMTP_SENT)
        return status == STATUS_OK ? keep_failure(call, slice, row, result, problem) : status;
    slice->taken_id = mail_id;
    return STATUS_OK;
}

static enum status
send_slice(struct call *call, struct slice *slice)
{
    int64_t started_ms = clock_monotonic_ms();
    enum status status = STATUS_OK;
    for (int row = 0; status == STATUS_OK && row < slice->rows->count; row++) {
        bool is_over = !slice->is_reachable || clock_monotonic_ms() - started_ms > SLICE_MS;
        if (is_over)
            status = store_letter_later(call, db_text_at(slice->rows, row, MAIL_ID),
                                        slice->is_reachable ? 0 : UNREACHABLE_DELAY_S, false, "");
        else
            status = send_letter(call, slice, row);
    }
    return status == STATUS_OK && slice->taken_id ? store_letter_sent(call, slice->taken_id) : status;
}

enum status
job_send_mail(struct call *call, bool *ret_again)
{
    const struct smtp_settings settings = {
        .url = config_text(call->config, "smtp_url"),
        .user = config_text(call->config, "smtp_user"),
        .password_file = config_text(call->config, "smtp_password_file"),
        .tls = config_text(call->config, "smtp_tls"),
        .ca_file = config_text(call->config, "smtp_ca_file"),
    };
    if (!*settings.url)
        return STATUS_OK;
    struct db_rows rows;
    enum status status = store_recover_letters(call);
    if (status == STATUS_OK)
        status = store_take_letters(call, &rows);
    if (status != STATUS_OK || rows.count == 0)
        return status;
    char problem[SMTP_PROBLEM_BYTES] = "";
    struct slice slice = {.smtp = smtp_open(&settings, problem), .rows = &rows};
    slice.is_reachable = slice.smtp != NULL;
    arena_init(&slice.arena, LETTER_BYTES_MAX);
    if (!slice.smtp)
        log_write(LOG_ERROR, "mail cannot be sent", "problem", problem, NULL);
    status = send_slice(call, &slice);
    smtp_close(&slice.smtp);
    arena_done(&slice.arena);
    *ret_again = status == STATUS_OK && slice.is_reachable && rows.count == LETTERS_AT_ONCE;
    return status;
}
