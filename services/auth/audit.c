// The names of acts; what is written of them is in store_audit.c.
#include "audit.h"

#include <string.h>

#include "store.h"

bool
audit_act_is_known(const char *act)
{
    static const char *const ACTS[] = {
        AUDIT_LOGGED_IN,
        AUDIT_LOGGED_IN_BY_PROVIDER,
        AUDIT_PROVIDER_LINKED,
        AUDIT_PROVIDER_UNLINKED,
        AUDIT_LOGIN_REFUSED,
        AUDIT_LOGGED_OUT,
        AUDIT_SESSION_REVOKED,
        AUDIT_ALL_SESSIONS_REVOKED,
        AUDIT_TOKEN_REUSED,
        AUDIT_PASSWORD_CHANGED,
        AUDIT_PASSWORD_RESET,
        AUDIT_PROFILE_READ,
        AUDIT_PROFILE_SAVED,
        AUDIT_ACCOUNT_ISSUED,
        AUDIT_ACCOUNT_CLOSED,
        AUDIT_ACCOUNT_REOPENED,
        AUDIT_ACCOUNTS_LISTED,
        AUDIT_ORGANISATIONS_IMPORTED,
        AUDIT_ORGANISATION_READ,
        AUDIT_AUDIT_READ,
        AUDIT_START_REPORT_READ,
        AUDIT_PROVIDED_REPORT_READ,
        AUDIT_PROVIDED_VALUES_READ,
        AUDIT_CURATOR_BOUND,
        AUDIT_CURATOR_UNBOUND,
        AUDIT_ROADMAPS_REPORT_READ,
        AUDIT_FORECAST_REPORT_READ,
        AUDIT_ACTIVITY_REPORT_READ,
        AUDIT_MESSAGE_ADDRESSEES_READ,
        AUDIT_FEED_KEY_ISSUED,
        AUDIT_FEED_KEY_REVOKED,
        AUDIT_CALENDAR_DAY_CHANGED,
        AUDIT_ACCESS_MAILED,
    };
    for (size_t i = 0; i < sizeof(ACTS) / sizeof(ACTS[0]); i++)
        if (strcmp(act, ACTS[i]) == 0)
            return true;
    return false;
}

enum status
audit(struct call *call, const char *act, struct audit_object object)
{
    if (!object.actor_account_id)
        object.actor_account_id = call->principal ? call->principal->account_id : NULL;
    if (!object.client_address)
        object.client_address = call->client_address;
    if (!object.at)
        object.at = call->now;
    return store_add_audit(call, act, &object);
}

enum status
audit_own(struct call *call, const char *act)
{
    return audit(call, act, (struct audit_object){.account_id = call->principal->account_id});
}

enum status
audit_accounts(struct call *call, const char *act, const char *const *account_ids, size_t count)
{
    return store_add_audit_of_accounts(call, act, account_ids, count);
}

enum status
audit_organisations(struct call *call, const char *act, const char *account_id, const char *const *organisation_ids,
                    size_t count)
{
    return count ? store_add_audit_of_organisations(call, act, account_id, organisation_ids, count) : STATUS_OK;
}
