// The submissions service: programmes, rounds, assignments, answers.
#include "handlers.h"
#include "job_rounds.h"
#include "submissions_migrations.h"
#include "submissions_rpc.h"

static const struct event_handler *const EVENT_HANDLERS[] = {
    &on_organisation_changed_handler, &on_document_stored_handler,      &on_verdict_given_handler,
    &on_review_withdrawn_handler,     &on_calendar_day_changed_handler, NULL,
};

static const struct job JOBS[] = {
    {.name = "rounds", .interval_ms = 1000, .run = job_rounds},
};

int
main(int argc, char **argv)
{
    const struct service service = {
        .name = "submissions",
        .query_threads = 2,
        .methods = submissions_methods,
        .method_count = submissions_method_count,
        .event_handlers = EVENT_HANDLERS,
        .events_gather_ms = 10,
        .jobs = JOBS,
        .job_count = sizeof(JOBS) / sizeof(JOBS[0]),
        .migrations = submissions_migrations,
        .migration_count = submissions_migration_count,
    };
    return service_run(&service, argc, argv);
}
