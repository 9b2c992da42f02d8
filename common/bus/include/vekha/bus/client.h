// Asks services through the brokers. Non-blocking, used by one thread; that thread's poll loop drives it.
// One DEALER per broker, the less loaded is taken. When a broker or a worker dies the request is sent again
// with the same idempotency key while its budget lasts: callers see one answer.
#pragma once

#include <poll.h>
#include <stddef.h>
#include <stdint.h>

#include "envelope.pb-c.h"
#include "vekha/bus/bus.h"

struct bus_client;

struct bus_client *bus_client_new(const struct bus_settings *settings, unsigned max_outstanding);
void bus_client_free(struct bus_client **client);

// status: of the reply, or BUSY (too many outstanding, no broker), TIMEOUT. body: packed reply or Problem, valid
// during the call only; may be empty.
typedef void bus_reply_function(void *context, enum status status, const uint8_t *body, size_t body_size);

struct bus_call {
    const char *lane;
    const char *method;
    const void *body;
    size_t body_size;
    uint32_t budget_ms;
    const uint8_t *idempotency_key; // 16 bytes; NULL for queries
    const uint8_t *principal;       // SignedPrincipal
    size_t principal_size;
    const uint8_t *trace_id; // 16 bytes or NULL
    const char *language;
    const char *client_address;
};
// Copies what it needs. The answer comes once, from bus_client_process() or from here when it is known at once.
// Returns a handle for bus_client_forget(), 0 when already answered.
uint64_t bus_client_call(struct bus_client *client, const struct bus_call *call, bus_reply_function *on_reply,
                         void *context);
// The caller is gone: on_reply will not be called.
void bus_client_forget(struct bus_client *client, uint64_t handle);

// For the caller's poll(2): returns how many. They tell of new input only after bus_client_process() has read what was
// there, and the wait must not be longer than bus_client_timeout_ms().
enum { BUS_CLIENT_DESCRIPTORS = 2 * BUS_MAX_BROKERS };
size_t bus_client_descriptors(const struct bus_client *client, struct pollfd fds[BUS_CLIENT_DESCRIPTORS]);
// Milliseconds until bus_client_process() has something to do without input; 0 after a call.
long bus_client_timeout_ms(const struct bus_client *client);
void bus_client_process(struct bus_client *client);
unsigned bus_client_outstanding(const struct bus_client *client);
// Connected to at least one broker that answers.
int bus_client_is_ready(const struct bus_client *client);

// Waits for one answer; for threads without a loop. The body is copied into the arena. Uses the client alone.
struct arena;
MUST_CHECK enum status bus_client_ask(struct bus_client *client, const struct bus_call *call, struct arena *arena,
                                      const uint8_t **ret_body, size_t *ret_body_size);
