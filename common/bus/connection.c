// One socket to one broker: opening, watching, making anew.
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include "connection.h"
#include "vekha/bus/header.h"

enum {
    PAUSE_AFTER_REFUSAL_MS = 200,
    WATCHED_EVENTS = ZMQ_EVENT_HANDSHAKE_SUCCEEDED | ZMQ_EVENT_DISCONNECTED | ZMQ_EVENT_HANDSHAKE_FAILED_AUTH |
                     ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL,
};

static void *
open_monitor(void *socket)
{
    // Names within the process's context; only uniqueness matters.
    static atomic_uint count;
    char endpoint[48];
    snprintf(endpoint, sizeof endpoint, "inproc://connection-monitor-%u", atomic_fetch_add(&count, 1));
    void *monitor = zmq_socket(bus_context(), ZMQ_PAIR);
    if (monitor == NULL)
        return NULL;
    if (zmq_socket_monitor(socket, endpoint, WATCHED_EVENTS) == 0 && zmq_connect(monitor, endpoint) == 0)
        return monitor;
    zmq_close(monitor);
    return NULL;
}

static void
close_sockets(struct connection *connection, int linger_ms)
{
    if (connection->socket != NULL) {
        zmq_setsockopt(connection->socket, ZMQ_LINGER, &linger_ms, sizeof linger_ms);
        zmq_socket_monitor(connection->socket, NULL, 0);
        zmq_close(connection->socket);
    }
    if (connection->monitor != NULL)
        zmq_close(connection->monitor);
    connection->socket = NULL;
    connection->monitor = NULL;
}

// option: ZMQ_SUBSCRIBE or ZMQ_UNSUBSCRIBE
static bool
set_topics(void *socket, int option, const char *const *topics)
{
    for (; topics != NULL && *topics != NULL; topics++)
        if (zmq_setsockopt(socket, option, *topics, strlen(*topics)) != 0)
            return false;
    return true;
}

static void
open_sockets(struct connection *connection, int64_t now_ms)
{
    connection->version++;
    connection->is_up = false;
    connection->answers = false;
    connection->opened_ms = now_ms;
    connection->heard_ms = now_ms;
    connection->next_heartbeat_ms = 0;
    connection->reopen_ms = 0;
    connection->socket = bus_socket_new(connection->settings, connection->socket_type);
    if (connection->socket != NULL)
        connection->monitor = open_monitor(connection->socket);
    if (connection->monitor == NULL || !set_topics(connection->socket, ZMQ_SUBSCRIBE, connection->topics) ||
        zmq_connect(connection->socket, connection->endpoint) != 0) {
        close_sockets(connection, 0);
        return;
    }
    connection->may_have_input = true;
    connection->may_have_news = true;
    connection->socket_fd = bus_descriptor(connection->socket);
    connection->monitor_fd = bus_descriptor(connection->monitor);
}

void
connection_open(struct connection *connection, const struct bus_settings *settings, int socket_type,
                const char *endpoint, const char *const *topics, int64_t now_ms)
{
    *connection =
        (struct connection){.settings = settings, .endpoint = endpoint, .socket_type = socket_type, .topics = topics};
    open_sockets(connection, now_ms);
}

void
connection_subscribe(struct connection *connection, const char *const *topics)
{
    if (connection->socket != NULL && (!set_topics(connection->socket, ZMQ_UNSUBSCRIBE, connection->topics) ||
                                       !set_topics(connection->socket, ZMQ_SUBSCRIBE, topics)))
        close_sockets(connection, 0); // connection_tick() makes it anew
    connection->topics = topics;
}

void
connection_close(struct connection *connection, int linger_ms)
{
    close_sockets(connection, linger_ms);
    connection->is_up = false;
}

static enum connection_change
reopen(struct connection *connection, int64_t now_ms)
{
    bool was_up = connection->is_up;
    close_sockets(connection, 0);
    open_sockets(connection, now_ms);
    return was_up ? CONNECTION_LOST : CONNECTION_SAME;
}

// 0: nothing there.
static unsigned
next_event(void *monitor)
{
    zmq_msg_t frames[2];
    uint16_t event = 0;
    // Two frames: the number with a value, and the address.
    if (bus_receive_frames(monitor, frames, 2) != STATUS_OK)
        return 0;
    if (zmq_msg_size(&frames[0]) >= sizeof event)
        memcpy(&event, zmq_msg_data(&frames[0]), sizeof event);
    zmq_msg_close(&frames[0]);
    zmq_msg_close(&frames[1]);
    return event;
}

