// Making accounts: logins from codes, one-time passwords, the event that tells of them.
#pragma once

#include "auth.pb-c.h"
#include "store.h"

struct one_time_password {
    const char *text, *hash, *expires_at;
};
MUST_CHECK enum status one_time_password_make(struct call *call, struct one_time_password *ret_password);

// "ROLE_OPERATOR" as accounts carry it; "" for none.
const char *account_role_name(Vekha__Role role);

// An account of the role for each slot. *ret_accounts are in the arena, `count` of them.
MUST_CHECK enum status accounts_issue(struct call *call, Vekha__Role role, const struct account_slot *slots,
                                      size_t count, Auth__IssuedAccount ***ret_accounts);
// The same for an account whose login is given.
MUST_CHECK enum status account_issue_named(struct call *call, Vekha__Role role, const char *login,
                                           const struct account_slot *slot, Auth__IssuedAccount *ret_account);
