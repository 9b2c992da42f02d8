// Reactions to events and jobs of this service, for main.c to name.
#pragma once

#include "vekha/service/service.h"

extern const struct event_handler on_organisation_changed_handler;
extern const struct event_handler on_account_issued_handler;
extern const struct event_handler on_account_closed_handler;
extern const struct event_handler on_profile_saved_handler;
extern const struct event_handler on_programme_loaded_handler;
extern const struct event_handler on_round_opened_handler;
extern const struct event_handler on_round_assigned_handler;
extern const struct event_handler on_round_changed_handler;
extern const struct event_handler on_due_set_handler;
extern const struct event_handler on_organisation_assigned_handler;
extern const struct event_handler on_submission_sent_handler;
extern const struct event_handler on_submission_accepted_handler;
extern const struct event_handler on_submission_rejected_handler;
extern const struct event_handler on_submission_withdrawn_handler;
extern const struct event_handler on_remark_added_handler;
extern const struct event_handler on_document_stored_handler;

extern const struct job jobs[];
extern const size_t job_count;
extern const struct config_key config_keys[];
extern const size_t config_key_count;

// Reminders and overdue notices whose moment has come.
enum status job_fire_timers(struct call *call, bool *ret_again);
// Answers that wait too long for a verdict.
enum status job_tell_unanswered(struct call *call, bool *ret_again);
// Word of messages to their addressees, and reminders of consultations.
enum status job_give_words(struct call *call, bool *ret_again);
enum status job_send_mail(struct call *call, bool *ret_again);
// Reports of letters that came back.
enum status job_read_returned_mail(struct call *call, bool *ret_again);
// Mailings that are prepared, and sent, by themselves.
enum status job_repeat_campaigns(struct call *call, bool *ret_again);
// INVALID when the settings of mail and reminders make no sense.
enum status check_settings(const struct config *config);
