// What auth keeps, and the only way to it: one function is one statement. Texts returned live as long as the call.
#pragma once

#include "audit.h"
#include "auth.pb-c.h"
#include "events.pb-c.h"
#include "rules.h"
#include "validity.h"
#include "vekha/service/service.h"

// ---- accounts (store_account.c)

// Fills everything a session's owner may know of the account; NOT_FOUND without it. Needs the territory's scope.
MUST_CHECK enum status store_read_account(struct call *call, const char *account_id, const char *session_id,
                                          Auth__Account *account);
// The same for the caller's account, UNAUTHENTICATED when the session has ended.
MUST_CHECK enum status store_read_own_account(struct call *call, Auth__Account *account);

// Accounts of the role that matching organisations lack, at most `limit`.
struct account_wish {
    Vekha__Role role;
    const char *role_name;
    const char *const *kinds;
    size_t kind_count;
    const char *const *codes;
    size_t code_count;
    const char *below_path;
    uint32_t per_organisation;
    uint32_t limit;
};
struct account_slot {
    const char *organisation_id, *path, *kind, *organisation_name;
    unsigned accounts_before; // of this role, closed ones and the slots before included
};
MUST_CHECK enum status store_find_unserved(struct call *call, const struct account_wish *wish,
                                           struct account_slot **ret_slots, size_t *ret_count, uint32_t *ret_total);
// Codes of the wish that are no organisation today, joined by ", "; "" when all are.
MUST_CHECK enum status store_find_unknown_codes(struct call *call, const char *const *codes, size_t count,
                                                const char **ret_codes);

// One issue at a time, so that nobody gets two.
MUST_CHECK enum status store_lock_issuing(struct call *call);
struct new_account {
    const char *account_id, *login, *organisation_id, *territory_path, *password_hash;
};
MUST_CHECK enum status store_insert_accounts(struct call *call, const char *role_name,
                                             const struct new_account *accounts, size_t count, const char *expires_at);
MUST_CHECK enum status store_list_accounts(struct call *call, const Auth__ListAccountsRequest *request,
                                           const char *role_name, Auth__ListAccountsReply *reply);
// NOT_FOUND outside the caller's territory.
// *ret_done: false when the account is closed or its person has a password of their own.
MUST_CHECK enum status store_take_mailed_access(struct call *call, const char *account_id, const char *password_hash,
                                                const char *expires_at, bool *ret_done);
MUST_CHECK enum status store_reset_password(struct call *call, const char *account_id, const char *password_hash,
                                            const char *expires_at, Auth__IssuedAccount *reply);
// *ret_changed: it was not so before. The event is filled for a reopened account.
MUST_CHECK enum status store_set_closed(struct call *call, const char *account_id, bool closed, bool *ret_changed,
                                        Events__AccountIssued *event);
MUST_CHECK enum status store_has_accounts(struct call *call, bool *ret_has);

// ---- profiles (store_account.c)

MUST_CHECK enum status store_read_profile(struct call *call, Auth__Profile *profile);
MUST_CHECK enum status store_save_profile(struct call *call, const Auth__SaveProfileRequest *request);

// ---- curators (store_curator.c)

struct curator {
    const char *role_name, *territory_path;
    bool is_closed;
};
// NOT_FOUND outside the caller's territory.
MUST_CHECK enum status store_find_curator(struct call *call, const char *account_id, bool locked,
                                          struct curator *ret_curator);
// What a code of the list is today: path "" when it is none, else its kind and whether it is in the territory.
struct school_wish {
    const char *path, *kind;
    bool is_in_territory;
};
MUST_CHECK enum status store_look_up_schools(struct call *call, const char *const *codes, size_t count,
                                             const char *territory_path, struct school_wish **ret_wishes);
// Rows organisation_id, organisation_path, bound: what is different from now on.
enum { BINDING_ORGANISATION_ID, BINDING_ORGANISATION_PATH, BINDING_BOUND };
MUST_CHECK enum status store_bind_schools(struct call *call, const char *account_id, const char *const *codes,
                                          size_t count, struct db_rows *ret_rows);
