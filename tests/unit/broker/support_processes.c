// Real brokers and workers as child processes of a test.
#include <arpa/inet.h>
#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support_processes.h"
#include "vekha/base/time.h"
#include "vekha/bus/worker.h"
#include "vekha/crypto/token.h"

static void
must(bool is_true, const char *what)
{
    if (is_true)
        return;
    fprintf(stderr, "test support: %s: %s\n", what, strerror(errno));
    abort();
}

static bool
is_port_free(int port)
{
    int probe = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int reuse = 1;
    setsockopt(probe, SOL_SOCKET, SO_REUSEADDR, &reuse, sizeof reuse);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    bool is_free = bind(probe, (struct sockaddr *)&address, sizeof address) == 0;
    close(probe);
    return is_free;
}

// Below the range the kernel gives out by itself; different for each process.
static int
find_ports(int count)
{
    enum { FIRST = 10000, LAST = 30000, STEP = 8 };
    static int next;
    for (int tries = 0; tries < (LAST - FIRST) / STEP; tries++) {
        int base = FIRST + (int)((getpid() * 7 + next++) % ((LAST - FIRST) / STEP)) * STEP;
        int is_free = 1;
        for (int i = 0; i < count; i++)
            is_free = is_free && is_port_free(base + i);
        if (is_free)
            return base;
    }
    must(false, "no free ports");
    return 0;
}

int
installation_free_port(void)
{
    return find_ports(1);
}

long
installation_metric(int health_port, const char *name)
{
    static const char REQUEST[] = "GET /metrics HTTP/1.0\r\nHost: localhost\r\n\r\n";
    char text[16384];
    size_t size = 0;
    int connection = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)health_port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    must(connect(connection, (struct sockaddr *)&address, sizeof address) == 0, "metrics");
    must(write(connection, REQUEST, sizeof REQUEST - 1) == (ssize_t)sizeof REQUEST - 1, "metrics request");
    for (ssize_t got = 1; got > 0 && size < sizeof text - 1; size += (size_t)got) {
        got = read(connection, text + size, sizeof text - 1 - size);
        must(got >= 0, "metrics answer");
    }
    text[size] = '\0';
    close(connection);
    char wanted[128];
    snprintf(wanted, sizeof wanted, "\n%s ", name);
    const char *found = strstr(text, wanted);
    return found != NULL ? strtol(found + strlen(wanted), NULL, 10) : -1;
}

void
installation_make(struct installation *installation, int broker_count)
{
    static const char *const NAMES[] = {"broker", "gateway", "submissions", "review", "operator"};
    *installation = (struct installation){.folder = "/tmp/vekha-bus-XXXXXX"};
    must(crypto_open() == STATUS_OK, "crypto");
    must(mkdtemp(installation->folder) != NULL, "folder");
    for (size_t i = 0; i < sizeof NAMES / sizeof NAMES[0]; i++)
        must(keys_make(installation->folder, NAMES[i]) == STATUS_OK, "keys");
    for (int i = 0; i < broker_count; i++)
        installation->port[i] = find_ports(3);
    snprintf(installation->brokers, sizeof installation->brokers,
             broker_count == 2 ? "127.0.0.1:%d,127.0.0.1:%d" : "127.0.0.1:%d", installation->port[0],
             installation->port[1]);
}

static void
remove_folder(const char *path)
{
    DIR *folder = opendir(path);
    for (struct dirent *entry = folder ? readdir(folder) : NULL; entry != NULL; entry = readdir(folder)) {
        char inner[512];
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        snprintf(inner, sizeof inner, "%s/%s", path, entry->d_name);
        if (entry->d_type == DT_DIR)
            remove_folder(inner);
        else
            unlink(inner);
    }
    if (folder)
        closedir(folder);
    rmdir(path);
}

void
installation_remove(struct installation *installation)
{
    for (int i = 0; i < 2; i++)
        if (installation->broker[i] > 0)
            process_end(&installation->broker[i], SIGTERM);
    remove_folder(installation->folder);
}

