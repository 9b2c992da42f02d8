// What an account owes before work starts: its own password (S2.15, S2.16) and the data of its person (S2.17).
#include <string.h>

#include "auth_rpc.h"
#include "password_rules.h"
#include "store.h"
#include "tokens.h"
#include "vekha/crypto/password.h"

static const struct message SESSION_ENDED = {"session_ended", "Сеанс завершён. Войдите в систему ещё раз.",
                                             "The session has ended. Log in again."};
static const struct message CHANGE_FORBIDDEN = {
    "password_change_forbidden", "Менять пароль самостоятельно здесь нельзя: новый одноразовый даст администратор.",
    "Passwords cannot be changed here: the administrator gives a new one-time password."};
static const struct message WRONG_PASSWORD = {"wrong_password", "Действующий пароль введён неверно.",
                                              "The current password is wrong."};
static const struct message TOO_MANY_ATTEMPTS = {
    "too_many_attempts", "Слишком много неудачных попыток. Подождите немного и попробуйте снова.",
    "Too many failed attempts. Wait a little and try again."};
static const struct message SAME_PASSWORD = {"password_not_new",
                                             "Новый пароль совпадает с действующим: придумайте другой.",
                                             "The new password is the current one: choose another."};
static const struct message TOO_SHORT = {"password_too_short", "Пароль короче 8 знаков: удлините его.",
                                         "The password has fewer than 8 characters: make it longer."};
static const struct message TOO_LONG = {"password_too_long", "Пароль длиннее 256 знаков: сократите его.",
                                        "The password has more than 256 characters: shorten it."};
static const struct message COMMON = {"password_common",
                                      "Этот пароль слишком известен: возьмите несколько не связанных слов.",
                                      "This password is too well known: take several unrelated words."};
static const struct message GUESSABLE = {
    "password_guessable", "Пароль составлен из логина, названия или имени: добавьте не связанные с ними слова.",
    "The password is made of the login, the organisation's or your name: add words unrelated to them."};

static enum status
refuse_password(struct call *call, enum password_verdict verdict)
{
    static const struct message *const MESSAGES[] = {
        [PASSWORD_TOO_SHORT] = &TOO_SHORT,
        [PASSWORD_TOO_LONG] = &TOO_LONG,
        [PASSWORD_COMMON] = &COMMON,
        [PASSWORD_GUESSABLE] = &GUESSABLE,
    };
    return fail_field(call, "newPassword", MESSAGES[verdict]);
}

static enum status
check_current(struct call *call, const struct own_password *own, const char *attempt_key, const char *current)
{
    struct login_failures failures = {.pair = own->failures, .is_known_address = true};
    int64_t wait_ms = throttle_wait_ms(&failures, call->now_ms);
    if (wait_ms > 0)
        return fail_later(call, STATUS_TOO_MANY, &TOO_MANY_ATTEMPTS, (uint32_t)((wait_ms + 999) / 1000));
    bool is_right = password_matches(own->password_hash, current);
    enum status status = store_note_attempt(call, attempt_key, "own session", !is_right);
    if (status != STATUS_OK || is_right)
        return status;
    call_keep_on_failure(call);
    return fail_field(call, "currentPassword", &WRONG_PASSWORD);
}

// A new refresh token takes the place of the session's, and a new access token is less restricted.
static enum status
renew_session(struct call *call, const char *new_hash, Auth__SessionReply *reply)
{
    const struct revocation others = {call->principal->account_id, NULL, call->principal->session_id};
    uint32_t count;
    const char *access_end = token_access_end(call);
    reply->refresh_token = token_new_refresh(call);
    const char *hash = reply->refresh_token ? token_hash(call, reply->refresh_token) : NULL;
    if (!access_end || !hash)
        return STATUS_TOO_LARGE;
    enum status status = store_change_password(call, new_hash, hash, access_end, &reply->refresh_expires_at);
    return status == STATUS_OK ? store_revoke_sessions(call, &others, &count) : status;
}

