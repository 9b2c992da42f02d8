// Reminders that coordinators send: each a message, kept with what it was about (S2.62).
#pragma once

#include "store.h"

// Nobody else reminds this organisation of this round until the transaction ends.
MUST_CHECK enum status store_hold_reminders(struct call *call, const char *round_id, const char *organisation_id);
enum reminded_column {
    REMINDED_ROUND_NAME,
    REMINDED_ZONE,
    REMINDED_ZONE_MINUTES,
    REMINDED_CLOSED,
    REMINDED_DAY,
    REMINDED_HOUR,
    REMINDED_NAME,
    REMINDED_HAS_ACCOUNT,
    REMINDED_TODAY,
};
// One row; none: no such round, or no such organisation in the caller's territory.
MUST_CHECK enum status store_get_reminded(struct call *call, const char *round_id, const char *organisation_id,
                                          struct db_rows *ret_rows);
struct reminder_words {
    const char *subject, *text, *link_title, *link_address;
};
// The announcement as it goes out, and what it was about. *ret_message_id lives as long as the call.
MUST_CHECK enum status store_reminder(struct call *call, const Deadlines__RemindRequest *request,
                                      const struct reminder_words *words, const char **ret_message_id);
// Rows of Reminder: the last one of each organisation.
MUST_CHECK enum status store_list_reminders(struct call *call, const Deadlines__ListRemindersRequest *request,
                                            struct db_rows *ret_rows);
