// A session begins: with a password, or with what the provider says.
#pragma once

#include "auth.pb-c.h"
#include "vekha/service/service.h"

struct entry {
    const char *account_id, *territory_path, *address_range;
    bool is_first;
    const char *provider_logout_address; // NULL: with a password
};
// The session with its tokens; written into the audit and told.
MUST_CHECK enum status entry_start_session(struct call *call, const struct entry *entry, Auth__SessionReply *reply);
