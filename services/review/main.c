// review: the queues of operators and curators, and their verdicts.
#include "review_migrations.h"
#include "review_rpc.h"
#include "vekha/service/curators.h"

extern const struct event_handler on_submission_sent_handler;
extern const struct event_handler on_round_changed_handler;
extern const struct event_handler on_due_set_handler;
extern const struct event_handler on_organisation_changed_handler;

static const struct event_handler *const event_handlers[] = {
    &on_submission_sent_handler,      &on_round_changed_handler, &on_due_set_handler,
    &on_organisation_changed_handler, &curator_bound_handler,    NULL,
};

static const struct config_key config_keys[] = {
    {"takeover_minutes", "30", "minutes after which an opened entry may be decided by another operator"},
};

int
main(int argc, char **argv)
{
    const struct service service = {
        .name = "review",
        .methods = review_methods,
        .method_count = review_method_count,
        .event_handlers = event_handlers,
        .events_gather_ms = 20,
        .migrations = review_migrations,
        .migration_count = review_migration_count,
        .config_keys = config_keys,
        .config_key_count = sizeof config_keys / sizeof config_keys[0],
    };
    return service_run(&service, argc, argv);
}
