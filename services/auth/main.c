// auth: people, accounts, sessions, and the tree of organisations.
#include "auth_migrations.h"
#include "auth_rpc.h"
#include "handlers.h"
#include "jobs.h"
#include "provider.h"
#include "tokens.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const struct config_key KEYS[] = {
    {"token_secret", NULL, "file with the secret key that signs access tokens"},
    {"bootstrap_file", "", "on an empty database the first administrator's one-time password is written here"},
    {"root_name", "Российская Федерация", "name of the federation"},
    {"root_zone", "Europe/Moscow", "time zone of the federation"},
    {"later_password_change", "allowed", "allowed, or forbidden: after the first change only by the administrator"},
    {"oidc_issuer", "", "system whose accounts log in here as well (OpenID Connect), an https address; empty: none"},
    {"oidc_client_id", "", "what that system knows this one as"},
    {"oidc_client_secret_file", "", "file whose first line is the secret shared with it; empty: a client without"},
    {"oidc_name_ru", "", "what people call that system, on the button"},
    {"oidc_name_en", "", "the same in English"},
    {"oidc_scopes", "openid", "what is asked of it, openid among it; profile or email bring the name people know"},
    {"oidc_own_address", "", "where browsers find this system: https://vekha.example"},
    {"oidc_ca_file", "", "certificates to trust that system by; empty: the machine's"},
};
static const struct job JOBS[] = {
    {.name = "bootstrap", .interval_ms = 10000, .run = job_bootstrap},
    {.name = "announce-revoked", .interval_ms = 1000, .run = job_announce_revoked},
    {.name = "seal-audit", .interval_ms = 1000, .run = job_seal_audit},
    {.name = "sweep", .interval_ms = 600000, .run = job_sweep},
};
static const struct event_handler *const EVENT_HANDLERS[] = {
    &on_contacts_read_handler,        &on_message_contacts_read_handler, &on_feed_key_changed_handler,
    &on_calendar_day_changed_handler, &on_access_mailed_handler,         NULL};
// One hash at a time: with more credit an attempt would wait for the others of its batch, and fail with them.
// The provider is asked over the network, by one who does nothing else.
static const struct lane LANES[] = {{"hash", 1, 1, 5000}, {"bulk", 1, 1, 30000}, {"provider", 1, 1, 15000}};

static enum status
open_all(const struct config *config)
{
    enum status status = tokens_open(config);
    return status == STATUS_OK ? provider_open(config) : status;
}

int
main(int argc, char **argv)
{
    const struct service service = {
        .name = "auth",
        .methods = auth_methods,
        .method_count = auth_method_count,
        .event_handlers = EVENT_HANDLERS,
        // Few of reporting's many events are for the audit: it takes them by the hundred.
        .events_gather_ms = 250,
        .events_may_wait = true,
        .jobs = JOBS,
        .job_count = COUNT(JOBS),
        .migrations = auth_migrations,
        .migration_count = auth_migration_count,
        .lanes = LANES,
        .lane_count = COUNT(LANES),
        .config_keys = KEYS,
        .config_key_count = COUNT(KEYS),
        .open = open_all,
        .close = provider_close,
    };
    return service_run(&service, argc, argv);
}
