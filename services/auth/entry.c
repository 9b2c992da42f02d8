// Starting sessions.
#include "entry.h"

#include "store.h"
#include "tokens.h"
#include "vekha/base/text.h"

static enum status
start_session(struct call *call, const struct entry *entry, Auth__SessionReply *reply)
{
    char *session_id = arena_take(call->arena, 37);
    reply->refresh_token = token_new_refresh(call);
    reply->refresh_expires_at = moment_after(call, SESSION_ABSOLUTE_MS);
    reply->account = arena_take(call->arena, sizeof(*reply->account));
    if (!session_id || !reply->refresh_token || !reply->refresh_expires_at || !reply->account)
        return STATUS_TOO_LARGE;
    text_make_uuid(session_id);
    struct new_session session = {session_id,
                                  entry->account_id,
                                  token_hash(call, reply->refresh_token),
                                  reply->refresh_expires_at,
                                  token_access_end(call),
                                  entry->address_range,
                                  entry->provider_logout_address};
    if (!session.token_hash || !session.access_expires_at)
        return STATUS_TOO_LARGE;
    auth__account__init(reply->account);
    db_set_scope(call->db, entry->territory_path);
    enum status status = store_start_session(call, &session);
    if (status == STATUS_OK)
        status = store_read_account(call, entry->account_id, session_id, reply->account);
    if (status == STATUS_OK)
        status = token_issue_access(call, session_id, reply->refresh_expires_at, reply);
    return status;
}

static enum status
tell_logged_in(struct call *call, const Auth__Account *account, bool is_first)
{
    Events__LoggedIn event = EVENTS__LOGGED_IN__INIT;
    event.account_id = account->account_id;
    event.organisation_id = account->organisation_id;
    event.role = account->role;
    event.at = call->now;
    event.first = is_first;
    return emit(call, &event.base);
}

enum status
entry_start_session(struct call *call, const struct entry *entry, Auth__SessionReply *reply)
{
    const char *act = entry->provider_logout_address ? AUDIT_LOGGED_IN_BY_PROVIDER : AUDIT_LOGGED_IN;
    const struct audit_object object = {.account_id = entry->account_id, .actor_account_id = entry->account_id};
    enum status status = start_session(call, entry, reply);
    if (status == STATUS_OK)
        status = audit(call, act, object);
    return status == STATUS_OK ? tell_logged_in(call, reply->account, entry->is_first) : status;
}
