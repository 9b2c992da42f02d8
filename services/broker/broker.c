// A broker process: configuration, keys, threads, signals.
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "broker.h"
#include "cpu.h"
#include "events_proxy.h"
#include "router.h"
#include "vekha/base/config.h"
#include "vekha/base/log.h"
#include "vekha/base/time.h"
#include "vekha/bus/bus.h"
#include "vekha/service/health.h"
#include "zap.h"

static const struct config_key KEYS[] = {
    {"keys_folder", NULL, "folder made by vekha-keys"},
    {"name", "broker", "whose key pair to use"},
    {"listen", NULL, "host:port of requests; events in on port + 1, events out on port + 2"},
    {"queue_limit", "200", "requests that may wait in one lane; more are answered BUSY"},
    {"cpu", "auto", "core its threads keep to: auto (by port, while it is not crowded), none, or a number"},
    {"health_port", "0", "port of /healthz, /readyz, /metrics on 127.0.0.1; 0: none"},
    {"clock_offset_file", "", "8 bytes that move the wall clock (demos and tests)"},
    {"log_level", "info", "debug, info, warning or error"},
};

struct broker {
    struct config *config;
    struct curve_key_pair keys;
    struct listen_address address;
    struct cpu_choice cpu;
    int stop_fd, signal_fd;
    struct metrics metrics;
    struct zap *zap;
    struct events_proxy *events;
    struct router *router;
    struct health *health;
};

static bool
read_configuration(struct broker *broker, const char *path)
{
    const char *problem = "";
    if (config_load(path, KEYS, sizeof KEYS / sizeof KEYS[0], &broker->config, &problem) != STATUS_OK) {
        fprintf(stderr, "broker: %s\n", problem);
        return false;
    }
    log_open("broker", log_level_named(config_text(broker->config, "log_level")));
    const char *offset_file = config_text(broker->config, "clock_offset_file");
    if (*offset_file != '\0' && clock_use_offset_file(offset_file) != STATUS_OK) {
        log_write(LOG_ERROR, "clock_offset_file is not readable", "file", offset_file, NULL);
        return false;
    }
    if (keys_load_pair(config_text(broker->config, "keys_folder"), config_text(broker->config, "name"),
                       &broker->keys) != STATUS_OK) {
        log_write(LOG_ERROR, "the broker's key pair is not readable: check keys_folder and name", "folder",
                  config_text(broker->config, "keys_folder"), NULL);
        return false;
    }
    if (listen_address_parse(config_text(broker->config, "listen"), &broker->address) != STATUS_OK) {
        log_write(LOG_ERROR, "listen is not host:port", "listen", config_text(broker->config, "listen"), NULL);
        return false;
    }
    const char *cpu = config_text(broker->config, "cpu");
    if (cpu_choose(cpu, broker->address.port, &broker->cpu) == STATUS_OK)
        return true;
    log_write(LOG_ERROR, "cpu is no core this process may use", "cpu", cpu, NULL);
    return false;
}

// Before any thread: they inherit the mask, so signals are read from the descriptor alone.
static bool
catch_signals(struct broker *broker)
{
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    signal(SIGPIPE, SIG_IGN);
    broker->stop_fd = eventfd(0, EFD_CLOEXEC);
    if (pthread_sigmask(SIG_BLOCK, &signals, NULL) == 0)
        broker->signal_fd = signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
    return broker->stop_fd >= 0 && broker->signal_fd >= 0;
}

static enum status
start(struct broker *broker)
{
    const char *keys_folder = config_text(broker->config, "keys_folder");
    // Keys are checked before the first bind, or nobody would be.
    enum status status = zap_start(keys_folder, broker->stop_fd, &broker->metrics, &broker->zap);
    struct router_settings settings = {.keys_folder = keys_folder,
                                       .keys = &broker->keys,
                                       .address = &broker->address,
                                       .queue_limit = (unsigned)config_number(broker->config, "queue_limit"),
                                       .cpu = &broker->cpu,
                                       .metrics = &broker->metrics};
    if (status == STATUS_OK)
        status = router_new(&settings, &broker->router);
    if (status == STATUS_OK)
        status = events_proxy_start(keys_folder, &broker->keys, &broker->address, broker->stop_fd, &broker->metrics,
                                    &broker->events);
    uint16_t health_port = (uint16_t)config_number(broker->config, "health_port");
    if (status == STATUS_OK && health_port != 0) {
        struct health_source source = {metrics_is_ready, metrics_write, &broker->metrics};
        status = health_start(health_port, "broker", &source, &broker->health);
    }
    return status;
}

static void
stop(struct broker *broker)
{
    uint64_t one = 1;
    if (broker->stop_fd >= 0 && write(broker->stop_fd, &one, sizeof one) != (ssize_t)sizeof one)
        log_write(LOG_ERROR, "threads cannot be told to stop", "reason", strerror(errno), NULL);
    health_stop(&broker->health);
    router_free(&broker->router);
    events_proxy_join(&broker->events);
    zap_join(&broker->zap);
    bus_context_close();
    config_free(&broker->config);
    if (broker->signal_fd >= 0)
        close(broker->signal_fd);
    if (broker->stop_fd >= 0)
        close(broker->stop_fd);
}

int
broker_run(int argc, char **argv)
{
    if (argc != 2) {
        fprintf(stderr, "usage: %s CONFIG\n", argv[0]);
        return 2;
    }
    struct broker broker = {.stop_fd = -1, .signal_fd = -1};
    if (!read_configuration(&broker, argv[1]))
        return 1;
    enum status status = catch_signals(&broker) ? start(&broker) : STATUS_BUSY;
    if (status == STATUS_OK) {
        atomic_store(&broker.metrics.is_ready, true);
        log_write(LOG_INFO, "ready", "listen", config_text(broker.config, "listen"), NULL);
        router_run(broker.router, broker.signal_fd);
        log_write(LOG_INFO, "stopped", NULL);
    } else {
        log_write(LOG_ERROR, "cannot start: is the port free and the public folder readable?", "reason",
                  strerror(errno), "listen", config_text(broker.config, "listen"), NULL);
    }
    stop(&broker);
    return status == STATUS_OK ? 0 : 1;
}
