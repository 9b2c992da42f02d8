// deadlines: reminders, overdue notices, what others have sent or said, messages to those below, and the letters that
// carry word of them.
#include "deadlines_migrations.h"
#include "deadlines_rpc.h"
#include "handlers.h"
#include "vekha/service/curators.h"

static const struct event_handler *const event_handlers[] = {
    &on_organisation_changed_handler, &on_account_issued_handler,
    &on_account_closed_handler,       &on_profile_saved_handler,
    &on_programme_loaded_handler,     &on_round_opened_handler,
    &on_round_changed_handler,        &on_organisation_assigned_handler,
    &on_round_assigned_handler,       &on_due_set_handler,
    &on_submission_sent_handler,      &on_submission_accepted_handler,
    &on_submission_rejected_handler,  &on_submission_withdrawn_handler,
    &curator_bound_handler,           &on_remark_added_handler,
    &on_document_stored_handler,      NULL,
};

int
main(int argc, char **argv)
{
    const struct service service = {
        .name = "deadlines",
        .methods = deadlines_methods,
        .method_count = deadlines_method_count,
        .event_handlers = event_handlers,
        .events_gather_ms = 100,
        .jobs = jobs,
        .job_count = job_count,
        .migrations = deadlines_migrations,
        .migration_count = deadlines_migration_count,
        .config_keys = config_keys,
        .config_key_count = config_key_count,
        .open = check_settings,
    };
    return service_run(&service, argc, argv);
}