MUST_CHECK enum status store_list_schools(struct call *call, const char *account_id, Auth__CuratorSchools *reply);

// ---- logging in (store_login.c)

struct login_candidate {
    bool exists, is_closed, is_expired, is_first;
    const char *account_id, *territory_path, *password_hash;
    struct login_failures failures;
};
MUST_CHECK enum status store_find_candidate(struct call *call, const char *login, const char *login_key,
                                            const char *address_range, struct login_candidate *ret_candidate);
MUST_CHECK enum status store_note_attempt(struct call *call, const char *login_key, const char *address_range,
                                          bool failed);
struct new_session {
    const char *session_id, *account_id, *token_hash, *expires_at, *access_expires_at, *address_range;
    const char *provider_logout_address; // NULL: with a password; "": the provider has no such address
};
// The session with its first refresh token; the account has logged in from here.
MUST_CHECK enum status store_start_session(struct call *call, const struct new_session *session);

// What a new password is judged against.
struct own_password {
    const char *password_hash, *login, *organisation_name, *person_name;
    bool is_one_time;
    struct failures failures;
};
MUST_CHECK enum status store_read_own_password(struct call *call, const char *attempt_key,
                                               struct own_password *ret_password);
// Also replaces the session's refresh tokens by the one given.
MUST_CHECK enum status store_change_password(struct call *call, const char *password_hash, const char *token_hash,
                                             const char *access_expires_at, const char **ret_session_expires_at);

// ---- the provider of accounts outside (store_provider.c)

// Somebody on the way to the provider and back. Nothing here helps who reads the table: both secrets are hashes.
struct provider_errand {
    const char *state_hash, *secret_hash;
    const char *account_id; // who links; NULL: who enters
    const char *address_range, *expires_at;
};
// TOO_MANY when as many as that are on the way from the network already.
MUST_CHECK enum status store_begin_errand(struct call *call, const struct provider_errand *errand);
// An errand ends once. NOT_FOUND: there is none, or somebody else's, or too old.
MUST_CHECK enum status store_end_errand(struct call *call, const char *state_hash, const char *secret_hash,
                                        const char *account_id);
struct provider_account {
    const char *account_id, *territory_path;
    bool is_closed, is_first;
};
// NOT_FOUND: linked to nobody here.
MUST_CHECK enum status store_find_linked(struct call *call, const char *issuer, const char *subject,
                                         struct provider_account *ret_account);
struct provider_link {
    const char *issuer, *subject, *shown_name;
};
enum link_outcome { LINK_DONE, LINK_IS_THERE, LINK_OF_ANOTHER, LINK_BEFORE };
// UNAUTHENTICATED when the caller's session has ended.
MUST_CHECK enum status store_link(struct call *call, const struct provider_link *link, enum link_outcome *ret_outcome);
// *ret_was: there was one.
MUST_CHECK enum status store_unlink(struct call *call, const char *account_id, bool *ret_was);
// NOT_FOUND outside the caller's territory.
MUST_CHECK enum status store_find_linkable(struct call *call, const char *account_id);
// In place of the link there is. CONFLICT: it is another account's.
MUST_CHECK enum status store_assign_link(struct call *call, const char *account_id, const struct provider_link *link);
MUST_CHECK enum status store_read_link(struct call *call, const char *issuer, Auth__ProviderLink *link);
// Where the caller's session ends outside, for the last time; "" without.
MUST_CHECK enum status store_take_provider_logout(struct call *call, const char **ret_address);

// ---- sessions (store_session.c)

struct refreshed_session {
    const char *session_id, *account_id, *territory_path, *expires_at, *token_hash;
    bool is_revoked_or_old;
    bool is_spent;
    int64_t spent_ms;
    const char *sealed_next_hex;
};
// Spends the token for the next one. NOT_FOUND when it cannot be spent: store_find_token() says why.
MUST_CHECK enum status store_spend_token(struct call *call, const char *token_hash, const char *next_hash,
                                         const char *sealed_next_hex, const char *access_expires_at,
                                         struct refreshed_session *ret_session);
