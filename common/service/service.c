// A service's life: read the configuration, migrate, start threads, wait for SIGTERM, drain, exit 0.
#include <limits.h>
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "runtime.h"
#include "runtime_migrations.h"
#include "vekha/service/health.h"

enum { THREADS_MAX = 64, MIGRATE_TRIES = 40, LARGE_BLOCK_BYTES = 512 * 1024 };

static const struct config_key COMMON_KEYS[] = {
    {"keys_folder", NULL, "folder made by vekha-keys"},
    {"brokers", NULL, "host:port of each broker, separated by commas"},
    {"dsn", NULL, "libpq connection string of the service's database"},
    {"token_key", NULL, "file with the public key of access tokens"},
    {"health_port", "0", "port of /healthz, /readyz, /metrics on 127.0.0.1"},
    {"command_threads", "1", "each commits at once for all commands that wait"},
    {"query_threads", "0", "readers; 0: as many as the service itself wants"},
    {"statement_timeout_ms", "1500", "limit of one statement outside lanes of slow work"},
    {"clock_offset_file", "", "8 bytes that move the wall clock (demos and tests)"},
    {"log_level", "info", "debug, info, warning or error"},
};

// Everything service_run() has to give back.
struct process {
    struct runtime runtime;
    struct lane_thread lanes[THREADS_MAX];
    size_t lane_count;
    struct job_thread jobs[JOBS_MAX];
    size_t job_count; // of their threads
    pthread_t publisher, inbox;
    bool has_publisher, has_inbox;
    struct health *health;
};

struct db *
runtime_open_db(const struct runtime *runtime, const char *purpose, const struct db_settings *limits)
{
    struct db_settings settings = *limits;
    settings.dsn = config_text(runtime->config, "dsn");
    settings.name = purpose;
    if (settings.statement_timeout_ms == 0)
        settings.statement_timeout_ms = (int)config_number(runtime->config, "statement_timeout_ms");
    return db_new(&settings);
}

static bool
read_configuration(struct runtime *runtime, const char *path)
{
    const struct service *service = runtime->service;
    struct config_key *keys = runtime->keys;
    size_t count = sizeof(COMMON_KEYS) / sizeof(COMMON_KEYS[0]);
    memcpy(keys, COMMON_KEYS, sizeof(COMMON_KEYS));
    for (size_t i = 0; i < service->config_key_count && count < CONFIG_KEYS_MAX; i++)
        keys[count++] = service->config_keys[i];
    const char *problem = "";
    if (config_load(path, keys, count, &runtime->config, &problem) != STATUS_OK) {
        fprintf(stderr, "%s: %s\n", service->name, problem);
        return false;
    }
    log_open(service->name, log_level_named(config_text(runtime->config, "log_level")));
    const char *offset_file = config_text(runtime->config, "clock_offset_file");
    if (*offset_file && clock_use_offset_file(offset_file) != STATUS_OK) {
        log_write(LOG_ERROR, "clock_offset_file is not readable", "file", offset_file, NULL);
        return false;
    }
    if (crypto_open() != STATUS_OK ||
        sign_load_public_key(config_text(runtime->config, "token_key"), runtime->token_key) != STATUS_OK ||
        bus_settings_fill(&runtime->bus, service->name, config_text(runtime->config, "keys_folder"),
                          config_text(runtime->config, "brokers")) != STATUS_OK) {
        log_write(LOG_ERROR, "keys or brokers are not usable: check keys_folder, token_key, brokers", NULL);
        return false;
    }
    return true;
}

// "submissions-2@host": as the configuration is called, so that whoever looks knows which one to restart.
static void
name_process(struct runtime *runtime, const char *configuration)
{
    char host[HOST_NAME_MAX + 1] = "";
    const char *slash = strrchr(configuration, '/');
    const char *file = slash ? slash + 1 : configuration;
    gethostname(host, sizeof(host) - 1);
    // A longer one is cut off.
    if (snprintf(runtime->presence.process, sizeof(runtime->presence.process), "%.*s@%s", (int)strcspn(file, "."), file,
                 host) < 0)
        runtime->presence.process[0] = '\0';
    runtime->bus.presence = &runtime->presence;
}

