// files: documents, from the first byte of an upload to the download by whoever may read them.
#include "files_migrations.h"
#include "files_rpc.h"
#include "process.h"
#include "sweep.h"
#include "vekha/service/curators.h"

extern const struct event_handler on_submission_sent_handler;
extern const struct event_handler on_organisation_changed_handler;
extern const struct event_handler on_message_addressed_handler;

static const struct event_handler *const event_handlers[] = {
    &on_submission_sent_handler,
    &on_organisation_changed_handler,
    &on_message_addressed_handler,
    &curator_bound_handler,
    NULL,
};

// A check may take seconds: each thread has a helper process of its own to wait for.
static const struct lane lanes[] = {{"bytes", 2, 16, 0}, {"check", PDF_HELPERS, 1, 15000}};

int
main(int argc, char **argv)
{
    const struct service service = {
        .name = "files",
        .methods = files_methods,
        .method_count = files_method_count,
        .event_handlers = event_handlers,
        .events_gather_ms = 100,
        .jobs = sweep_jobs,
        .job_count = SWEEP_JOB_COUNT,
        .migrations = files_migrations,
        .migration_count = files_migration_count,
        .lanes = lanes,
        .lane_count = sizeof lanes / sizeof lanes[0],
        .config_keys = files_config_keys,
        .config_key_count = files_config_key_count,
        .open = process_open,
        .close = process_close,
    };
    return service_run(&service, argc, argv);
}
