// Reminders that came, until the letter of a day takes them along.
#pragma once

#include "store.h"

enum { TIMERS_AT_ONCE = 500 };
// Timers whose moment has come become words for the accounts concerned, or for the organisation that has none.
MUST_CHECK enum status store_take_timers(struct call *call, int64_t *ret_taken);

enum reminder_column {
    REMINDER_RECIPIENT_ID,
    REMINDER_IS_ACCOUNT,
    REMINDER_LEVEL, // respondent, municipality, region
    REMINDER_TODAY, // in the round's zone
    REMINDER_ROUND_ID,
    REMINDER_ROUND_NAME,
    REMINDER_ZONE,
    REMINDER_ZONE_MINUTES,
    REMINDER_DUE_DAY,
    REMINDER_DAYS_LEFT, // until then: below 0 after it
    REMINDER_ORGANISATION_ID,
    REMINDER_PATH,
    REMINDER_ORGANISATION_NAME, // region: of the municipality
    REMINDER_ORGANISATIONS,
    REMINDER_ITEMS, // 0: sent meanwhile
    REMINDER_AT,    // the latest moment
    REMINDER_LATE,  // days before today on which it should have come: "22.09.2026, 24.09.2026"
    REMINDER_ADDRESS,
    REMINDER_WANTS_LETTER,
};
enum { DIGESTS_AT_ONCE = 50 };
// All that may be said now to some who have had no letter today: rows by recipient, due day, round and path. No rows:
// there is nothing more.
MUST_CHECK enum status store_take_digests(struct call *call, int64_t hour, struct db_rows *ret_rows);
// What may not be said now is looked at again when it may be.
MUST_CHECK enum status store_put_off_words(struct call *call);