// The database may start after us: keep trying for a while.
static bool
migrate(const struct runtime *runtime)
{
    struct db *db = runtime_open_db(runtime, "migrations",
                                    &(struct db_settings){.statement_timeout_ms = SLOW_STATEMENT_TIMEOUT_MS});
    enum status status = STATUS_BUSY;
    for (int i = 0; db && i < MIGRATE_TRIES; i++) {
        status = db_migrate(db, "runtime", runtime_migrations, runtime_migration_count);
        if (status == STATUS_OK)
            status =
                db_migrate(db, runtime->service->name, runtime->service->migrations, runtime->service->migration_count);
        if (status != STATUS_LOST && status != STATUS_BUSY)
            break;
        struct timespec pause = {0, 250 * 1000000L};
        nanosleep(&pause, NULL);
    }
    if (status != STATUS_OK)
        log_write(LOG_ERROR, "migrations failed", "status", status_code(status), "database",
                  db ? db_last_error(db) : "", NULL);
    db_free(&db);
    return status == STATUS_OK;
}

static bool
start_lane(struct process *process, const char *name, const struct lane *declared, bool is_slow)
{
    for (unsigned i = 0; i < declared->threads; i++) {
        if (process->lane_count == THREADS_MAX)
            return false;
        struct lane_thread *lane = &process->lanes[process->lane_count];
        lane->runtime = &process->runtime;
        lane->credit = declared->credit < BATCH_MAX ? declared->credit : BATCH_MAX;
        lane->longest_call_ms = declared->longest_call_ms;
        lane->is_slow = is_slow;
        snprintf(lane->lane, sizeof(lane->lane), "%s", name);
        atomic_fetch_add(&process->runtime.workers_total, 1);
        if (pthread_create(&lane->thread, NULL, worker_thread_run, lane) != 0)
            return false;
        process->lane_count++;
    }
    return true;
}

static unsigned
threads_wanted(const struct runtime *runtime, const char *key, unsigned otherwise)
{
    int64_t threads = config_number(runtime->config, key);
    return threads > 0 ? (unsigned)threads : otherwise > 0 ? otherwise : 1;
}

// Commands have a lane of their own: the fewer threads carry them out, the more of them share a commit; and what reads
// waits for no commit.
static bool
start_lanes(struct process *process)
{
    const struct runtime *runtime = &process->runtime;
    const struct service *service = runtime->service;
    const struct contract_method *fetch = stream_contract(service->name);
    struct lane commands = {.threads = threads_wanted(runtime, "command_threads", 1), .credit = BATCH_MAX};
    struct lane queries = {.threads = threads_wanted(runtime, "query_threads", service->query_threads),
                           .credit = BATCH_MAX};
    if (!fetch || !start_lane(process, service->name, &commands, false) ||
        !start_lane(process, fetch->lane, &queries, false))
        return false;
    for (size_t i = 0; i < service->lane_count; i++) {
        char name[sizeof process->lanes[0].lane];
        snprintf(name, sizeof name, "%s/%s", service->name, service->lanes[i].name);
        if (!start_lane(process, name, &service->lanes[i], true))
            return false;
    }
    return true;
}

static bool
start_job_thread(struct process *process, const struct job_thread *wanted)
{
    struct job_thread *thread = &process->jobs[process->job_count];
    *thread = *wanted;
    thread->runtime = &process->runtime;
    if (pthread_create(&thread->thread, NULL, job_thread_run, thread) != 0)
        return false;
    process->job_count++;
    return true;
}

static bool
start_jobs(struct process *process)
{
    const struct service *service = process->runtime.service;
    struct job_thread shared = {0};
    if (service->job_count > JOBS_MAX)
        return false;
    for (size_t i = 0; i < service->job_count; i++) {
        const struct job *job = &service->jobs[i];
        struct job_thread own = {.jobs = {job}, .job_count = 1};
        if (!job->own_thread)
            shared.jobs[shared.job_count++] = job;
        else if (!start_job_thread(process, &own))
            return false;
    }
    return shared.job_count == 0 || start_job_thread(process, &shared);
}

