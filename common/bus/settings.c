// Where the brokers are: parsed once at start.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vekha/bus/bus.h"

enum { MAX_PORT = 65535, PORTS_OF_A_BROKER = 3 };

static enum status
read_address(const char *text, size_t size, struct bus_broker_address *ret_address)
{
    char copy[100];
    if (size >= sizeof copy)
        return STATUS_INVALID;
    memcpy(copy, text, size);
    copy[size] = '\0';
    char *colon = strrchr(copy, ':');
    if (colon == NULL || colon == copy)
        return STATUS_INVALID;
    *colon = '\0';
    char *end = NULL;
    long port = strtol(colon + 1, &end, 10);
    if (end == colon + 1 || *end != '\0' || port < 1 || port > MAX_PORT - PORTS_OF_A_BROKER + 1)
        return STATUS_INVALID;
    snprintf(ret_address->requests, sizeof ret_address->requests, "tcp://%s:%ld", copy, port);
    snprintf(ret_address->events_in, sizeof ret_address->events_in, "tcp://%s:%ld", copy, port + 1);
    snprintf(ret_address->events_out, sizeof ret_address->events_out, "tcp://%s:%ld", copy, port + 2);
    return STATUS_OK;
}

static enum status
read_addresses(const char *brokers, struct bus_settings *settings)
{
    settings->broker_count = 0;
    for (const char *at = brokers; *at != '\0';) {
        at += strspn(at, ", ");
        size_t size = strcspn(at, ", ");
        if (size == 0)
            break;
        if (settings->broker_count == BUS_MAX_BROKERS)
            return STATUS_INVALID;
        enum status status = read_address(at, size, &settings->brokers[settings->broker_count]);
        if (status != STATUS_OK)
            return status;
        settings->broker_count++;
        at += size;
    }
    return settings->broker_count > 0 ? STATUS_OK : STATUS_INVALID;
}

enum status
bus_settings_fill(struct bus_settings *settings, const char *name, const char *keys_folder, const char *brokers)
{
    memset(settings, 0, sizeof *settings);
    settings->name = name;
    enum status status = keys_load_pair(keys_folder, name, &settings->keys);
    if (status == STATUS_OK)
        status = keys_load_public(keys_folder, "broker", settings->broker_key);
    return status == STATUS_OK ? read_addresses(brokers, settings) : status;
}
