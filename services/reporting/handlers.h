// Reactions to events and jobs of this service, for main.c to name.
#pragma once

#include "vekha/service/service.h"

extern const struct event_handler on_organisation_changed_handler;
extern const struct event_handler on_account_issued_handler;
extern const struct event_handler on_account_closed_handler;
extern const struct event_handler on_logged_in_handler;
extern const struct event_handler on_profile_saved_handler;
extern const struct event_handler on_programme_loaded_handler;
extern const struct event_handler on_round_opened_handler;
extern const struct event_handler on_round_changed_handler;
extern const struct event_handler on_organisation_assigned_handler;
extern const struct event_handler on_draft_saved_handler;
extern const struct event_handler on_submission_sent_handler;
extern const struct event_handler on_submission_accepted_handler;
extern const struct event_handler on_submission_rejected_handler;
extern const struct event_handler on_submission_withdrawn_handler;
extern const struct event_handler on_section_planned_handler;
extern const struct event_handler on_assignment_planned_handler;
extern const struct event_handler on_schedule_set_handler;
extern const struct event_handler on_due_set_handler;
extern const struct event_handler on_curator_bound_handler;
extern const struct event_handler on_message_sent_handler;

extern const struct config_key reporting_config_keys[];
extern const size_t reporting_config_key_count;

enum status job_advance_tree(struct call *call, bool *ret_again);
enum status job_make_exports(struct call *call, bool *ret_again);
enum status job_forget_exports(struct call *call, bool *ret_again);
enum status job_forget_readings(struct call *call, bool *ret_again);
enum status job_work_on_slices(struct call *call, bool *ret_again);
enum status job_forecast(struct call *call, bool *ret_again);
