// The gateway's start, its loop, and its orderly end.
#include "gateway.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "event_line.h"
#include "exchange.h"
#include "http_daemon.h"
#include "peer.h"
#include "tag_checks.h"
#include "vekha/base/log.h"
#include "vekha/base/time.h"
#include "vekha/service/health.h"

enum {
    LONGEST_WAIT_MS = 100, // the subscriber looks after its connections so often
    DRAIN_MS = 10000,
    QUIET_MS = 200,
    SCRATCH_BYTES = 8 * 1024 * 1024,
    KEPT_SCRATCH_BYTES = 1024 * 1024,
    BATCH_ARENA_BYTES = 16 * 1024 * 1024,
    MAX_OUTSTANDING = 4096,
};

static const struct config_key KEYS[] = {
    {"keys_folder", NULL, "folder made by vekha-keys"},
    {"brokers", NULL, "host:port of each broker, separated by commas"},
    {"listen", NULL, "address:port to serve HTTP on; a proxy with TLS stands in front"},
    {"token_key", NULL, "file with the public key of access tokens"},
    {"health_port", "0", "port of /healthz, /readyz, /metrics on 127.0.0.1"},
    {"web_folder", "", "folder with the cabinet's files; empty: none"},
    {"public_origin", "", "https://host as browsers see it; empty: the Host header counts"},
    {"max_connections", "1000", "open HTTP connections"},
    {"notice_ms", "0", "goes on so long after being asked to stop, not ready any more: for the proxy to notice"},
    {"trust_forwarded_for", "0", "1: a proxy of ours writes X-Forwarded-For"},
    {"kept_answers_mib", "16", "of answers that are given again while their owner says that they hold; 0: none"},
    {"clock_offset_file", "", "8 bytes that move the wall clock (demos and tests)"},
    {"log_level", "info", "debug, info, warning or error"},
};

static bool
refuse_start(const char *what, const char *value)
{
    log_write(LOG_ERROR, what, "value", value, NULL);
    return false;
}

static bool
open_settings(struct gateway *gateway, const struct config *config)
{
    uint8_t token_key[SIGN_PUBLIC_KEY_BYTES];
    const char *offset_file = config_text(config, "clock_offset_file");
    if (offset_file[0] != '\0' && clock_use_offset_file(offset_file) != STATUS_OK)
        return refuse_start("clock_offset_file is not readable", offset_file);
    gateway->is_clock_moved = offset_file[0] != '\0';
    if (crypto_open() != STATUS_OK || sign_load_public_key(config_text(config, "token_key"), token_key) != STATUS_OK)
        return refuse_start("token_key is not a public key", config_text(config, "token_key"));
    if (bus_settings_fill(&gateway->settings, "gateway", config_text(config, "keys_folder"),
                          config_text(config, "brokers")) != STATUS_OK)
        return refuse_start("keys_folder or brokers are not usable", config_text(config, "brokers"));
    if (static_files_load(config_text(config, "web_folder"), &gateway->files) != STATUS_OK)
        return refuse_start("web_folder is not readable or too large", config_text(config, "web_folder"));
    gateway->public_origin = config_text(config, "public_origin");
    gateway->is_https = strncmp(gateway->public_origin, "https://", 8) == 0;
    gateway->trusts_forwarded_for = config_number(config, "trust_forwarded_for") != 0;
    gateway->principals = principals_new(token_key);
    gateway->router = router_new(contract_methods, contract_method_count);
    gateway->metrics = metrics_new(contract_method_count);
    size_t kept_mib = (size_t)config_number(config, "kept_answers_mib");
    gateway->kept_answers = kept_mib == 0 ? NULL : kept_answers_new(kept_mib * 1024 * 1024);
    if (gateway->principals == NULL || gateway->router == NULL || gateway->metrics == NULL ||
        (kept_mib != 0 && gateway->kept_answers == NULL))
        return refuse_start("out of memory", "");
    char digest[65];
    sha256_hex(contract_openapi, strlen(contract_openapi), digest);
    snprintf(gateway->openapi_tag, sizeof gateway->openapi_tag, "\"%s\"", digest);
    buffer_init(&gateway->scratch, SCRATCH_BYTES);
    arena_init(&gateway->memory, BATCH_ARENA_BYTES);
    return true;
}

