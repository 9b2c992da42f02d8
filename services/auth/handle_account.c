// Accounts: issued in bulk with one-time passwords (S2.13, S2.46), listed, reset, closed.
#include <string.h>

#include "accounts.h"
#include "auth_rpc.h"
#include "curators.h"
#include "store.h"

static const struct message NO_SUCH_ROLE = {"role_not_issuable",
                                            "Учётные записи этой роли не выдаются: выберите другую.",
                                            "Accounts of this role are not issued: choose another."};
static const struct message UNKNOWN_KIND = {"unknown_kind", "Вида организации нет в списке: проверьте написание.",
                                            "The kind of organisation is not in the list: check the spelling."};
static const struct message UNSUITABLE_KIND = {"role_not_for_kind", "Эта роль не выдаётся организациям такого вида.",
                                               "This role is not issued to organisations of this kind."};
static const struct message UNKNOWN_CODES = {"unknown_codes", "Нет действующих организаций с кодами: %s.",
                                             "There are no organisations with the codes: %s."};
static const struct message UNKNOWN_STATE = {"unknown_state", "Состояние: open, closed, never или linked.",
                                             "The state is open, closed, never or linked."};
static const struct message OWN_ACCOUNT = {"own_account",
                                           "Свою учётную запись закрыть нельзя: это сделает другой администратор.",
                                           "You cannot close your own account: another administrator can."};

static enum status
check_wish(struct call *call, const Auth__IssueAccountsRequest *request)
{
    enum status status = STATUS_OK;
    if (request->role < VEKHA__ROLE__ROLE_RESPONDENT || request->role > VEKHA__ROLE__ROLE_ADMINISTRATOR)
        return fail_field(call, "role", &NO_SUCH_ROLE);
    for (size_t i = 0; i < request->n_kinds; i++) {
        const char *field = arena_format(call->arena, "kinds[%zu]", i);
        if (!field)
            return STATUS_TOO_LARGE;
        if (!kind_is_known(request->kinds[i]))
            status = fail_field(call, field, &UNKNOWN_KIND);
        else if (!role_suits_kind(request->role, request->kinds[i]))
            status = fail_field(call, field, &UNSUITABLE_KIND);
    }
    return status;
}

// The kinds asked for, or all that suit the role.
static enum status
choose_kinds(struct call *call, const Auth__IssueAccountsRequest *request, struct account_wish *wish)
{
    wish->kinds = request->kinds;
    wish->kind_count = request->n_kinds;
    if (request->n_kinds > 0)
        return STATUS_OK;
    const char **kinds = arena_take(call->arena, kind_count() * sizeof(*kinds));
    if (!kinds)
        return STATUS_TOO_LARGE;
    for (size_t i = 0; i < kind_count(); i++)
        if (role_suits_kind(request->role, kind_name(i)))
            kinds[wish->kind_count++] = kind_name(i);
    wish->kinds = kinds;
    return STATUS_OK;
}

static enum status
check_codes(struct call *call, const Auth__IssueAccountsRequest *request)
{
    const char *unknown = "";
    if (request->n_codes == 0)
        return STATUS_OK;
    enum status status = store_find_unknown_codes(call, request->codes, request->n_codes, &unknown);
    if (status != STATUS_OK || !*unknown)
        return status;
    return fail_with(call, STATUS_INVALID, &UNKNOWN_CODES, unknown);
}