static enum status
answer_own_session(struct call *call, const char *session_expires_at, Auth__SessionReply *reply)
{
    reply->account = arena_take(call->arena, sizeof(*reply->account));
    if (!reply->account)
        return STATUS_TOO_LARGE;
    auth__account__init(reply->account);
    enum status status = store_read_own_account(call, reply->account);
    return status == STATUS_OK ? token_issue_access(call, call->principal->session_id, session_expires_at, reply)
                               : status;
}

enum status
handle_change_password(struct call *call, const Auth__ChangePasswordRequest *request, Auth__SessionReply *reply)
{
    struct own_password own;
    char new_hash[PASSWORD_HASH_CHARS];
    const char *attempt_key = token_hash(call, call->principal->account_id);
    if (!attempt_key)
        return STATUS_TOO_LARGE;
    enum status status = store_read_own_password(call, attempt_key, &own);
    if (status == STATUS_UNAUTHENTICATED)
        return fail(call, status, &SESSION_ENDED);
    if (status != STATUS_OK)
        return status;
    if (!own.is_one_time && strcmp(config_text(call->config, "later_password_change"), "forbidden") == 0)
        return fail(call, STATUS_FORBIDDEN, &CHANGE_FORBIDDEN);
    status = check_current(call, &own, attempt_key, request->current_password);
    if (status != STATUS_OK)
        return status;
    if (strcmp(request->new_password, request->current_password) == 0)
        return fail_field(call, "newPassword", &SAME_PASSWORD);
    const char *const context[] = {own.login, own.organisation_name, own.person_name};
    enum password_verdict verdict = password_judge(call->arena, request->new_password, context, 3);
    if (verdict != PASSWORD_GOOD)
        return refuse_password(call, verdict);
    status = password_hash(request->new_password, new_hash);
    if (status == STATUS_OK)
        status = renew_session(call, new_hash, reply);
    if (status == STATUS_OK)
        status = audit_own(call, AUDIT_PASSWORD_CHANGED);
    if (status == STATUS_OK)
        status = answer_own_session(call, reply->refresh_expires_at, reply);
    return status == STATUS_UNAUTHENTICATED ? fail(call, status, &SESSION_ENDED) : status;
}

enum status
handle_get_profile(struct call *call, const Auth__GetProfileRequest *request, Auth__Profile *reply)
{
    (void)request;
    enum status status = store_read_profile(call, reply);
    return status == STATUS_OK ? audit_own(call, AUDIT_PROFILE_READ) : status;
}

static enum status
tell_profile_saved(struct call *call, const Auth__SaveProfileRequest *request, const Auth__Account *account)
{
    Events__ProfileSaved event = EVENTS__PROFILE_SAVED__INIT;
    event.account_id = account->account_id;
    event.organisation_id = account->organisation_id;
    event.role = account->role;
    event.family_name = request->family_name;
    event.given_name = request->given_name;
    event.middle_name = request->middle_name;
    event.position = request->position;
    event.phone = request->phone;
    event.email = request->email;
    return emit(call, &event.base);
}

enum status
handle_save_profile(struct call *call, const Auth__SaveProfileRequest *request, Auth__SessionReply *reply)
{
    const char *access_end = token_access_end(call);
    reply->refresh_token = token_new_refresh(call);
    const char *hash = reply->refresh_token ? token_hash(call, reply->refresh_token) : NULL;
    if (!access_end || !hash)
        return STATUS_TOO_LARGE;
    enum status status = store_save_profile(call, request);
    if (status == STATUS_OK)
        status = store_add_token(call, hash, access_end, &reply->refresh_expires_at);
    if (status == STATUS_OK)
        status = answer_own_session(call, reply->refresh_expires_at, reply);
    if (status == STATUS_UNAUTHENTICATED)
        return fail(call, status, &SESSION_ENDED);
    if (status == STATUS_OK)
        status = audit_own(call, AUDIT_PROFILE_SAVED);
    return status == STATUS_OK ? tell_profile_saved(call, request, reply->account) : status;
}
