// Reads what came back to the sender's mailbox: a letter that was sent, and that nobody got, has failed.
#include <string.h>

#include "dsn.h"
#include "handlers.h"
#include "imap.h"
#include "store.h"
#include "vekha/base/log.h"

// Of one run; the rest comes at once after it.
enum { REPORTS_AT_ONCE = 200 };

struct mailbox {
    struct imap *imap;
    const char *domain; // of our letters' Message-IDs
    uint32_t validity, number;
};

static enum status
take_report(struct call *call, const struct mailbox *mailbox, uint32_t number, const struct dsn *dsn, bool *ret_wait)
{
    const char *report_id =
        *dsn->report_id ? dsn->report_id : arena_format(call->arena, "%u/%u", mailbox->validity, number);
    bool counted = false;
    enum status status = report_id ? db_begin(call->db) : STATUS_BUSY;
    if (status == STATUS_OK)
        status = store_letter_returned(call, dsn->mail_id, report_id, dsn->problem, &counted, ret_wait);
    if (status == STATUS_OK && !*ret_wait)
        status = store_set_mailbox_position(call, mailbox->validity, number);
    if (status == STATUS_OK)
        status = db_commit(call->db);
    if (status != STATUS_OK)
        db_rollback(call->db);
    else if (counted)
        log_write(LOG_WARNING, "letter came back", "mail", dsn->mail_id, "problem", dsn->problem, NULL);
    return status;
}

// *ret_wait: this one is to be looked at again.
static enum status
read_report(struct call *call, struct mailbox *mailbox, uint32_t number, char *problem, bool *ret_wait)
{
    const char *text;
    size_t size;
    struct dsn dsn;
    if (!imap_fetch(mailbox->imap, mailbox->validity, number, &text, &size, problem)) {
        *ret_wait = true;
        return STATUS_OK;
    }
    if (dsn_read(text, size < DSN_BYTES_MAX ? size : DSN_BYTES_MAX, mailbox->domain, &dsn) && dsn.is_final)
        return take_report(call, mailbox, number, &dsn, ret_wait);
    return store_set_mailbox_position(call, mailbox->validity, number);
}

static enum status
read_mailbox(struct call *call, struct mailbox *mailbox, char *problem, bool *ret_again)
{
    uint32_t known_validity, *numbers;
    size_t count;
    enum status status = store_mailbox_position(call, &known_validity, &mailbox->number);
    if (status != STATUS_OK || !imap_read_validity(mailbox->imap, &mailbox->validity, problem))
        return status;
    if (mailbox->validity != known_validity)
        mailbox->number = 0;
    if (!imap_list_reports(mailbox->imap, call->arena, mailbox->number, &numbers, &count, problem))
        return STATUS_OK;
    bool wait = false;
    for (size_t i = 0; i < count && i < REPORTS_AT_ONCE && status == STATUS_OK && !wait; i++)
        status = read_report(call, mailbox, numbers[i], problem, &wait);
    *ret_again = status == STATUS_OK && !wait && count > REPORTS_AT_ONCE;
    return status;
}

enum status
job_read_returned_mail(struct call *call, bool *ret_again)
{
    const struct imap_settings settings = {
        .url = config_text(call->config, "returned_mail_url"),
        .user = config_text(call->config, "returned_mail_user"),
        .password_file = config_text(call->config, "returned_mail_password_file"),
        .ca_file = config_text(call->config, "smtp_ca_file"),
    };
    if (!*settings.url)
        return STATUS_OK;
    char problem[IMAP_PROBLEM_BYTES] = "";
    struct mailbox mailbox = {.imap = imap_open(&settings, problem),
                              .domain = strchr(config_text(call->config, "mail_from"), '@')};
    enum status status = mailbox.imap ? read_mailbox(call, &mailbox, problem, ret_again) : STATUS_OK;
    if (*problem)
        log_write(LOG_ERROR, "returned mail cannot be read", "problem", problem, NULL);
    imap_close(&mailbox.imap);
    return status;
}