enum status
handle_issue_accounts(struct call *call, const Auth__IssueAccountsRequest *request, Auth__IssueAccountsReply *reply)
{
    enum { USUAL_LIMIT = 500 };
    struct account_wish wish = {
        .role = request->role,
        .role_name = account_role_name(request->role),
        .codes = request->codes,
        .code_count = request->n_codes,
        .below_path = request->below_path,
        .per_organisation = request->per_organisation ? request->per_organisation : 1,
        .limit = request->limit ? request->limit : USUAL_LIMIT,
    };
    struct account_slot *slots;
    size_t count;
    uint32_t total;
    enum status status = check_wish(call, request);
    if (status == STATUS_OK)
        status = check_codes(call, request);
    if (status == STATUS_OK)
        status = choose_kinds(call, request, &wish);
    if (status == STATUS_OK)
        status = store_lock_issuing(call);
    if (status == STATUS_OK)
        status = store_find_unserved(call, &wish, &slots, &count, &total);
    if (status == STATUS_OK && request->dry_run)
        count = 0;
    if (status == STATUS_OK)
        status = accounts_issue(call, request->role, slots, count, &reply->accounts);
    if (status != STATUS_OK)
        return status;
    reply->n_accounts = count;
    reply->remaining = total - (uint32_t)count;
    return STATUS_OK;
}

// The names of people are in the list; its further pages belong to the same reading.
static enum status
list_accounts(struct call *call, const Auth__ListAccountsRequest *request, Auth__ListAccountsReply *reply)
{
    enum status status = store_list_accounts(call, request, account_role_name(request->role), reply);
    if (status != STATUS_OK || *request->after_login)
        return status;
    return audit(call, AUDIT_ACCOUNTS_LISTED,
                 (struct audit_object){.organisation_id = request->organisation_id, .detail = request->query});
}

enum status
handle_list_accounts(struct call *call, const Auth__ListAccountsRequest *request, Auth__ListAccountsReply *reply)
{
    static const char *const STATES[] = {"", "open", "closed", "never", "linked"};
    for (size_t i = 0; i < sizeof(STATES) / sizeof(STATES[0]); i++)
        if (strcmp(request->state, STATES[i]) == 0)
            return list_accounts(call, request, reply);
    return fail_field(call, "state", &UNKNOWN_STATE);
}

enum status
handle_reset_password(struct call *call, const Auth__ResetPasswordRequest *request, Auth__IssuedAccount *reply)
{
    struct revocation which = {request->account_id, NULL, NULL};
    uint32_t count;
    struct one_time_password fresh;
    enum status status = one_time_password_make(call, &fresh);
    if (status == STATUS_OK)
        status = store_reset_password(call, request->account_id, fresh.hash, fresh.expires_at, reply);
    if (status == STATUS_OK)
        status = store_revoke_sessions(call, &which, &count);
    if (status == STATUS_OK)
        status = audit(call, AUDIT_PASSWORD_RESET, (struct audit_object){.account_id = request->account_id});
    reply->one_time_password = fresh.text;
    return status;
}

enum status
handle_set_account_closed(struct call *call, const Auth__SetAccountClosedRequest *request,
                          Auth__SetAccountClosedReply *reply)
{
    (void)reply;
    bool changed;
    uint32_t count;
    struct revocation which = {request->account_id, NULL, NULL};
    Events__AccountIssued reopened = EVENTS__ACCOUNT_ISSUED__INIT;
    Events__AccountClosed closed = EVENTS__ACCOUNT_CLOSED__INIT;
    if (strcmp(request->account_id, call->principal->account_id) == 0)
        return fail(call, STATUS_CONFLICT, &OWN_ACCOUNT);
    enum status status = store_set_closed(call, request->account_id, request->closed, &changed, &reopened);
    if (status != STATUS_OK || !changed)
        return status;
    status = audit(call, request->closed ? AUDIT_ACCOUNT_CLOSED : AUDIT_ACCOUNT_REOPENED,
                   (struct audit_object){.account_id = request->account_id});
    if (status != STATUS_OK)
        return status;
    if (!request->closed)
        return emit(call, &reopened.base);
    closed.account_id = request->account_id;
    status = store_revoke_sessions(call, &which, &count);
    if (status == STATUS_OK)
        status = curator_bind(call, request->account_id, NULL, 0);
    return status == STATUS_OK ? emit(call, &closed.base) : status;
}