static bool
open_bus(struct gateway *gateway)
{
    const char *topics[HUB_MAX_TOPICS + 1] = {"auth"};
    size_t count = 1;
    if (!event_hub_open(&gateway->hub))
        return refuse_start("out of memory", "");
    for (size_t i = 0; i < gateway->hub.topic_count; i++)
        if (strcmp(gateway->hub.topics[i].name, "auth") != 0)
            topics[count++] = gateway->hub.topics[i].name;
    gateway->client = bus_client_new(&gateway->settings, MAX_OUTSTANDING);
    gateway->subscriber = bus_subscriber_new(&gateway->settings, topics, count);
    if (gateway->client == NULL || gateway->subscriber == NULL)
        return refuse_start("the bus cannot be opened", "");
    sessions_start(&gateway->sessions, gateway);
    return true;
}

static bool
has_input(const struct pollfd *fds, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (fds[i].revents != 0)
            return true;
    return false;
}

static void
take_batches(struct gateway *gateway)
{
    gateway->next_look_ms = clock_monotonic_ms() + LONGEST_WAIT_MS;
    const char *topic;
    const uint8_t *data;
    size_t size;
    while ((size = bus_subscriber_receive(gateway->subscriber, 0, &topic, &data)) > 0) {
        ProtobufCAllocator allocator = message_allocator(&gateway->memory);
        const Bus__EventBatch *batch = bus__event_batch__unpack(&allocator, size, data);
        if (batch != NULL && strcmp(batch->stream, topic) == 0) {
            if (strcmp(topic, "auth") == 0)
                sessions_take_batch(&gateway->sessions, batch);
            event_hub_take_batch(&gateway->hub, batch, &gateway->memory);
        }
        arena_reset(&gateway->memory);
    }
}

static void
update_gauges(struct gateway *gateway)
{
    atomic_store(&gateway->metrics->bus_outstanding, (int)bus_client_outstanding(gateway->client));
    atomic_store(&gateway->metrics->is_ready,
                 bus_client_is_ready(gateway->client) && gateway->sessions.is_loaded && !gateway->is_stopping);
    if (gateway->scratch.capacity > KEPT_SCRATCH_BYTES) {
        buffer_done(&gateway->scratch);
        buffer_init(&gateway->scratch, SCRATCH_BYTES);
    }
}

static long
choose_wait_ms(struct gateway *gateway)
{
    int64_t wait_ms = timers_wait_ms(&gateway->timers, clock_monotonic_ms(), LONGEST_WAIT_MS);
    long bus_ms = bus_client_timeout_ms(gateway->client);
    MHD_UNSIGNED_LONG_LONG http_ms;
    long checks_ms = tag_checks_wait_ms(gateway);
    if (bus_ms >= 0 && bus_ms < wait_ms)
        wait_ms = bus_ms;
    if (checks_ms >= 0 && checks_ms < wait_ms)
        wait_ms = checks_ms;
    if (MHD_get_timeout(gateway->daemon, &http_ms) == MHD_YES && http_ms < (MHD_UNSIGNED_LONG_LONG)wait_ms)
        wait_ms = (int64_t)http_ms;
    return event_line_can_move(&gateway->hub) ? 0 : (long)wait_ms;
}

// One turn: wait, then bus, events, timers, HTTP. True when the process was asked to stop.
static bool
turn(struct gateway *gateway, int signal_fd)
{
    enum { OWN = 3 };
    struct pollfd fds[OWN + BUS_CLIENT_DESCRIPTORS + BUS_SUBSCRIBER_DESCRIPTORS] = {
        {.fd = gateway->epoll_fd, .events = POLLIN},
        {.fd = signal_fd, .events = POLLIN},
        {.fd = gateway->hang_ups_fd, .events = POLLIN}};
    size_t first_topic = OWN + bus_client_descriptors(gateway->client, fds + OWN);
    size_t count = first_topic + bus_subscriber_descriptors(gateway->subscriber, fds + first_topic);
    if (poll(fds, count, (int)choose_wait_ms(gateway)) < 0 && errno != EINTR)
        log_write(LOG_ERROR, "poll failed", "error", strerror(errno), NULL);
    bus_client_process(gateway->client);
    if (has_input(fds + first_topic, count - first_topic) || clock_monotonic_ms() >= gateway->next_look_ms)
        take_batches(gateway);
    timers_run(&gateway->timers, clock_monotonic_ms());
    event_line_move(&gateway->hub);
    if (fds[2].revents != 0)
        peers_take_hang_ups(gateway);
    (void)MHD_run(gateway->daemon);
    tag_checks_send(gateway);
    update_gauges(gateway);
    struct signalfd_siginfo signal;
    return (fds[1].revents & POLLIN) != 0 && read(signal_fd, &signal, sizeof signal) == sizeof signal;
}

