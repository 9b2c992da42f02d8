// Sends waiting letters. A crash between the server's answer and the mark repeats one letter under the same Message-ID.
#include <stdio.h>
#include <string.h>

#include "handlers.h"
#include "mime.h"
#include "smtp.h"
#include "store.h"
#include "vekha/base/crash_point.h"
#include "vekha/base/log.h"
#include "vekha/base/time.h"

// A slice ends after so long, so that a service can stop; what was not sent goes back into the queue.
enum { SLICE_MS = 4000, UNREACHABLE_DELAY_S = 60 };

static enum smtp_result
send_letter(struct call *call, struct smtp *smtp, const struct db_rows *rows, int row, char *problem)
{
    const struct letter letter = {
        .id = db_text_at(rows, row, MAIL_ID),
        .from_address = config_text(call->config, "mail_from"),
        .from_name = config_text(call->config, "mail_name"),
        .to_address = db_text_at(rows, row, MAIL_ADDRESS),
        .subject = db_text_at(rows, row, MAIL_SUBJECT),
        .body = db_text_at(rows, row, MAIL_BODY),
        .written_ms = db_integer_at(rows, row, MAIL_WRITTEN_MS),
    };
    const char *text = mime_letter(call->arena, &letter);
    if (!text) {
        snprintf(problem, SMTP_PROBLEM_BYTES, "the address or the sender's name cannot stand in a letter");
        return SMTP_REFUSED;
    }
    return smtp_send(smtp, letter.from_address, letter.to_address, text, problem);
}

static enum status
keep_result(struct call *call, const struct db_rows *rows, int row, enum smtp_result result, const char *problem)
{
    const char *mail_id = db_text_at(rows, row, MAIL_ID);
    unsigned attempts = (unsigned)db_integer_at(rows, row, MAIL_ATTEMPTS);
    if (result == SMTP_SENT)
        return store_letter_sent(call, mail_id);
    log_write(LOG_WARNING, "letter not sent", "mail", mail_id, "problem", problem, NULL);
    if (result == SMTP_UNREACHABLE)
        return store_letter_later(call, mail_id, UNREACHABLE_DELAY_S, false, problem);
    if (result == SMTP_REFUSED || attempts >= MAIL_ATTEMPTS_MAX)
        return store_letter_failed(call, mail_id, problem);
    return store_letter_later(call, mail_id, rules_retry_delay_s(attempts), true, problem);
}

static enum status
send_slice(struct call *call, struct smtp *smtp, const struct db_rows *rows, bool *ret_reachable)
{
    int64_t started_ms = clock_monotonic_ms();
    enum status status = STATUS_OK;
    for (int row = 0; status == STATUS_OK && row < rows->count; row++) {
        char problem[SMTP_PROBLEM_BYTES] = "";
        bool is_over = !*ret_reachable || clock_monotonic_ms() - started_ms > SLICE_MS;
        if (is_over) {
            status = store_letter_later(call, db_text_at(rows, row, MAIL_ID), *ret_reachable ? 0 : UNREACHABLE_DELAY_S,
                                        false, "");
            continue;
        }
        crash_point("mail:before_sending");
        enum smtp_result result = send_letter(call, smtp, rows, row, problem);
        crash_point("mail:before_mark");
        *ret_reachable = result != SMTP_UNREACHABLE;
        status = keep_result(call, rows, row, result, problem);
    }
    return status;
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
    enum status status = store_take_letters(call, &rows);
    if (status != STATUS_OK || rows.count == 0)
        return status;
    char problem[SMTP_PROBLEM_BYTES] = "";
    struct smtp *smtp = smtp_open(&settings, problem);
    bool is_reachable = smtp != NULL;
    if (!smtp)
        log_write(LOG_ERROR, "mail cannot be sent", "problem", problem, NULL);
    status = send_slice(call, smtp, &rows, &is_reachable);
    smtp_close(&smtp);
    *ret_again = status == STATUS_OK && is_reachable && rows.count == LETTERS_AT_ONCE;
    return status;
}
