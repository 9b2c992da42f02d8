// reporting: read models of who has started and who has provided what, and the public status feed.
#include "feed_door.h"
#include "handlers.h"
#include "reporting_migrations.h"
#include "reporting_rpc.h"

static const struct event_handler *const event_handlers[] = {
    &on_organisation_changed_handler,
    &on_account_issued_handler,
    &on_account_closed_handler,
    &on_logged_in_handler,
    &on_profile_saved_handler,
    &on_programme_loaded_handler,
    &on_round_opened_handler,
    &on_round_changed_handler,
    &on_organisation_assigned_handler,
    &on_draft_saved_handler,
    &on_submission_sent_handler,
    &on_submission_accepted_handler,
    &on_submission_rejected_handler,
    &on_submission_withdrawn_handler,
    &on_section_planned_handler,
    &on_assignment_planned_handler,
    &on_schedule_set_handler,
    &on_due_set_handler,
    &on_curator_bound_handler,
    &on_message_sent_handler,
    NULL,
};

// A forecast of 40,000 organisations with 40 items each: 20 to 38 s.
enum { MOST_ROWS_TIMEOUT_MS = 600000 };

static const struct job jobs[] = {
    {.name = "advance_tree", .interval_ms = 60000, .run = job_advance_tree},
    {.name = "make_exports", .interval_ms = 500, .own_transactions = true, .own_thread = true, .run = job_make_exports},
    {.name = "forget_exports", .interval_ms = 600000, .run = job_forget_exports},
    {.name = "serve_feed", .interval_ms = 60000, .own_transactions = true, .own_thread = true, .run = job_serve_feed},
    {.name = "forget_readings", .interval_ms = 600000, .run = job_forget_readings},
    {.name = "forecast",
     .interval_ms = 1000,
     .after_events = true,
     .own_thread = true,
     .one_at_a_time = true,
     .statement_timeout_ms = MOST_ROWS_TIMEOUT_MS,
     .run = job_forecast},
    {.name = "work_on_slices",
     .interval_ms = 500,
     .after_events = true,
     .own_thread = true,
     .statement_timeout_ms = MOST_ROWS_TIMEOUT_MS,
     .run = job_work_on_slices},
};

int
main(int argc, char **argv)
{
    const struct service service = {
        .name = "reporting",
        .query_threads = 2,
        .methods = reporting_methods,
        .method_count = reporting_method_count,
        .event_handlers = event_handlers,
        .events_gather_ms = 6,
        .jobs = jobs,
        .job_count = sizeof jobs / sizeof jobs[0],
        .migrations = reporting_migrations,
        .migration_count = reporting_migration_count,
        .config_keys = reporting_config_keys,
        .config_key_count = reporting_config_key_count,
        .open = feed_open,
        .close = feed_close,
    };
    return service_run(&service, argc, argv);
}
