// SQL of the feed's keys.
#pragma once

#include "reporting.pb-c.h"
#include "vekha/service/service.h"

// --- for the administrator
enum { FEED_KEYS_A_PAGE = 200 };
// One row more than a page when there is more.
MUST_CHECK enum status store_list_feed_keys(struct call *call, const char *after_id, struct db_rows *ret_rows);
// No row: the territory is none (organisation_id empty), or the public key is known already.
MUST_CHECK enum status store_find_feed_territory(struct call *call, const char *territory, struct db_rows *ret_rows);
MUST_CHECK enum status store_issue_feed_key(struct call *call, const char *feed_key_id,
                                            const Reporting__IssueFeedKeyRequest *request, struct db_rows *ret_rows);
// No row: there is none. Column is_new: it was not revoked before.
MUST_CHECK enum status store_revoke_feed_key(struct call *call, const char *feed_key_id, struct db_rows *ret_rows);

// --- for the door
enum { FEED_KEY_ID, FEED_KEY_PUBLIC, FEED_KEY_TERRITORY };
MUST_CHECK enum status store_feed_keys_that_hold(struct call *call, int64_t limit, struct db_rows *ret_rows);
MUST_CHECK enum status store_feed_key_holds(struct call *call, const char *public_key, bool *ret_holds);
MUST_CHECK enum status store_feed_keys_seen(struct call *call, char *const *ids, size_t count);
