// Messages in the database: drafts, what was sent, whom it reached, who has read it (S1.34-S1.36).
#pragma once

#include "store.h"

// --- store_messages.c: reading
// Rows of MessageSummary of the caller's box: received, sent, drafts, territory.
enum message_box { BOX_RECEIVED, BOX_SENT, BOX_DRAFTS, BOX_TERRITORY };
MUST_CHECK enum status store_list_messages(struct call *call, enum message_box box,
                                           const Deadlines__ListMessagesRequest *request, struct db_rows *ret_rows);
MUST_CHECK enum status store_count_unread_messages(struct call *call, uint32_t *ret_unread);
// One row with the columns of Message, MessageContent and Connection; none: not for the caller to see.
MUST_CHECK enum status store_get_message(struct call *call, const char *message_id, struct db_rows *ret_rows);
MUST_CHECK enum status store_list_report_links(struct call *call, const char *message_id, struct db_rows *ret_rows);
MUST_CHECK enum status store_list_attachments(struct call *call, const char *message_id, struct db_rows *ret_rows);

// --- store_drafts.c
MUST_CHECK enum status store_create_message(struct call *call, const char *kind, const char **ret_message_id);
// Rows organisation_id, short_name of those of the uuid[] literal that lie in the caller's territory.
MUST_CHECK enum status store_name_units(struct call *call, const char *organisation_ids, struct db_rows *ret_rows);
// Array literals of what lists in the content say.
struct message_lists {
    const char *levels, *organisation_ids, *organisation_names, *link_titles, *link_addresses, *document_ids;
};
// expected_version 0: whatever it is. *ret_done: false when it is not the caller's draft of that version.
MUST_CHECK enum status store_save_message(struct call *call, const char *message_id, uint32_t expected_version,
                                          const Deadlines__MessageContent *content, const struct message_lists *lists,
                                          bool *ret_done);
MUST_CHECK enum status store_drop_message(struct call *call, const char *message_id, bool *ret_done);
// Uploaded for a draft of the account; for anything else nothing happens.
MUST_CHECK enum status store_attachment(struct call *call, const Events__DocumentStored *event);
MUST_CHECK enum status store_count_missing_documents(struct call *call, const char *message_id, uint32_t *ret_missing);

// --- store_sending.c
// Rows level, accounts, organisations.
MUST_CHECK enum status store_list_audience(struct call *call, const char *message_id, struct db_rows *ret_rows);
MUST_CHECK enum status store_count_without_account(struct call *call, const char *message_id, uint32_t *ret_count);
// Nobody else numbers letters of the caller's organisation until the transaction ends.
MUST_CHECK enum status store_hold_numbers(struct call *call);
// CONFLICT: another letter of the year has this number.
MUST_CHECK enum status store_send_message(struct call *call, const char *message_id, uint32_t expected_version,
                                          bool *ret_done);
MUST_CHECK enum status store_address_message(struct call *call, const char *message_id, int64_t *ret_addressed);
MUST_CHECK enum status store_plan_message_reminders(struct call *call, const char *message_id);
MUST_CHECK enum status store_supersede_message(struct call *call, const char *message_id);
MUST_CHECK enum status store_recall_message(struct call *call, const Deadlines__RecallMessageRequest *request,
                                            bool *ret_done);

// --- store_receipts.c
MUST_CHECK enum status store_read_message(struct call *call, const Deadlines__ReadMessageRequest *request,
                                          bool *ret_done);
// Whom the caller could pass it on to: rows level, accounts, organisations.
MUST_CHECK enum status store_list_passing_audience(struct call *call, const char *message_id, const char *levels,
                                                   struct db_rows *ret_rows);
MUST_CHECK enum status store_pass_message_on(struct call *call, const Deadlines__PassMessageOnRequest *request,
                                             const char *levels, int64_t *ret_addressed);
// Rows of ReceiptLevel, ReceiptBranch and Addressee: those that the caller may know of.
MUST_CHECK enum status store_list_receipt_levels(struct call *call, const char *message_id, struct db_rows *ret_rows);
MUST_CHECK enum status store_list_receipt_branches(struct call *call, const char *message_id, struct db_rows *ret_rows);
MUST_CHECK enum status store_list_addressees(struct call *call, const Deadlines__ListAddresseesRequest *request,
                                             struct db_rows *ret_rows);
MUST_CHECK enum status store_count_addressees(struct call *call, const Deadlines__ListAddresseesRequest *request,
                                              uint32_t *ret_total);
// *ret_subject: of the message, when this session has not read its contacts in the last ten minutes; else NULL.
MUST_CHECK enum status store_note_contacts_read(struct call *call, const char *message_id, const char **ret_subject);

// --- store_words.c: giving word of messages
enum word_column {
    WORD_MESSAGE_ID,
    WORD_ABOUT,
    WORD_KIND,
    WORD_SUBJECT,
    WORD_NUMBER,
    WORD_DATED_ON,
    WORD_AUTHOR_NAME,
    WORD_AUTHOR_ORGANISATION,
    WORD_STARTS_ON,
    WORD_STARTS_TIME,
    WORD_ZONE,
    WORD_ZONE_MINUTES,
    WORD_ASKS_ACKNOWLEDGEMENT,
    WORD_RECALL_REASON,
    WORD_PASSED_BY,
    WORD_PASSED_WORDS,
    WORD_DOCUMENTS, // uuid[], as what follows; paths are text[]
    WORD_ACCOUNTS,
    WORD_PATHS,
};
// Puts words in line for the addressees of consultations whose moment has come.
MUST_CHECK enum status store_take_message_timers(struct call *call);
// Takes one word and up to 200 addressees who are to have it. No row: there is none.
MUST_CHECK enum status store_take_words(struct call *call, struct db_rows *ret_rows);
struct message_notice {
    const char *kind, *cause, *message_id, *title, *text, *letter;
    const char *accounts; // uuid[] literal
};
// Rows notification_id, account_id of those that were new.
MUST_CHECK enum status store_tell_addressees(struct call *call, const struct message_notice *notice,
                                             struct db_rows *ret_rows);
