// From accounts that organisations lack to accounts with one-time passwords.
#include "accounts.h"

#include "tokens.h"
#include "vekha/base/text.h"
#include "vekha/crypto/password.h"
#include "vekha/crypto/token.h"

enum status
one_time_password_make(struct call *call, struct one_time_password *ret_password)
{
    char *text = arena_take(call->arena, ONE_TIME_PASSWORD_CHARS + 1);
    char *hash = arena_take(call->arena, PASSWORD_HASH_CHARS);
    const char *expires_at = moment_after(call, (int64_t)ONE_TIME_PASSWORD_DAYS * 24 * 3600 * 1000);
    if (!text || !hash || !expires_at)
        return STATUS_TOO_LARGE;
    random_readable(text, ONE_TIME_PASSWORD_CHARS);
    *ret_password = (struct one_time_password){text, hash, expires_at};
    return password_hash_random_code(text, hash);
}

const char *
account_role_name(Vekha__Role role)
{
    const ProtobufCEnumValue *value = role == VEKHA__ROLE__ROLE_NONE
                                          ? NULL
                                          : protobuf_c_enum_descriptor_get_value(&vekha__role__descriptor, (int)role);
    return value ? value->name : "";
}

static enum status
make_account(struct call *call, Vekha__Role role, const char *login, const struct account_slot *slot,
             struct new_account *ret_new, Auth__IssuedAccount *ret_issued)
{
    struct one_time_password password;
    char *account_id = arena_take(call->arena, 37);
    char *territory = arena_take(call->arena, PATH_CHARS + 1);
    if (!account_id || !territory)
        return STATUS_TOO_LARGE;
    enum status status = one_time_password_make(call, &password);
    if (status != STATUS_OK)
        return status;
    text_make_uuid(account_id);
    territory_of(role, slot->kind, slot->path, territory);
    *ret_new = (struct new_account){account_id, login, slot->organisation_id, territory, password.hash};
    auth__issued_account__init(ret_issued);
    ret_issued->account_id = account_id;
    ret_issued->login = login;
    ret_issued->one_time_password = password.text;
    ret_issued->organisation_id = slot->organisation_id;
    ret_issued->organisation_name = slot->organisation_name;
    ret_issued->expires_at = password.expires_at;
    return STATUS_OK;
}

static enum status
tell_issued(struct call *call, Vekha__Role role, const struct new_account *account)
{
    Events__AccountIssued event = EVENTS__ACCOUNT_ISSUED__INIT;
    event.account_id = account->account_id;
    event.organisation_id = account->organisation_id;
    event.organisation_path = account->territory_path;
    event.role = role;
    event.login = account->login;
    return emit(call, &event.base);
}

enum status
account_issue_named(struct call *call, Vekha__Role role, const char *login, const struct account_slot *slot,
                    Auth__IssuedAccount *ret_account)
{
    struct new_account account;
    enum status status = make_account(call, role, login, slot, &account, ret_account);
    if (status == STATUS_OK)
        status = store_insert_accounts(call, account_role_name(role), &account, 1, ret_account->expires_at);
    return status == STATUS_OK ? tell_issued(call, role, &account) : status;
}

static enum status
audit_issued(struct call *call, const struct new_account *accounts, size_t count)
{
    const char **ids = arena_take(call->arena, count * sizeof(*ids));
    if (!ids)
        return STATUS_TOO_LARGE;
    for (size_t i = 0; i < count; i++)
        ids[i] = accounts[i].account_id;
    return audit_accounts(call, AUDIT_ACCOUNT_ISSUED, ids, count);
}

enum status
accounts_issue(struct call *call, Vekha__Role role, const struct account_slot *slots, size_t count,
               Auth__IssuedAccount ***ret_accounts)
{
    struct new_account *accounts = arena_take(call->arena, (count + 1) * sizeof(*accounts));
    Auth__IssuedAccount *issued = arena_take(call->arena, (count + 1) * sizeof(*issued));
    Auth__IssuedAccount **list = arena_take(call->arena, (count + 1) * sizeof(*list));
    enum status status = accounts && issued && list ? STATUS_OK : STATUS_TOO_LARGE;
    for (size_t i = 0; status == STATUS_OK && i < count; i++) {
        char *login = arena_take(call->arena, LOGIN_CHARS);
        if (!login)
            return STATUS_TOO_LARGE;
        login_of(slots[i].path, role, slots[i].accounts_before + 1, login);
        status = make_account(call, role, login, &slots[i], &accounts[i], &issued[i]);
        list[i] = &issued[i];
    }
    if (status != STATUS_OK || count == 0) {
        *ret_accounts = list;
        return status;
    }
    status = store_insert_accounts(call, account_role_name(role), accounts, count, issued[0].expires_at);
    if (status == STATUS_OK)
        status = audit_issued(call, accounts, count);
    for (size_t i = 0; status == STATUS_OK && i < count; i++)
        status = tell_issued(call, role, &accounts[i]);
    *ret_accounts = list;
    return status;
}
