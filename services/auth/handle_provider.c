// Logging in with an account of another system, and linking it to the one here (S1.24).
#include <string.h>

#include "auth_rpc.h"
#include "entry.h"
#include "provider.h"
#include "store.h"
#include "tokens.h"
#include "vekha/base/log.h"

static const struct message NO_PROVIDER = {"provider_not_configured",
                                           "Вход через другую систему здесь не настроен: войдите по логину и паролю.",
                                           "Logging in by another system is not set up here: use login and password."};
static const struct message UNREACHABLE = {
    "provider_unreachable",
    "Система, через которую вы входите, сейчас не отвечает. Войдите по логину и паролю или попробуйте позже.",
    "The system you log in with does not answer now. Use login and password, or try again later."};
static const struct message ERRAND_OVER = {
    "provider_errand_over",
    "Этот вход уже завершён, начат в другом браузере или длился дольше 10 минут. Начните его ещё раз.",
    "This login is over, was begun in another browser, or took more than 10 minutes. Begin it again."};
static const struct message WRONG_ANSWER = {
    "provider_answer_wrong",
    "Ответ системы, через которую вы входите, не прошёл проверку. Войдите по логину и паролю и сообщите "
    "администратору.",
    "The answer of the system you log in with did not pass the check. Use login and password, and tell the "
    "administrator."};
static const struct message NOT_LINKED = {
    "provider_not_linked",
    "Эта внешняя учётная запись не связана ни с одной учётной записью здесь. Войдите один раз по выданному логину и "
    "паролю и свяжите их.",
    "This external account is not linked to any account here. Log in once with the issued login and password and link "
    "them."};
static const struct message ACCOUNT_CLOSED = {"account_closed",
                                              "Ваша учётная запись здесь закрыта. Обратитесь к администратору.",
                                              "Your account here is closed. Ask the administrator."};
static const struct message LINKED_BEFORE = {
    "provider_linked_before", "Ваша учётная запись уже связана с другой внешней. Сначала отмените прежнюю связь.",
    "Your account is already linked to another external one. Undo that link first."};
static const struct message LINKED_TO_ANOTHER = {
    "provider_linked_to_another",
    "Эта внешняя учётная запись уже связана с другой учётной записью здесь. Войдите под той и отмените связь, или "
    "возьмите другую внешнюю.",
    "This external account is already linked to another account here. Log in with that one and undo the link, or take "
    "another external account."};
static const struct message TOO_MANY_ERRANDS = {
    "too_many_attempts", "Слишком много незавершённых входов. Подождите немного и попробуйте снова.",
    "Too many logins are not finished. Wait a little and try again."};
static const struct message SESSION_ENDED = {"session_ended", "Сеанс завершён. Войдите в систему ещё раз.",
                                             "The session has ended. Log in again."};

enum { ERRAND_MS = 10 * 60 * 1000 };

enum status
handle_get_provider(struct call *call, const Auth__GetProviderRequest *request, Auth__Provider *reply)
{
    (void)request;
    reply->name = provider_name(call->english);
    return STATUS_OK;
}

static enum status
explain(struct call *call, enum provider_result result)
{
    switch (result) {
    case PROVIDER_OK:
        return STATUS_OK;
    case PROVIDER_UNREACHABLE:
        return fail(call, STATUS_BUSY, &UNREACHABLE);
    case PROVIDER_REFUSED:
        return fail(call, STATUS_CONFLICT, &ERRAND_OVER);
    case PROVIDER_WRONG:
        return fail(call, STATUS_FORBIDDEN, &WRONG_ANSWER);
    case PROVIDER_STARVED:
        break;
    }
    return STATUS_TOO_LARGE;
}

