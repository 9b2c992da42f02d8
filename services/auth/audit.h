// What is written down of who reads or changes personal data. A record is part of the act's own transaction and waits
// for nothing.
#pragma once

#include "vekha/service/service.h"

#define AUDIT_LOGGED_IN "logged_in"
#define AUDIT_LOGGED_IN_BY_PROVIDER "logged_in_by_provider"
#define AUDIT_PROVIDER_LINKED "provider_linked"
#define AUDIT_PROVIDER_UNLINKED "provider_unlinked"
#define AUDIT_LOGIN_REFUSED "login_refused"
#define AUDIT_LOGGED_OUT "logged_out"
#define AUDIT_SESSION_REVOKED "session_revoked"
#define AUDIT_ALL_SESSIONS_REVOKED "all_sessions_revoked"
#define AUDIT_TOKEN_REUSED "token_reused"
#define AUDIT_PASSWORD_CHANGED "password_changed"
#define AUDIT_PASSWORD_RESET "password_reset"
#define AUDIT_PROFILE_READ "profile_read"
#define AUDIT_PROFILE_SAVED "profile_saved"
#define AUDIT_ACCOUNT_ISSUED "account_issued"
#define AUDIT_ACCOUNT_CLOSED "account_closed"
#define AUDIT_ACCOUNT_REOPENED "account_reopened"
#define AUDIT_ACCOUNTS_LISTED "accounts_listed"
#define AUDIT_ORGANISATIONS_IMPORTED "organisations_imported"
#define AUDIT_ORGANISATION_READ "organisation_read"
#define AUDIT_AUDIT_READ "audit_read"
#define AUDIT_CURATOR_BOUND "curator_bound"
#define AUDIT_CURATOR_UNBOUND "curator_unbound"
// Told by reporting and deadlines (ContactsRead).
#define AUDIT_START_REPORT_READ "start_report_read"
#define AUDIT_PROVIDED_REPORT_READ "provided_report_read"
#define AUDIT_PROVIDED_VALUES_READ "provided_values_read"
#define AUDIT_ROADMAPS_REPORT_READ "roadmaps_report_read"
#define AUDIT_ACTIVITY_REPORT_READ "activity_report_read"
#define AUDIT_FORECAST_REPORT_READ "forecast_report_read"
#define AUDIT_FEED_KEY_ISSUED "feed_key_issued"
#define AUDIT_FEED_KEY_REVOKED "feed_key_revoked"
#define AUDIT_MESSAGE_ADDRESSEES_READ "message_addressees_read"
#define AUDIT_CALENDAR_DAY_CHANGED "calendar_day_changed"
#define AUDIT_ACCESS_MAILED "access_mailed"

bool audit_act_is_known(const char *act);

// Whom or what the act was about; NULL or "" where there is nobody. The actor is the caller.
struct audit_object {
    const char *account_id, *organisation_id;
    // Of a login: who came in is nobody yet while the act goes on.
    const char *actor_account_id;
    const char *detail;
    // Of an act elsewhere; NULL: the caller's address, now.
    const char *client_address, *at;
};
MUST_CHECK enum status audit(struct call *call, const char *act, struct audit_object object);
// Of the caller's own account.
MUST_CHECK enum status audit_own(struct call *call, const char *act);
// One record for each account, of the same act by the caller.
MUST_CHECK enum status audit_accounts(struct call *call, const char *act, const char *const *account_ids, size_t count);
// One record for each organisation, of an act on one account.
MUST_CHECK enum status audit_organisations(struct call *call, const char *act, const char *account_id,
                                           const char *const *organisation_ids, size_t count);
