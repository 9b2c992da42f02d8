// Real brokers and workers as child processes of a test, on free ports, with keys of their own.
#pragma once

#include <stdbool.h>
#include <sys/types.h>

#include "vekha/bus/bus.h"

struct installation {
    char folder[64];
    int port[2];
    pid_t broker[2];
    char brokers[64]; // as configured for clients
};

// Keys, folder and ports for up to two brokers; none is started.
void installation_make(struct installation *installation, int broker_count);
void installation_remove(struct installation *installation);
void installation_start_broker(struct installation *installation, int broker, const char *more_settings);
void installation_settings(const struct installation *installation, const char *name, struct bus_settings *settings);

int installation_free_port(void);
// One number from a broker's /metrics; -1 when it is not there.
long installation_metric(int health_port, const char *name);

// This test program once more, as a worker: answers each request with its own body after `pause_ms`.
pid_t worker_start(const struct installation *installation, const char *service, const char *lane, int pause_ms);
// Ends the child and waits; returns its exit code, or minus the signal.
int process_end(pid_t *pid, int signal_number);

// In main(), first: runs the worker and does not return when the program was started as one.
void worker_main(int argc, char **argv);