// account_id: who links; NULL: who enters.
static enum status
begin(struct call *call, const char *account_id, Auth__ProviderEntry *reply)
{
    char address_range[ADDRESS_RANGE_CHARS];
    if (!provider_is_there())
        return fail(call, STATUS_CONFLICT, &NO_PROVIDER);
    const struct provider_secrets secrets = {token_new_refresh(call), token_new_refresh(call)};
    reply->expires_at = moment_after(call, ERRAND_MS);
    reply->browser_secret = secrets.browser_secret;
    if (!secrets.state || !secrets.browser_secret || !reply->expires_at)
        return STATUS_TOO_LARGE;
    enum status status = explain(call, provider_begin(call, &secrets, account_id != NULL, &reply->address));
    if (status != STATUS_OK)
        return status;
    address_range_of(call->client_address ? call->client_address : "", address_range);
    const struct provider_errand errand = {token_hash(call, secrets.state), token_hash(call, secrets.browser_secret),
                                           account_id, address_range, reply->expires_at};
    if (!errand.state_hash || !errand.secret_hash)
        return STATUS_TOO_LARGE;
    status = store_begin_errand(call, &errand);
    return status == STATUS_TOO_MANY ? fail_later(call, status, &TOO_MANY_ERRANDS, ERRAND_MS / 1000) : status;
}

enum status
handle_begin_provider_entry(struct call *call, const Auth__BeginProviderEntryRequest *request,
                            Auth__ProviderEntry *reply)
{
    (void)request;
    return begin(call, NULL, reply);
}

enum status
handle_begin_provider_link(struct call *call, const Auth__BeginProviderLinkRequest *request, Auth__ProviderEntry *reply)
{
    (void)request;
    return begin(call, call->principal->account_id, reply);
}

// Whom the provider vouches for. The errand is over whatever it says; only when it says nothing may it be asked again.
static enum status
finish(struct call *call, const Auth__EnterByProviderRequest *request, const char *account_id,
       struct provider_person *ret_person)
{
    if (!provider_is_there())
        return fail(call, STATUS_CONFLICT, &NO_PROVIDER);
    const struct provider_secrets secrets = {request->state, request->browser_secret};
    const char *state_hash = token_hash(call, request->state);
    const char *secret_hash = token_hash(call, request->browser_secret);
    if (!state_hash || !secret_hash)
        return STATUS_TOO_LARGE;
    enum status status = store_end_errand(call, state_hash, secret_hash, account_id);
    if (status == STATUS_NOT_FOUND)
        return fail(call, STATUS_CONFLICT, &ERRAND_OVER);
    if (status != STATUS_OK)
        return status;
    // RFC 9207: somebody else's answer.
    bool is_of_another = *request->issuer && strcmp(request->issuer, provider_issuer()) != 0;
    enum provider_result result =
        is_of_another ? PROVIDER_WRONG : provider_finish(call, request->code, &secrets, account_id != NULL, ret_person);
    if (result == PROVIDER_REFUSED || result == PROVIDER_WRONG)
        call_keep_on_failure(call);
    return explain(call, result);
}

static enum status
refuse_closed(struct call *call, const char *account_id)
{
    enum status status =
        audit(call, AUDIT_LOGIN_REFUSED, (struct audit_object){.account_id = account_id, .detail = "provider"});
    return status == STATUS_OK ? fail(call, STATUS_FORBIDDEN, &ACCOUNT_CLOSED) : status;
}

enum status
handle_enter_by_provider(struct call *call, const Auth__EnterByProviderRequest *request, Auth__SessionReply *reply)
{
    struct provider_person person = {"", "", ""};
    struct provider_account account;
    char address_range[ADDRESS_RANGE_CHARS];
    enum status status = finish(call, request, NULL, &person);
    if (status == STATUS_OK)
        status = store_find_linked(call, provider_issuer(), person.subject, &account);
    else
        return status;
    bool is_refused = status == STATUS_NOT_FOUND || (status == STATUS_OK && account.is_closed);
    if (is_refused)
        call_keep_on_failure(call);
    if (status == STATUS_NOT_FOUND)
        return fail(call, STATUS_FORBIDDEN, &NOT_LINKED);
    if (is_refused)
        return refuse_closed(call, account.account_id);
    if (status != STATUS_OK)
        return status;
    log_write(LOG_INFO, "logged in by the provider", "account", account.account_id, NULL);
    address_range_of(call->client_address ? call->client_address : "", address_range);
    const struct entry entry = {.account_id = account.account_id,
                                .territory_path = account.territory_path,
                                .address_range = address_range,
                                .is_first = account.is_first,
                                .provider_logout_address = person.logout_address};
    return entry_start_session(call, &entry, reply);
}

