// Bound sockets with every option set before the bind.
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zmq.h>

#include "server_socket.h"
#include "vekha/bus/bus.h"
#include "zap.h"

enum {
    // ZMQ_ZAP_ENFORCE_DOMAIN: zmq.h hides it among the drafts, the library has it. Without it an absent ZAP handler
    // means that everybody may come in.
    ZAP_ENFORCE_DOMAIN = 93,
    HANDSHAKE_MS = 3000,
    HEARTBEAT_TIMEOUT_MS = 1500,
    // Peers beat themselves (BUS_HEARTBEAT_MS); this only clears away connections that nobody holds any more.
    REQUESTS_HEARTBEAT_MS = 5000,
    LINGER_MS = 500, // for the last answers
    BACKLOG = 512,
    // Messages of one peer in memory: requests are taken at once, so only a flood waits; replies wait for a client that
    // may ask so much at a time; events over the limit are dropped and read from the rows later.
    REQUESTS_PER_PEER = 1000,
    REPLIES_PER_PEER = 4096,
    EVENTS_PER_PEER = 2000,
    LAST_PORT = 65535,
};

enum status
listen_address_parse(const char *text, struct listen_address *ret_address)
{
    const char *colon = strrchr(text, ':');
    if (colon == NULL || colon == text || (size_t)(colon - text) >= sizeof ret_address->host)
        return STATUS_INVALID;
    char *end = NULL;
    long port = strtol(colon + 1, &end, 10);
    if (end == colon + 1 || *end != '\0' || port < 1 || port > LAST_PORT - 2)
        return STATUS_INVALID;
    memset(ret_address, 0, sizeof *ret_address);
    memcpy(ret_address->host, text, (size_t)(colon - text));
    ret_address->port = (uint16_t)port;
    return STATUS_OK;
}

static bool
set_number(void *socket, int option, int value)
{
    return zmq_setsockopt(socket, option, &value, sizeof value) == 0;
}

static bool
set_security(void *socket, const struct curve_key_pair *keys, int socket_type)
{
    const char *domain = socket_type == ZMQ_ROUTER ? ZAP_REQUESTS : ZAP_EVENTS;
    return set_number(socket, ZMQ_CURVE_SERVER, 1) &&
           zmq_setsockopt(socket, ZMQ_CURVE_SECRETKEY, keys->secret_key, CURVE_KEY_CHARS + 1) == 0 &&
           zmq_setsockopt(socket, ZMQ_ZAP_DOMAIN, domain, strlen(domain)) == 0 &&
           set_number(socket, ZAP_ENFORCE_DOMAIN, 1);
}

static bool
set_limits(void *socket, int socket_type)
{
    bool is_router = socket_type == ZMQ_ROUTER;
    int64_t max_message_bytes = BUS_MAX_BODY_BYTES + BUS_MAX_HEADER_BYTES;
    return zmq_setsockopt(socket, ZMQ_MAXMSGSIZE, &max_message_bytes, sizeof max_message_bytes) == 0 &&
           set_number(socket, ZMQ_LINGER, LINGER_MS) &&
           set_number(socket, ZMQ_HEARTBEAT_IVL, is_router ? REQUESTS_HEARTBEAT_MS : BUS_HEARTBEAT_MS) &&
           set_number(socket, ZMQ_HEARTBEAT_TIMEOUT, HEARTBEAT_TIMEOUT_MS) &&
           set_number(socket, ZMQ_HANDSHAKE_IVL, HANDSHAKE_MS) && set_number(socket, ZMQ_TCP_KEEPALIVE, 1) &&
           set_number(socket, ZMQ_BACKLOG, BACKLOG) &&
           set_number(socket, ZMQ_SNDHWM, is_router ? REPLIES_PER_PEER : EVENTS_PER_PEER) &&
           set_number(socket, ZMQ_RCVHWM, is_router ? REQUESTS_PER_PEER : EVENTS_PER_PEER);
}

static bool
set_routing(void *socket)
{
    return set_number(socket, ZMQ_ROUTER_MANDATORY, 1) && set_number(socket, ZMQ_ROUTER_HANDOVER, 0);
}

void *
server_socket_new(int socket_type, const struct curve_key_pair *keys, const struct listen_address *address,
                  unsigned port_offset)
{
    void *socket = zmq_socket(bus_context(), socket_type);
    if (socket == NULL)
        return NULL;
    char endpoint[160];
    snprintf(endpoint, sizeof endpoint, "tcp://%s:%u", address->host, address->port + port_offset);
    if (set_security(socket, keys, socket_type) && set_limits(socket, socket_type) &&
        (socket_type != ZMQ_ROUTER || set_routing(socket)) && zmq_bind(socket, endpoint) == 0)
        return socket;
    int problem = errno;
    zmq_close(socket);
    errno = problem;
    return NULL;
}