// Not ready any more; after the notice no new connections; what is in hand is finished; streams end, their clients
// resume elsewhere.
static void
drain(struct gateway *gateway, int signal_fd, int64_t notice_ms)
{
    int64_t notice_ends_ms = clock_monotonic_ms() + notice_ms;
    gateway->is_stopping = true;
    while (clock_monotonic_ms() < notice_ends_ms && !turn(gateway, signal_fd))
        continue;
    int64_t started_ms = clock_monotonic_ms(), busy_ms = started_ms;
    http_daemon_quiesce(gateway);
    event_hub_end_session(&gateway->hub, NULL);
    while (clock_monotonic_ms() - started_ms < DRAIN_MS && clock_monotonic_ms() - busy_ms < QUIET_MS) {
        if (turn(gateway, signal_fd))
            break;
        if (gateway->running > 0)
            busy_ms = clock_monotonic_ms();
    }
}

static void
close_all(struct gateway *gateway)
{
    http_daemon_close(gateway);
    while (gateway->idle != NULL) {
        struct exchange *exchange = gateway->idle;
        gateway->idle = exchange->next;
        exchange_dispose(exchange);
    }
    if (gateway->sessions.gateway != NULL)
        sessions_stop(&gateway->sessions);
    peers_close(gateway);
    event_hub_close(&gateway->hub);
    bus_subscriber_free(&gateway->subscriber);
    bus_client_free(&gateway->client);
    tag_checks_close(gateway);
    kept_answers_free(&gateway->kept_answers);
    bus_context_close();
    timers_done(&gateway->timers);
    router_free(&gateway->router);
    principals_free(&gateway->principals);
    static_files_free(&gateway->files);
    metrics_free(&gateway->metrics);
    buffer_done(&gateway->scratch);
    arena_done(&gateway->memory);
}

static bool
is_ready(void *context)
{
    const struct gateway *gateway = context;
    return atomic_load(&gateway->metrics->is_ready);
}

static void
write_metrics(void *context, struct buffer *out)
{
    const struct gateway *gateway = context;
    metrics_write(gateway->metrics, out);
}

static bool
serve(struct gateway *gateway, const struct config *config, int signal_fd)
{
    struct http_settings http = {config_text(config, "listen"), (unsigned)config_number(config, "max_connections")};
    struct health_source source = {is_ready, write_metrics, gateway};
    struct health *health = NULL;
    uint16_t health_port = (uint16_t)config_number(config, "health_port");
    if (!open_settings(gateway, config) || !open_bus(gateway))
        return false;
    if (health_port != 0 && health_start(health_port, "gateway", &source, &health) != STATUS_OK)
        return refuse_start("health_port is taken", config_text(config, "health_port"));
    enum status status = peers_open(gateway) ? http_daemon_open(gateway, &http) : STATUS_BUSY;
    if (status == STATUS_OK) {
        log_write(LOG_INFO, "listening", "address", http.listen, NULL);
        while (!turn(gateway, signal_fd))
            continue;
        drain(gateway, signal_fd, config_number(config, "notice_ms"));
        log_write(LOG_INFO, "stopped", NULL);
    } else {
        refuse_start(status == STATUS_INVALID ? "listen is not address:port" : "listen address is taken", http.listen);
    }
    health_stop(&health);
    return status == STATUS_OK;
}

static int
block_signals(void)
{
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    sigprocmask(SIG_BLOCK, &signals, NULL);
    (void)signal(SIGPIPE, SIG_IGN);
    return signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
}

int
gateway_run(int argc, char **argv)
{
    struct gateway gateway = {.epoll_fd = -1, .hang_ups_fd = -1};
    struct config *config = NULL;
    const char *problem = "";
    if (argc != 2) {
        fputs("use: vekha-gateway CONFIG\n", stderr);
        return 2;
    }
    if (config_load(argv[1], KEYS, sizeof KEYS / sizeof KEYS[0], &config, &problem) != STATUS_OK) {
        fprintf(stderr, "gateway: %s\n", problem);
        return 2;
    }
    log_open("gateway", log_level_named(config_text(config, "log_level")));
    int signal_fd = block_signals();
    bool served = signal_fd >= 0 && serve(&gateway, config, signal_fd);
    close_all(&gateway);
    if (signal_fd >= 0)
        close(signal_fd);
    config_free(&config);
    return served ? 0 : 1;
}
