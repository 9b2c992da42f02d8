// The process's ZeroMQ context, and client sockets with every option that keeps them honest.
#include <pthread.h>
#include <stdbool.h>
#include <string.h>
#include <sys/random.h>
#include <zmq.h>

#include "bus_socket.h"

enum { RECONNECT_MS = 50, HANDSHAKE_MS = 3000, EVENTS_TIMEOUT_MS = 1500, QUEUE = 4096 };

// One per process: with CURVE several contexts may crash each other (reliability.md B).
static struct {
    pthread_mutex_t mutex;
    void *context;
} process = {.mutex = PTHREAD_MUTEX_INITIALIZER};

void *
bus_context(void)
{
    pthread_mutex_lock(&process.mutex);
    if (process.context == NULL) {
        process.context = zmq_ctx_new();
        if (process.context != NULL)
            zmq_ctx_set(process.context, ZMQ_BLOCKY, 0);
    }
    void *context = process.context;
    pthread_mutex_unlock(&process.mutex);
    return context;
}

void
bus_context_close(void)
{
    pthread_mutex_lock(&process.mutex);
    if (process.context != NULL)
        zmq_ctx_term(process.context);
    process.context = NULL;
    pthread_mutex_unlock(&process.mutex);
}

static bool
set_number(void *socket, int option, int value)
{
    return zmq_setsockopt(socket, option, &value, sizeof value) == 0;
}

static bool
set_key(void *socket, int option, const char *key)
{
    return zmq_setsockopt(socket, option, key, CURVE_KEY_CHARS + 1) == 0;
}

// Random, so that nobody can take another's place; ids that begin with 0 belong to libzmq.
static bool
set_routing_id(void *socket)
{
    uint8_t id[ROUTING_ID_BYTES];
    if (getrandom(id, sizeof id, 0) != (ssize_t)sizeof id)
        return false;
    id[0] = 'v';
    return zmq_setsockopt(socket, ZMQ_ROUTING_ID, id, sizeof id) == 0;
}

// Only where the working threads say nothing of their own: requests have connection_tick().
static bool
set_events_heartbeat(void *socket)
{
    return set_number(socket, ZMQ_HEARTBEAT_IVL, BUS_HEARTBEAT_MS) &&
           set_number(socket, ZMQ_HEARTBEAT_TIMEOUT, EVENTS_TIMEOUT_MS);
}

// Without ZMQ_IMMEDIATE: with it libzmq 4.3.4 cuts a pipe between two frames of a message that is being read, and
// aborts (fq.cpp, "!_more"). Each socket here has one endpoint and is replaced when that is lost, so nothing waits in
// vain.
static bool
set_options(void *socket, const struct bus_settings *settings, int socket_type)
{
    int64_t max_message_bytes = BUS_MAX_BODY_BYTES + BUS_MAX_HEADER_BYTES;
    uint64_t first_thread = 1; // whoever has other sockets than the bus's gives them a thread of their own
    bool is_events = socket_type == ZMQ_SUB || socket_type == ZMQ_PUB;
    return zmq_setsockopt(socket, ZMQ_MAXMSGSIZE, &max_message_bytes, sizeof max_message_bytes) == 0 &&
           zmq_setsockopt(socket, ZMQ_AFFINITY, &first_thread, sizeof first_thread) == 0 &&
           set_number(socket, ZMQ_LINGER, 0) && set_number(socket, ZMQ_SNDTIMEO, 0) &&
           set_number(socket, ZMQ_RCVTIMEO, 0) && (!is_events || set_events_heartbeat(socket)) &&
           set_number(socket, ZMQ_HANDSHAKE_IVL, HANDSHAKE_MS) && set_number(socket, ZMQ_RECONNECT_IVL, RECONNECT_MS) &&
           set_number(socket, ZMQ_TCP_KEEPALIVE, 1) &&
           set_number(socket, ZMQ_SNDHWM, is_events ? BUS_EVENT_QUEUE : QUEUE) &&
           set_number(socket, ZMQ_RCVHWM, is_events ? BUS_EVENT_QUEUE : QUEUE) &&
           set_key(socket, ZMQ_CURVE_SERVERKEY, settings->broker_key) &&
           set_key(socket, ZMQ_CURVE_PUBLICKEY, settings->keys.public_key) &&
           set_key(socket, ZMQ_CURVE_SECRETKEY, settings->keys.secret_key) &&
           (socket_type != ZMQ_DEALER || set_routing_id(socket));
}

void *
bus_socket_new(const struct bus_settings *settings, int socket_type)
{
    void *context = bus_context();
    void *socket = context != NULL ? zmq_socket(context, socket_type) : NULL;
    if (socket != NULL && !set_options(socket, settings, socket_type)) {
        zmq_close(socket);
        return NULL;
    }
    return socket;
}

void *
bus_connect(const struct bus_settings *settings, int socket_type, const char *endpoint)
{
    void *socket = bus_socket_new(settings, socket_type);
    if (socket != NULL && zmq_connect(socket, endpoint) != 0) {
        zmq_close(socket);
        return NULL;
    }
    return socket;
}