enum connection_change
connection_watch(struct connection *connection, int64_t now_ms)
{
    enum connection_change change = CONNECTION_SAME;
    unsigned event;
    while (connection->monitor != NULL && connection->may_have_news) {
        event = next_event(connection->monitor);
        connection->may_have_news = event != 0;
        if (event == ZMQ_EVENT_HANDSHAKE_SUCCEEDED) {
            connection->is_up = true;
            connection->heard_ms = now_ms;
            change = CONNECTION_UP;
        } else if (event == ZMQ_EVENT_DISCONNECTED) {
            // A new socket also brings a new routing id: the broker may still hold the old one for a while.
            if (connection->is_up)
                return reopen(connection, now_ms);
        } else if (event != 0) {
            connection->reopen_ms = now_ms + PAUSE_AFTER_REFUSAL_MS;
        }
    }
    return change;
}

enum connection_change
connection_tick(struct connection *connection, int64_t now_ms, bool is_silent_ok)
{
    // A thread that was busy elsewhere has not looked, and has sent no heartbeat to answer: silence proves nothing.
    if (now_ms - connection->ticked_ms >= BUS_HEARTBEAT_MS && connection->ticked_ms != 0)
        connection->heard_ms = now_ms;
    connection->ticked_ms = now_ms;
    bool is_refused = connection->reopen_ms != 0 && now_ms >= connection->reopen_ms;
    bool is_unopened = connection->socket == NULL && now_ms - connection->opened_ms >= PAUSE_AFTER_REFUSAL_MS;
    int64_t since_ms = connection->is_up ? connection->heard_ms : connection->opened_ms;
    bool is_silent = now_ms - since_ms >= BUS_SILENCE_MS && !(connection->is_up && is_silent_ok);
    return is_refused || is_unopened || is_silent ? reopen(connection, now_ms) : CONNECTION_SAME;
}

void
connection_heard(struct connection *connection, int64_t now_ms)
{
    connection->heard_ms = now_ms;
    connection->answers = true;
}

size_t
connection_descriptors(const struct connection *connection, struct pollfd fds[2])
{
    if (connection->monitor == NULL)
        return 0;
    fds[0] = (struct pollfd){.fd = connection->socket_fd, .events = POLLIN};
    fds[1] = (struct pollfd){.fd = connection->monitor_fd, .events = POLLIN};
    return 2;
}

void
connection_look(struct connection *first, size_t count, size_t stride)
{
    struct pollfd fds[2 * BUS_MAX_BROKERS];
    struct connection *of[2 * BUS_MAX_BROKERS];
    size_t used = 0;
    for (size_t i = 0; i < count && i < BUS_MAX_BROKERS; i++) {
        struct connection *connection = (struct connection *)(void *)((char *)first + i * stride);
        size_t added = connection_descriptors(connection, fds + used);
        for (size_t k = 0; k < added; k++)
            of[used++] = connection;
    }
    if (poll(fds, used, 0) <= 0)
        return;
    for (size_t i = 0; i < used; i += 2) {
        of[i]->may_have_input |= fds[i].revents != 0;
        of[i]->may_have_news |= fds[i + 1].revents != 0;
    }
}

enum status
connection_receive(struct connection *connection, zmq_msg_t frames[2])
{
    if (connection->socket == NULL || !connection->may_have_input)
        return STATUS_NOT_FOUND;
    enum status status = bus_receive_frames(connection->socket, frames, 2);
    connection->may_have_input = status != STATUS_NOT_FOUND;
    return status;
}

enum status
connection_send(struct connection *connection, zmq_msg_t frames[2])
{
    connection->may_have_input = true;
    return bus_send_frames(connection->socket, frames, 2);
}

bool
connection_send_act(struct connection *connection, Bus__Act act, const char *lane)
{
    Bus__Header header = BUS__HEADER__INIT;
    header.act = act;
    header.lane = lane;
    return connection_send_header(connection, &header);
}

bool
connection_send_header(struct connection *connection, Bus__Header *header)
{
    if (connection->socket == NULL || !connection->is_up)
        return false;
    header->protocol = BUS_PROTOCOL;
    zmq_msg_t frames[2];
    if (bus_header_pack(header, &frames[0]) != STATUS_OK)
        return false;
    zmq_msg_init(&frames[1]);
    return connection_send(connection, frames) == STATUS_OK;
}
