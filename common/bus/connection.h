// One socket to one broker with its monitor: says when it is up or lost, and makes itself anew. Private to the bus
// library. A socket that was refused once, or that sits on a path cut without a word, never recovers by itself.
#pragma once

#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <zmq.h>

#include "bus_socket.h"
#include "envelope.pb-c.h"

enum connection_change { CONNECTION_SAME, CONNECTION_UP, CONNECTION_LOST };

struct connection {
    const struct bus_settings *settings;
    const char *endpoint;
    int socket_type;
    void *socket, *monitor; // NULL while there is no memory or descriptor for them
    int socket_fd, monitor_fd;
    // Subscriptions; NULL-ended or NULL.
    const char *const *topics;
    bool is_up;   // the handshake is done
    bool answers; // the broker has sent something over this socket
    // Looking into an idle socket costs two system calls: only when its descriptor was readable, or after sending,
    // which may swallow the descriptor's sign.
    bool may_have_input, may_have_news;
    uint32_t version; // of the socket: grows each time it is made anew
    int64_t opened_ms, heard_ms, next_heartbeat_ms, reopen_ms, ticked_ms;
};

// Tries to connect; failure is repaired by connection_tick().
void connection_open(struct connection *connection, const struct bus_settings *settings, int socket_type,
                     const char *endpoint, const char *const *topics, int64_t now_ms);
// What was sent may linger for that long.
void connection_close(struct connection *connection, int linger_ms);

// Replaces the subscriptions, those of later sockets too. The array stays the caller's and must outlive the connection.
void connection_subscribe(struct connection *connection, const char *const *topics);

// Reads what the monitor says. After CONNECTION_LOST everything under way is lost, and the socket is a new one.
enum connection_change connection_watch(struct connection *connection, int64_t now_ms);
// By time: makes it anew when it has been silent or not up for BUS_SILENCE_MS. Call after reading what is there.
// is_silent_ok: for sockets on which brokers need not answer.
enum connection_change connection_tick(struct connection *connection, int64_t now_ms, bool is_silent_ok);
void connection_heard(struct connection *connection, int64_t now_ms);
// For poll(2): the socket's and the monitor's. fds has room for two; returns how many.
size_t connection_descriptors(const struct connection *connection, struct pollfd fds[2]);
// Looks which sockets have input, without waiting. The connections stand `stride` bytes apart.
void connection_look(struct connection *first, size_t count, size_t stride);
enum status connection_receive(struct connection *connection, zmq_msg_t frames[2]);
enum status connection_send(struct connection *connection, zmq_msg_t frames[2]);

// A message without a body. False when it could not be sent.
bool connection_send_act(struct connection *connection, Bus__Act act, const char *lane);
// A header of the caller's with an empty body; fills in the protocol.
bool connection_send_header(struct connection *connection, Bus__Header *header);
