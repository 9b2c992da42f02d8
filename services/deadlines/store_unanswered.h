// Answers that wait for a verdict too long, and who is to be told of them (S1.23).
#pragma once

#include "store.h"

// A programme's steps as they are now, also for what waits already; none: nobody is told.
MUST_CHECK enum status store_answering(struct call *call, const Events__ProgrammeLoaded *event, int64_t hour);

enum { UNANSWERED_AT_ONCE = 500 };
// Steps whose moment has come become words for the accounts concerned. *ret_taken: how many answers came over a step.
MUST_CHECK enum status store_take_steps(struct call *call, int64_t hour, int64_t *ret_taken);
// Drops words of what has had its verdict meanwhile. *ret_left: there is something to tell of.
MUST_CHECK enum status store_drop_answered(struct call *call, bool *ret_left);
enum digest_column {
    DIGEST_ACCOUNTS,  // uuid[] of one
    DIGEST_ADDRESSES, // text[]
    DIGEST_ACCOUNT_ID,
    DIGEST_PATH,
    DIGEST_DAY, // where the account is
    DIGEST_RECIPIENT,
    DIGEST_AT, // the latest step
    DIGEST_WORKING_DAYS,
    DIGEST_ROUND_ID,
    DIGEST_ORGANISATION_ID,
    DIGEST_ORGANISATION_NAME,
    DIGEST_REVIEWER,
    DIGEST_CURATORS, // names
    DIGEST_ITEMS,
    DIGEST_SENT_ON, // the oldest
};
// Takes all that one account is told of today: a row per organisation, the longest wait first. An account has one
// digest a day, and none in quiet hours.
MUST_CHECK enum status store_take_digest(struct call *call, struct db_rows *ret_rows);