static bool
start_threads(struct process *process)
{
    struct runtime *runtime = &process->runtime;
    const struct service *service = runtime->service;
    if (!start_lanes(process))
        return false;
    process->has_publisher = pthread_create(&process->publisher, NULL, publisher_thread_run, runtime) == 0;
    if (service->event_handlers && service->event_handlers[0])
        process->has_inbox = pthread_create(&process->inbox, NULL, inbox_thread_run, runtime) == 0;
    return process->has_publisher && start_jobs(process);
}

static void
join_threads(struct process *process)
{
    struct runtime *runtime = &process->runtime;
    atomic_store(&runtime->stopping, true);
    for (size_t i = 0; i < process->lane_count; i++)
        pthread_join(process->lanes[i].thread, NULL);
    for (size_t i = 0; i < process->job_count; i++)
        pthread_join(process->jobs[i].thread, NULL);
    if (process->has_inbox)
        pthread_join(process->inbox, NULL);
    atomic_store(&runtime->workers_total, 0);
    wake_up(&runtime->publish);
    if (process->has_publisher)
        pthread_join(process->publisher, NULL);
}

static bool
start_health(struct process *process)
{
    int64_t port = config_number(process->runtime.config, "health_port");
    struct health_source source = {runtime_is_ready, metrics_write, &process->runtime};
    if (port == 0 ||
        health_start((uint16_t)port, process->runtime.service->name, &source, &process->health) == STATUS_OK)
        return true;
    log_write(LOG_ERROR, "health_port is taken", NULL);
    return false;
}

// Returns on SIGTERM or SIGINT, or when a thread could not do its work.
static void
wait_for_end(const struct runtime *runtime, const sigset_t *signals)
{
    struct timespec step = {1, 0};
    while (!atomic_load(&runtime->threads_failed))
        if (sigtimedwait(signals, NULL, &step) > 0)
            return;
}

static int
run_process(struct process *process, const char *configuration, const sigset_t *signals)
{
    struct runtime *runtime = &process->runtime;
    const struct service *service = runtime->service;
    if (!read_configuration(runtime, configuration))
        return 2;
    name_process(runtime, configuration);
    runtime->metrics = calloc(service->method_count + 1, sizeof(*runtime->metrics));
    wake_init(&runtime->publish);
    if (!runtime->metrics || !migrate(runtime))
        return 1;
    if (service->open && service->open(runtime->config) != STATUS_OK)
        return 1;
    int result = 1;
    if (start_threads(process) && start_health(process)) {
        log_write(LOG_INFO, "started", NULL);
        wait_for_end(runtime, signals);
        result = atomic_load(&runtime->threads_failed) ? 1 : 0;
    }
    log_write(LOG_INFO, "draining", NULL);
    join_threads(process);
    health_stop(&process->health);
    if (service->close)
        service->close();
    log_write(LOG_INFO, "stopped", NULL);
    return result;
}

// GnuTLS asks for this by name when it is loaded, which libpq does for LDAP's sake: whoever uses it sets it up then.
// NOLINTBEGIN(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp): the library's name
int _gnutls_global_init_skip(void);

int
_gnutls_global_init_skip(void)
{
    return 1;
}
// NOLINTEND(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp)

int
service_run(const struct service *service, int argc, char **argv)
{
    if (argc != 2) {
        fprintf(stderr, "usage: vekha-%s CONFIGURATION\n", service->name);
        return 2;
    }
    // Many short-lived threads' heaps cost more than they save here.
    mallopt(M_ARENA_MAX, 2);
    // Left alone, both grow with the largest block ever freed, and what the start took once would be kept for ever.
    mallopt(M_MMAP_THRESHOLD, LARGE_BLOCK_BYTES);
    mallopt(M_TRIM_THRESHOLD, LARGE_BLOCK_BYTES);
    signal(SIGPIPE, SIG_IGN);
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    pthread_sigmask(SIG_BLOCK, &signals, NULL);
    struct process *process = calloc(1, sizeof(*process));
    if (!process)
        return 1;
    process->runtime.service = service;
    int result = run_process(process, argv[1], &signals);
    bus_context_close();
    config_free(&process->runtime.config);
    free(process->runtime.metrics);
    free(process);
    return result;
}