static void
own_folder(char *out, size_t size)
{
    ssize_t length = readlink("/proc/self/exe", out, size - 1);
    must(length > 0, "own path");
    out[length] = '\0';
    *strrchr(out, '/') = '\0';
}

static pid_t
start(const char *program, char *const arguments[])
{
    pid_t pid = 0;
    posix_spawnattr_t attributes;
    sigset_t none;
    sigemptyset(&none);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
    errno = posix_spawn(&pid, program, NULL, &attributes, arguments, environ);
    must(errno == 0, program);
    posix_spawnattr_destroy(&attributes);
    return pid;
}

void
installation_start_broker(struct installation *installation, int broker, const char *more_settings)
{
    char program[512], configuration[128];
    own_folder(program, sizeof program - 16);
    strncat(program, "/vekha-broker", sizeof program - strlen(program) - 1);
    snprintf(configuration, sizeof configuration, "%s/broker-%d.conf", installation->folder, broker);
    FILE *file = fopen(configuration, "w");
    must(file != NULL, "configuration");
    fprintf(file, "keys_folder = %s\nlisten = 127.0.0.1:%d\nlog_level = error\n%s", installation->folder,
            installation->port[broker], more_settings);
    fclose(file);
    char *arguments[] = {program, configuration, NULL};
    installation->broker[broker] = start(program, arguments);
}

void
installation_settings(const struct installation *installation, const char *name, struct bus_settings *settings)
{
    must(bus_settings_fill(settings, name, installation->folder, installation->brokers) == STATUS_OK, "settings");
}

pid_t
worker_start(const struct installation *installation, const char *service, const char *lane, int pause_ms)
{
    char program[512], pause[16];
    own_folder(program, sizeof program);
    ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);
    program[length > 0 ? length : 0] = '\0';
    snprintf(pause, sizeof pause, "%d", pause_ms);
    char folder[64], brokers[64], service_copy[32], lane_copy[64];
    snprintf(folder, sizeof folder, "%s", installation->folder);
    snprintf(brokers, sizeof brokers, "%s", installation->brokers);
    snprintf(service_copy, sizeof service_copy, "%s", service);
    snprintf(lane_copy, sizeof lane_copy, "%s", lane);
    char worker[] = "--worker";
    char *arguments[] = {program, worker, folder, brokers, service_copy, lane_copy, pause, NULL};
    return start(program, arguments);
}

int
process_end(pid_t *pid, int signal_number)
{
    int state = 0;
    must(*pid > 0, "no process");
    kill(*pid, signal_number);
    while (waitpid(*pid, &state, 0) < 0)
        must(errno == EINTR, "waitpid");
    *pid = 0;
    return WIFEXITED(state) ? WEXITSTATUS(state) : -WTERMSIG(state);
}

static volatile sig_atomic_t must_end;

static void
on_term(int signal_number)
{
    (void)signal_number;
    must_end = 1;
}

static void
work(struct bus_worker *worker, int pause_ms)
{
    bool is_draining = false;
    while (!is_draining || !bus_worker_is_drained(worker)) {
        struct bus_request requests[8];
        size_t count = bus_worker_receive(worker, 20, requests, 8);
        for (size_t i = 0; i < count; i++) {
            if (pause_ms > 0)
                usleep((useconds_t)pause_ms * 1000);
            bus_worker_reply(worker, &requests[i], STATUS_OK, requests[i].body, requests[i].body_size);
        }
        if (must_end && !is_draining)
            bus_worker_drain(worker);
        is_draining = is_draining || must_end;
    }
}

void
worker_main(int argc, char **argv)
{
    if (argc != 7 || strcmp(argv[1], "--worker") != 0)
        return;
    signal(SIGTERM, on_term);
    struct bus_settings settings;
    must(bus_settings_fill(&settings, argv[4], argv[2], argv[3]) == STATUS_OK, "worker's settings");
    struct bus_worker *worker = bus_worker_new(&settings, argv[5], 16);
    must(worker != NULL, "worker");
    work(worker, atoi(argv[6]));
    bus_worker_free(&worker);
    bus_context_close();
    exit(0);
}
