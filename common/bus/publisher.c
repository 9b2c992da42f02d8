// Publishes to every broker; what finds no room or no broker is lost here and read from the rows later.
#include <stdlib.h>
#include <string.h>

#include "connection.h"
#include "vekha/base/time.h"
#include "vekha/bus/events.h"
#include "vekha/bus/header.h"

enum { TICK_MS = 250 };

struct bus_publisher {
    struct connection connections[BUS_MAX_BROKERS];
    size_t connection_count;
    int64_t next_tick_ms;
};

struct bus_publisher *
bus_publisher_new(const struct bus_settings *settings)
{
    struct bus_publisher *publisher = calloc(1, sizeof *publisher);
    if (publisher == NULL)
        return NULL;
    publisher->connection_count = settings->broker_count;
    int64_t now_ms = clock_monotonic_ms();
    for (size_t i = 0; i < publisher->connection_count; i++)
        connection_open(&publisher->connections[i], settings, ZMQ_PUB, settings->brokers[i].events_in, NULL, now_ms);
    return publisher;
}

void
bus_publisher_free(struct bus_publisher **publisher_in_out)
{
    enum { LINGER_MS = 300 };
    struct bus_publisher *publisher = *publisher_in_out;
    if (publisher == NULL)
        return;
    for (size_t i = 0; i < publisher->connection_count; i++)
        connection_close(&publisher->connections[i], LINGER_MS);
    free(publisher);
    *publisher_in_out = NULL;
}

// A broker says nothing to a publisher: only the handshake and the path's own heartbeats tell.
static void
tick(struct bus_publisher *publisher)
{
    int64_t now_ms = clock_monotonic_ms();
    if (now_ms < publisher->next_tick_ms)
        return;
    publisher->next_tick_ms = now_ms + TICK_MS;
    for (size_t i = 0; i < publisher->connection_count; i++) {
        connection_watch(&publisher->connections[i], now_ms);
        connection_tick(&publisher->connections[i], now_ms, true);
    }
}

static void
send_to(struct connection *connection, const char *topic, const zmq_msg_t *data)
{
    size_t topic_size = strlen(topic);
    zmq_msg_t frames[2];
    if (connection->socket == NULL || topic_size > BUS_MAX_HEADER_BYTES ||
        zmq_msg_init_size(&frames[0], topic_size) != 0)
        return;
    memcpy(zmq_msg_data(&frames[0]), topic, topic_size);
    zmq_msg_init(&frames[1]);
    zmq_msg_copy(&frames[1], (zmq_msg_t *)(uintptr_t)data);
    enum status lossy_by_nature = bus_send_frames(connection->socket, frames, 2);
    (void)lossy_by_nature;
}

void
bus_publisher_send(struct bus_publisher *publisher, const char *topic, const void *data, size_t size)
{
    tick(publisher);
    zmq_msg_t message;
    if (size > BUS_MAX_BODY_BYTES || zmq_msg_init_size(&message, size) != 0)
        return;
    if (size > 0)
        memcpy(zmq_msg_data(&message), data, size);
    for (size_t i = 0; i < publisher->connection_count; i++)
        send_to(&publisher->connections[i], topic, &message);
    zmq_msg_close(&message);
}
