// Settings of this service that must make sense before it starts.
#include <string.h>

#include "access_code.h"
#include "handlers.h"
#include "vekha/base/log.h"
#include "vekha/base/text.h"

const struct config_key config_keys[] = {
    {"reminder_hour", "9", "hour of reminders and overdue notices, in the round's zone; nobody is told earlier"},
    {"smtp_url", "", "smtp://host:port of the mail server; empty: letters wait"},
    {"smtp_tls", "opportunistic", "none, opportunistic or required"},
    {"smtp_ca_file", "", "certificates the mail servers' are checked against; empty: the system's"},
    {"smtp_user", "", "login at the mail server; empty: none"},
    {"smtp_password_file", "", "file with the password for smtp_user"},
    {"returned_mail_url", "",
     "imaps://host:port/INBOX (imap: with STARTTLS) of mail_from; empty: nothing is read there"},
    {"returned_mail_user", "", "login of that mailbox"},
    {"returned_mail_password_file", "", "file with the password for returned_mail_user"},
    {"mail_from", "monitoring@localhost.localdomain", "sender's e-mail address"},
    {"mail_name", "Мониторинг образования", "sender's name"},
    {"cabinet_address", "", "https://host of the cabinet, for links in letters; empty: none"},
};
const size_t config_key_count = sizeof config_keys / sizeof config_keys[0];

// imap(s)://host/NAME with a name that needs no quotes in a command.
static bool
is_mailbox(const char *url)
{
    static const char name_chars[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
    const char *host = strstr(url, "://"), *name = host ? strchr(host + 3, '/') : NULL;
    return name && (strncmp(url, "imaps://", 8) == 0 || strncmp(url, "imap://", 7) == 0) && name > host + 3 &&
           name[1] && name[1 + strspn(name + 1, name_chars)] == '\0' && strlen(url) < 500;
}

enum status
check_settings(const struct config *config)
{
    const char *tls = config_text(config, "smtp_tls");
    const char *problem = NULL;
    if (strcmp(tls, "none") != 0 && strcmp(tls, "opportunistic") != 0 && strcmp(tls, "required") != 0)
        problem = "smtp_tls must be none, opportunistic or required";
    else if (!text_is_email(config_text(config, "mail_from")))
        problem = "mail_from must be an e-mail address";
    else if (*config_text(config, "smtp_user") && strcmp(tls, "required") != 0 &&
             strncmp(config_text(config, "smtp_url"), "smtps://", 8) != 0)
        problem = "smtp_user needs smtp_tls = required, or a password would cross the network readable";
    else if (*config_text(config, "returned_mail_url") && !is_mailbox(config_text(config, "returned_mail_url")))
        problem = "returned_mail_url must be imaps://host/MAILBOX or imap://host/MAILBOX";
    else if (config_number(config, "reminder_hour") < 0 || config_number(config, "reminder_hour") > 23)
        problem = "reminder_hour must be an hour from 0 to 23";
    else if (access_code_open(config) != STATUS_OK)
        problem = "keys_folder must hold deadlines.key";
    if (problem)
        log_write(LOG_ERROR, "wrong setting", "problem", problem, NULL);
    return problem ? STATUS_INVALID : STATUS_OK;
}