MUST_CHECK enum status store_find_token(struct call *call, const char *token_hash,
                                        struct refreshed_session *ret_session);
MUST_CHECK enum status store_extend_access(struct call *call, const char *session_id, const char *access_expires_at);
// Gives the caller's session one more refresh token: a client may take it or keep the one it has.
// UNAUTHENTICATED when the session has ended.
MUST_CHECK enum status store_add_token(struct call *call, const char *token_hash, const char *access_expires_at,
                                       const char **ret_session_expires_at);
MUST_CHECK enum status store_list_sessions(struct call *call, Auth__ListSessionsReply *reply);

// Ends sessions of an account: one, all, or all but one; emits SessionRevoked for each.
struct revocation {
    const char *account_id;
    const char *only_session_id;   // NULL: all
    const char *except_session_id; // NULL: none
};
MUST_CHECK enum status store_revoke_sessions(struct call *call, const struct revocation *which, uint32_t *ret_count);
// Ends a session without telling anybody yet: for a command that fails.
MUST_CHECK enum status store_revoke_silently(struct call *call, const char *session_id);
// Emits what store_revoke_silently() left.
MUST_CHECK enum status store_announce_revoked(struct call *call);
MUST_CHECK enum status store_list_revoked(struct call *call, Auth__ListRevokedSessionsReply *reply);
// Removes what nobody can use any more.
MUST_CHECK enum status store_sweep(struct call *call);

// ---- audit (store_audit.c)

MUST_CHECK enum status store_add_audit(struct call *call, const char *act, const struct audit_object *object);
MUST_CHECK enum status store_add_audit_of_accounts(struct call *call, const char *act, const char *const *account_ids,
                                                   size_t count);
MUST_CHECK enum status store_add_audit_of_organisations(struct call *call, const char *act, const char *account_id,
                                                        const char *const *organisation_ids, size_t count);
// Takes what waits into the chain; *ret_again: more waits.
MUST_CHECK enum status store_seal_audit(struct call *call, bool *ret_again);
MUST_CHECK enum status store_list_audit(struct call *call, const Auth__ListAuditRecordsRequest *request,
                                        Auth__ListAuditRecordsReply *reply);

// ---- organisations (store_organisation.c)

MUST_CHECK enum status store_list_organisations(struct call *call, const Auth__ListOrganisationsRequest *request,
                                                Auth__ListOrganisationsReply *reply);
MUST_CHECK enum status store_get_organisation(struct call *call, const char *organisation_id,
                                              Auth__Organisation *reply);
// NOT_FOUND outside the caller's territory.
MUST_CHECK enum status store_list_organisation_versions(struct call *call, const char *organisation_id,
                                                        Auth__ListOrganisationVersionsReply *reply);

// ---- import (store_import.c)

// One import at a time; *ret_today is the day where rows without valid_from begin.
MUST_CHECK enum status store_lock_tree(struct call *call, const char **ret_today);

struct known_version {
    const char *organisation_id, *path;
    struct organisation_version version;
};
// All versions of the organisations with these paths, by path and valid_from.
MUST_CHECK enum status store_find_versions(struct call *call, const char *const *paths, size_t count,
                                           struct known_version **ret_versions, size_t *ret_count);
// Those of the zones that PostgreSQL does not know, joined by "|" and enclosed in it.
MUST_CHECK enum status store_find_unknown_zones(struct call *call, const char *const *zones, size_t count,
                                                const char **ret_zones);

struct new_organisation {
    const char *organisation_id, *path, *parent_id;
};
MUST_CHECK enum status store_insert_organisations(struct call *call, const struct new_organisation *organisations,
                                                  size_t count);
// Replaces the whole histories of the organisations that occur in `versions`.
MUST_CHECK enum status store_replace_versions(struct call *call, const struct known_version *versions, size_t count);

// A period in which something of an organisation is new.
struct changed_period {
    const char *organisation_id, *path, *valid_from, *valid_to;
    bool touches_units_below; // its name or zone, which they carry
};
// Emits OrganisationChanged for each, units above first.
MUST_CHECK enum status store_emit_organisations(struct call *call, const struct changed_period *periods, size_t count);