static enum status
answer_link(struct call *call, Auth__ProviderLink *reply)
{
    reply->provider_name = provider_name(call->english);
    return store_read_link(call, provider_issuer(), reply);
}

enum status
handle_get_provider_link(struct call *call, const Auth__GetProviderLinkRequest *request, Auth__ProviderLink *reply)
{
    (void)request;
    return answer_link(call, reply);
}

static enum status
link_person(struct call *call, const struct provider_person *person)
{
    const struct provider_link link = {provider_issuer(), person->subject, person->shown_name};
    enum link_outcome outcome = LINK_IS_THERE;
    enum status status = store_link(call, &link, &outcome);
    if (status == STATUS_UNAUTHENTICATED)
        return fail(call, status, &SESSION_ENDED);
    if (status != STATUS_OK || outcome == LINK_IS_THERE)
        return status;
    if (outcome == LINK_DONE)
        return audit(call, AUDIT_PROVIDER_LINKED,
                     (struct audit_object){.account_id = call->principal->account_id,
                                           .detail = arena_format(call->arena, "subject=%s", person->subject)});
    call_keep_on_failure(call);
    return fail(call, STATUS_CONFLICT, outcome == LINK_BEFORE ? &LINKED_BEFORE : &LINKED_TO_ANOTHER);
}

enum status
handle_link_provider(struct call *call, const Auth__EnterByProviderRequest *request, Auth__ProviderLink *reply)
{
    struct provider_person person = {"", "", ""};
    enum status status = finish(call, request, call->principal->account_id, &person);
    if (status == STATUS_OK)
        status = link_person(call, &person);
    return status == STATUS_OK ? answer_link(call, reply) : status;
}

enum status
handle_unlink_provider(struct call *call, const Auth__UnlinkProviderRequest *request, Auth__ProviderLink *reply)
{
    (void)request;
    const struct revocation others = {call->principal->account_id, NULL, call->principal->session_id};
    uint32_t count;
    bool was_there = false;
    enum status status = store_unlink(call, call->principal->account_id, &was_there);
    if (status == STATUS_OK && was_there)
        status = store_revoke_sessions(call, &others, &count);
    if (status == STATUS_OK && was_there)
        status = audit_own(call, AUDIT_PROVIDER_UNLINKED);
    return status == STATUS_OK ? answer_link(call, reply) : status;
}

static enum status
undo_link(struct call *call, const char *account_id)
{
    const struct revocation all = {account_id, NULL, NULL};
    uint32_t count;
    bool was_there = false;
    enum status status = store_unlink(call, account_id, &was_there);
    if (status != STATUS_OK || !was_there)
        return status;
    status = store_revoke_sessions(call, &all, &count);
    return status == STATUS_OK ? audit(call, AUDIT_PROVIDER_UNLINKED, (struct audit_object){.account_id = account_id})
                               : status;
}

enum status
handle_set_account_provider(struct call *call, const Auth__SetAccountProviderRequest *request,
                            Auth__SetAccountProviderReply *reply)
{
    (void)reply;
    const struct provider_link link = {provider_issuer(), request->subject, ""};
    enum status status = store_find_linkable(call, request->account_id);
    if (status != STATUS_OK)
        return status;
    if (!*request->subject)
        return undo_link(call, request->account_id);
    if (!provider_is_there())
        return fail(call, STATUS_CONFLICT, &NO_PROVIDER);
    status = store_assign_link(call, request->account_id, &link);
    if (status == STATUS_CONFLICT)
        return fail(call, status, &LINKED_TO_ANOTHER);
    return status == STATUS_OK
               ? audit(call, AUDIT_PROVIDER_LINKED,
                       (struct audit_object){.account_id = request->account_id,
                                             .detail = arena_format(call->arena, "subject=%s", request->subject)})
               : status;
}
