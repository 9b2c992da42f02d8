// Logging in with the issued login and password (S2.14), slowed down for who guesses.
#include <string.h>

#include "auth_rpc.h"
#include "entry.h"
#include "password_rules.h"
#include "store.h"
#include "tokens.h"
#include "vekha/base/log.h"
#include "vekha/base/text.h"
#include "vekha/crypto/password.h"
#include "vekha/crypto/token.h"

static const struct message WRONG_LOGIN = {
    "wrong_login_or_password",
    "Логин или пароль не подходит. Проверьте раскладку; одноразовый пароль действует 30 дней, новый даст "
    "администратор.",
    "The login or password does not fit. Check the keyboard layout; a one-time password is valid for 30 days, the "
    "administrator gives a new one."};
static const struct message TOO_MANY_ATTEMPTS = {
    "too_many_attempts", "Слишком много неудачных попыток. Подождите немного и попробуйте снова.",
    "Too many failed attempts. Wait a little and try again."};

// Of a login only the hash: people type passwords into the wrong field.
static void
log_attempt(const struct call *call, const char *outcome, const char *login_key)
{
    log_write(LOG_INFO, outcome, "login_sha256", login_key, "address", call->client_address ? call->client_address : "",
              NULL);
}

// As it is stored: without spaces around it, in lower case.
static const char *
normal_login(struct call *call, const char *login)
{
    char *normal = text_fold(call->arena, login + strspn(login, " \t"));
    size_t size = normal ? strlen(normal) : 0;
    while (size > 0 && (normal[size - 1] == ' ' || normal[size - 1] == '\t'))
        normal[--size] = '\0';
    return normal;
}

// As long for an unknown login or a one-time password as for one's own password.
static bool
is_right_password(const struct login_candidate *candidate, const char *password)
{
    bool is_right = candidate->exists && password_matches(candidate->password_hash, password);
    is_right = is_right && !candidate->is_closed && !candidate->is_expired;
    if (!is_right && (!candidate->exists || candidate->failures.is_one_time))
        password_waste_time(password);
    return is_right;
}

// Of a login that nobody has only the hash.
static struct audit_object
refused_login(struct call *call, const struct login_candidate *candidate, const char *login_key)
{
    const char *account_id = candidate->exists ? candidate->account_id : NULL;
    const char *detail = candidate->exists ? NULL : arena_format(call->arena, "login_sha256=%s", login_key);
    return (struct audit_object){.account_id = account_id, .detail = detail};
}

enum status
handle_login(struct call *call, const Auth__LoginRequest *request, Auth__SessionReply *reply)
{
    struct login_candidate candidate;
    char address_range[ADDRESS_RANGE_CHARS];
    address_range_of(call->client_address ? call->client_address : "", address_range);
    const char *login = normal_login(call, request->login);
    const char *login_key = login ? token_hash(call, login) : NULL;
    if (!login_key)
        return STATUS_TOO_LARGE;
    enum status status = store_find_candidate(call, login, login_key, address_range, &candidate);
    if (status != STATUS_OK)
        return status;
    int64_t wait_ms = throttle_wait_ms(&candidate.failures, call->now_ms);
    if (wait_ms > 0) {
        log_attempt(call, "login throttled", login_key);
        return fail_later(call, STATUS_TOO_MANY, &TOO_MANY_ATTEMPTS, (uint32_t)((wait_ms + 999) / 1000));
    }
    bool is_right = is_right_password(&candidate, request->password);
    status = store_note_attempt(call, login_key, address_range, !is_right);
    if (status != STATUS_OK)
        return status;
    log_attempt(call, is_right ? "logged in" : "login refused", login_key);
    if (!is_right) {
        call_keep_on_failure(call);
        status = audit(call, AUDIT_LOGIN_REFUSED, refused_login(call, &candidate, login_key));
        if (status != STATUS_OK)
            return status;
        return fail(call, STATUS_UNAUTHENTICATED, &WRONG_LOGIN);
    }
    const struct entry entry = {.account_id = candidate.account_id,
                                .territory_path = candidate.territory_path,
                                .address_range = address_range,
                                .is_first = candidate.is_first};
    return entry_start_session(call, &entry, reply);
}
