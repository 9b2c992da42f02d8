// Events over the brokers' XSUB and XPUB. Lossy by nature: numbers and FetchEvents make it whole (service/inbox).
#pragma once

#include <poll.h>
#include <stddef.h>
#include <stdint.h>

#include "envelope.pb-c.h"
#include "vekha/bus/bus.h"

struct bus_publisher;
struct bus_subscriber;

struct bus_publisher *bus_publisher_new(const struct bus_settings *settings);
void bus_publisher_free(struct bus_publisher **publisher);
// To all brokers. topic: the stream's name. data: a packed EventBatch.
void bus_publisher_send(struct bus_publisher *publisher, const char *topic, const void *data, size_t size);

struct bus_subscriber *bus_subscriber_new(const struct bus_settings *settings, const char *const *topics,
                                          size_t topic_count);
void bus_subscriber_free(struct bus_subscriber **subscriber);
// One message, waiting up to timeout_ms. Returns its size, 0 when none came. *ret_data and *ret_topic are valid until
// the next call. A batch comes once per broker until every topic was heard through
// the same one (a topic is to be published at least each second), and again when that falls silent.
size_t bus_subscriber_receive(struct bus_subscriber *subscriber, int timeout_ms, const char **ret_topic,
                              const uint8_t **ret_data);
// For the caller's poll(2): returns how many. They tell of new input only after bus_subscriber_receive() returned 0.
enum { BUS_SUBSCRIBER_DESCRIPTORS = 2 * BUS_MAX_BROKERS };
size_t bus_subscriber_descriptors(const struct bus_subscriber *subscriber,
                                  struct pollfd fds[BUS_SUBSCRIBER_DESCRIPTORS]);
