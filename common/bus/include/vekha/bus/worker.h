// One worker: serves one lane over all brokers, takes at most `credit` requests at a time. Used by one thread,
// whose loop is the one that sends heartbeats: a thread that hangs is found dead.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "envelope.pb-c.h"
#include "vekha/bus/bus.h"

struct bus_worker;

// A request in hand. Header and body are valid until it is answered.
struct bus_request {
    const Bus__Header *header;
    const uint8_t *body;
    size_t body_size;
    int64_t deadline_ms; // clock_monotonic_ms()
    void *internal[4];
};

// NULL without memory.
struct bus_worker *bus_worker_new(const struct bus_settings *settings, const char *lane, unsigned credit);
// Before the first receive(): the handlers of this lane may take so long that no heartbeat is sent meanwhile
// (BUS_SILENCE_MS unless said; at most BUS_SILENCE_MAX_MS). The price: a frozen worker is found that much later.
void bus_worker_allow_silence(struct bus_worker *worker, uint32_t silence_ms);
void bus_worker_free(struct bus_worker **worker);

// Waits up to timeout_ms for a first request, then takes what else has arrived, up to max. Returns how many.
// Requests whose deadline has passed are answered TIMEOUT here and never shown. Sends and checks heartbeats.
size_t bus_worker_receive(struct bus_worker *worker, int timeout_ms, struct bus_request *requests, size_t max);
// Answers and gives back one credit. body: the packed reply, or a packed Problem when status is not OK.
void bus_worker_reply(struct bus_worker *worker, struct bus_request *request, enum status status, const void *body,
                      size_t body_size);
// Keeps the heartbeat going inside long work; cheap, may be called often.
void bus_worker_alive(struct bus_worker *worker);
// Tells the brokers to send nothing more. Afterwards receive() still hands out what was under way;
// bus_worker_is_drained() when the brokers have confirmed and everything is answered.
void bus_worker_drain(struct bus_worker *worker);
bool bus_worker_is_drained(const struct bus_worker *worker);
// Connected to at least one broker that answers.
bool bus_worker_is_ready(const struct bus_worker *worker);
