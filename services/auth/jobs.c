// Bootstrap, announcements of ended sessions, sweeping, sealing the audit.
#include "jobs.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "accounts.h"
#include "vekha/base/log.h"
#include "vekha/base/text.h"

static enum status
create_root(struct call *call, const char *organisation_id)
{
    struct new_organisation root = {organisation_id, "*", ""};
    struct known_version version = {organisation_id,
                                    "*",
                                    {.valid_from = "1991-12-25",
                                     .valid_to = "",
                                     .kind = "federation",
                                     .short_name = config_text(call->config, "root_name"),
                                     .inn = "",
                                     .phone = "",
                                     .email = "",
                                     .attributes = "",
                                     .zone = config_text(call->config, "root_zone")}};
    struct changed_period period = {organisation_id, "*", version.version.valid_from, "", true};
    enum status status = store_insert_organisations(call, &root, 1);
    if (status == STATUS_OK)
        status = store_replace_versions(call, &version, 1);
    return status == STATUS_OK ? store_emit_organisations(call, &period, 1) : status;
}

// Written whole or not at all, readable by its owner only.
static enum status
write_password_file(struct call *call, const char *path, const Auth__IssuedAccount *account)
{
    const char *draft = arena_format(call->arena, "%s.new", path);
    const char *text = arena_format(call->arena, "login = %s\none_time_password = %s\nexpires_at = %s\n",
                                    account->login, account->one_time_password, account->expires_at);
    if (!draft || !text)
        return STATUS_TOO_LARGE;
    unlink(draft);
    int file = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (file < 0)
        return STATUS_INTERNAL;
    size_t size = strlen(text);
    bool is_written = write(file, text, size) == (ssize_t)size && fsync(file) == 0;
    is_written = close(file) == 0 && is_written;
    return is_written && rename(draft, path) == 0 ? STATUS_OK : STATUS_INTERNAL;
}

enum status
job_bootstrap(struct call *call, bool *ret_again)
{
    (void)ret_again;
    bool has_accounts = true;
    const char *path = config_text(call->config, "bootstrap_file");
    Auth__IssuedAccount account;
    char root_id[37];
    if (!*path)
        return STATUS_OK;
    enum status status = store_lock_issuing(call);
    if (status == STATUS_OK)
        status = store_has_accounts(call, &has_accounts);
    if (status != STATUS_OK || has_accounts)
        return status;
    text_make_uuid(root_id);
    struct account_slot slot = {root_id, "*", "federation", config_text(call->config, "root_name"), 0};
    status = create_root(call, root_id);
    if (status == STATUS_OK)
        status = account_issue_named(call, VEKHA__ROLE__ROLE_ADMINISTRATOR, "admin", &slot, &account);
    // The file comes before the commit: a password without a file would lock everybody out, a file without its
    // password is written anew.
    if (status == STATUS_OK)
        status = write_password_file(call, path, &account);
    if (status == STATUS_OK)
        log_write(LOG_INFO, "first administrator created", "file", path, NULL);
    else
        log_write(LOG_ERROR, "no first administrator: is the folder of bootstrap_file writable?", "file", path, NULL);
    return status;
}

enum status
job_announce_revoked(struct call *call, bool *ret_again)
{
    (void)ret_again;
    return store_announce_revoked(call);
}

enum status
job_sweep(struct call *call, bool *ret_again)
{
    (void)ret_again;
    return store_sweep(call);
}

enum status
job_seal_audit(struct call *call, bool *ret_again)
{
    return store_seal_audit(call, ret_again);
}
