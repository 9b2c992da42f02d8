// Sessions: fresh tokens, who I am, my sessions, ending them.
#include "auth_rpc.h"
#include "store.h"
#include "tokens.h"

static const struct message SESSION_ENDED = {"session_ended", "Сеанс завершён. Войдите в систему ещё раз.",
                                             "The session has ended. Log in again."};

// A token that was spent already: within the grace it is a retry or another tab, later somebody else has a copy.
static enum status
explain_token(struct call *call, const char *token, const char *hash, struct refreshed_session *ret_session,
              const char **ret_next)
{
    enum status status = store_find_token(call, hash, ret_session);
    if (status == STATUS_NOT_FOUND ||
        (status == STATUS_OK && (ret_session->is_revoked_or_old || !ret_session->is_spent)))
        return fail(call, STATUS_UNAUTHENTICATED, &SESSION_ENDED);
    if (status != STATUS_OK)
        return status;
    if (call->now_ms - ret_session->spent_ms > REFRESH_GRACE_MS) {
        status = store_revoke_silently(call, ret_session->session_id);
        call_keep_on_failure(call);
        if (status == STATUS_OK)
            status = audit(call, AUDIT_TOKEN_REUSED, (struct audit_object){.account_id = ret_session->account_id});
        return status == STATUS_OK ? fail(call, STATUS_UNAUTHENTICATED, &SESSION_ENDED) : status;
    }
    *ret_next = token_unseal(call, token, ret_session->sealed_next_hex);
    const char *access_end = token_access_end(call);
    if (!*ret_next || !access_end)
        return fail(call, STATUS_UNAUTHENTICATED, &SESSION_ENDED);
    return store_extend_access(call, ret_session->session_id, access_end);
}

enum status
handle_refresh_session(struct call *call, const Auth__RefreshSessionRequest *request, Auth__SessionReply *reply)
{
    struct refreshed_session session;
    const char *next = token_new_refresh(call);
    const char *hash = token_hash(call, request->refresh_token);
    const char *next_hash = next ? token_hash(call, next) : NULL;
    const char *sealed = next ? token_seal(call, request->refresh_token, next) : NULL;
    const char *access_end = token_access_end(call);
    reply->account = arena_take(call->arena, sizeof(*reply->account));
    if (!hash || !next_hash || !sealed || !access_end || !reply->account)
        return STATUS_TOO_LARGE;
    auth__account__init(reply->account);
    enum status status = store_spend_token(call, hash, next_hash, sealed, access_end, &session);
    if (status == STATUS_NOT_FOUND)
        status = explain_token(call, request->refresh_token, hash, &session, &next);
    if (status != STATUS_OK)
        return status;
    reply->refresh_token = next;
    reply->refresh_expires_at = session.expires_at;
    db_set_scope(call->db, session.territory_path);
    status = store_read_account(call, session.account_id, session.session_id, reply->account);
    return status == STATUS_OK ? token_issue_access(call, session.session_id, session.expires_at, reply) : status;
}

enum status
handle_get_session(struct call *call, const Auth__GetSessionRequest *request, Auth__Account *reply)
{
    (void)request;
    enum status status = store_read_own_account(call, reply);
    return status == STATUS_UNAUTHENTICATED ? fail(call, status, &SESSION_ENDED) : status;
}

enum status
handle_logout(struct call *call, const Auth__LogoutRequest *request, Auth__LogoutReply *reply)
{
    (void)request;
    uint32_t count;
    struct revocation which = {call->principal->account_id, call->principal->session_id, NULL};
    enum status status = store_take_provider_logout(call, &reply->provider_logout_address);
    if (status == STATUS_OK)
        status = store_revoke_sessions(call, &which, &count);
    return status == STATUS_OK ? audit_own(call, AUDIT_LOGGED_OUT) : status;
}

enum status
handle_list_sessions(struct call *call, const Auth__ListSessionsRequest *request, Auth__ListSessionsReply *reply)
{
    (void)request;
    return store_list_sessions(call, reply);
}

enum status
handle_revoke_session(struct call *call, const Auth__RevokeSessionRequest *request, Auth__RevokeSessionReply *reply)
{
    (void)reply;
    uint32_t count;
    struct revocation which = {call->principal->account_id, request->session_id, NULL};
    enum status status = store_revoke_sessions(call, &which, &count);
    if (status == STATUS_OK && count == 0)
        return STATUS_NOT_FOUND;
    return status == STATUS_OK ? audit_own(call, AUDIT_SESSION_REVOKED) : status;
}

enum status
handle_revoke_all_sessions(struct call *call, const Auth__RevokeAllSessionsRequest *request,
                           Auth__RevokeAllSessionsReply *reply)
{
    (void)request;
    struct revocation which = {call->principal->account_id, NULL, NULL};
    enum status status = store_revoke_sessions(call, &which, &reply->revoked);
    return status == STATUS_OK ? audit_own(call, AUDIT_ALL_SESSIONS_REVOKED) : status;
}

enum status
handle_list_revoked_sessions(struct call *call, const Auth__ListRevokedSessionsRequest *request,
                             Auth__ListRevokedSessionsReply *reply)
{
    (void)request;
    return store_list_revoked(call, reply);
}
