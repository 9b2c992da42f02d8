// Deadlines in the database: what is due, whom it concerns, what was said. The only place with SQL.
#pragma once

#include "deadlines.pb-c.h"
#include "events.pb-c.h"
#include "rules.h"
#include "vekha/service/service.h"

// --- store_facts.c: what auth and submissions say
MUST_CHECK enum status store_organisation(struct call *call, const Events__OrganisationChanged *event);
MUST_CHECK enum status store_account(struct call *call, const Events__AccountIssued *event);
MUST_CHECK enum status store_account_closed(struct call *call, const char *account_id);
MUST_CHECK enum status store_profile(struct call *call, const Events__ProfileSaved *event);
MUST_CHECK enum status store_items(struct call *call, const Events__ProgrammeLoaded *event);
struct outstanding {
    const char *assignment_id;
    bool is_outstanding;
    const Events__SubmissionSent *sent; // NULL: waits for no verdict
};
// Each assignment is named once.
MUST_CHECK enum status store_outstanding(struct call *call, const struct outstanding *const *items, size_t count);

// --- store_timers.c
// The hour of reminders, and the moment after which: what would have come before is left out.
struct timer_plan {
    int64_t hour;
    const char *since;
};
MUST_CHECK enum status store_round(struct call *call, const Events__RoundOpened *event);
// Timers of another due day give way to those of the new one; what has come for a day never comes for it again.
MUST_CHECK enum status store_round_change(struct call *call, const Events__RoundChanged *event,
                                          const struct timer_plan *plan);
// Dates of their own that were set or moved.
MUST_CHECK enum status store_due(struct call *call, const Events__DueSet *event, const struct timer_plan *plan);
MUST_CHECK enum status store_assignments(struct call *call, const Events__OrganisationAssigned *event,
                                         const struct timer_plan *plan);
// Who is reminded and when, as the programme now says.
MUST_CHECK enum status store_reminders(struct call *call, const Events__ProgrammeLoaded *event, bool *ret_changed);
// Timers of its open rounds as the rules and the calendar now have them; NULL: of all programmes.
MUST_CHECK enum status store_plan_again(struct call *call, const char *programme_id, const struct timer_plan *plan);

// --- store_notices.c
enum told_column {
    TOLD_ROUND_ID,
    TOLD_ORGANISATION_ID,
    TOLD_PATH,
    TOLD_ROUND_NAME,
    TOLD_ZONE,
    TOLD_ZONE_MINUTES,
    TOLD_DUE_DAY,
    TOLD_ORGANISATION_NAME,
    TOLD_QUESTION,
    TOLD_ACCOUNTS,
    TOLD_ADDRESSES,
    TOLD_DAY // today, in the round's zone
};
// What to say of an assignment to those who answer it. No row: it is not known.
MUST_CHECK enum status store_get_rejected(struct call *call, const char *assignment_id, struct db_rows *ret_rows);
// The same of what an event says by itself: whatever other events are still on their way, there is one row.
struct told_about {
    const char *round_id, *organisation_id, *path, *question;
};
MUST_CHECK enum status store_get_told(struct call *call, const struct told_about *about, enum notice_kind kind,
                                      enum audience audience, struct db_rows *ret_rows);
struct notice {
    enum notice_kind kind;
    const char *cause; // one notice per account and one letter per address for it
    const char *round_id, *organisation_id, *path;
    const char *title, *text;
    const char *at;
    int64_t items;
    const char *accounts, *addresses; // array literals
};
// Rows notification_id, account_id of those that were new.
MUST_CHECK enum status store_notice(struct call *call, const struct notice *notice, struct db_rows *ret_rows);
MUST_CHECK enum status store_list_notifications(struct call *call, const Deadlines__ListNotificationsRequest *request,
                                                struct db_rows *ret_rows);
MUST_CHECK enum status store_count_unread(struct call *call, uint32_t *ret_unread);
MUST_CHECK enum status store_mark_read(struct call *call, const char *notification_id);
MUST_CHECK enum status store_mark_all_read(struct call *call, const char *up_to_notification_id);
// Rows kind, by_mail of the caller, in the order of the text[] literal.
MUST_CHECK enum status store_list_mail_choices(struct call *call, const char *kinds, struct db_rows *ret_rows);
// Both are text[] literals.
MUST_CHECK enum status store_mail_choices(struct call *call, const char *wanted, const char *refused);

// --- store_mail.c
enum { LETTERS_AT_ONCE = 100 };
// What a sender has left behind that died or stood still: handed over it counts as sent, else it waits again.
MUST_CHECK enum status store_recover_letters(struct call *call);
enum mail_column {
    MAIL_ID,
    MAIL_ADDRESS,
    MAIL_SUBJECT,
    MAIL_BODY,
    MAIL_HTML,
    MAIL_WRITTEN_MS,
    MAIL_ATTEMPTS,
    MAIL_LOGIN
};
// Takes letters for a while: the lease. Nobody else has them until it ends.
MUST_CHECK enum status store_take_letters(struct call *call, struct db_rows *ret_rows);
// The server has been given all of it; sent_mail_id: of the one before, which it has taken, or NULL. Not waited for.
MUST_CHECK enum status store_letter_handed(struct call *call, const char *sent_mail_id, const char *mail_id);
MUST_CHECK enum status store_letter_sent(struct call *call, const char *mail_id);
MUST_CHECK enum status store_letter_failed(struct call *call, const char *mail_id, const char *problem);
// Back into the queue after delay_s; an attempt that was none is not counted.
MUST_CHECK enum status store_letter_later(struct call *call, const char *mail_id, int64_t delay_s, bool was_tried,
                                          const char *problem);
// Up to which report the mailbox has been read; both 0 in the beginning.
MUST_CHECK enum status store_mailbox_position(struct call *call, uint32_t *ret_validity, uint32_t *ret_number);
MUST_CHECK enum status store_set_mailbox_position(struct call *call, uint32_t validity, uint32_t number);
// The letter came back: it was sent and has failed now, with the words of report_id, which counts once (*ret_counted).
// *ret_wait: its sender has not noted yet that it was sent.
MUST_CHECK enum status store_letter_returned(struct call *call, const char *mail_id, const char *report_id,
                                             const char *problem, bool *ret_counted, bool *ret_wait);
MUST_CHECK enum status store_mail_status(struct call *call, struct db_rows *ret_rows);
