// Connected to every broker, subscribed with one of them as long as every topic is heard through it; else with all.
// Topics are prefixes for ZeroMQ, whole names for us.
#include <stdlib.h>
#include <string.h>

#include "connection.h"
#include "vekha/base/time.h"
#include "vekha/bus/events.h"
#include "vekha/bus/header.h"

// Streams tell of their head four times as often.
enum { TICK_MS = 250, SILENCE_MS = 1000, TOPICS_MAX = 32, TOPIC_CHARS = 63 };

static const char *const NOTHING[] = {NULL};

struct bus_subscriber {
    struct connection connections[BUS_MAX_BROKERS];
    size_t connection_count, next_connection, main_connection;
    int64_t next_tick_ms;
    int64_t heard_ms[TOPICS_MAX]; // of each topic through the main connection; 0: never
    bool relies_on_main;          // the others are not subscribed
    zmq_msg_t batch;              // of the message handed out last
    char topic[TOPIC_CHARS + 1];
    const char *topics[TOPICS_MAX + 1]; // NULL-ended, into topic_texts
    char topic_texts[TOPICS_MAX][TOPIC_CHARS + 1];
};

static bool
keep_topics(struct bus_subscriber *subscriber, const char *const *topics, size_t topic_count)
{
    if (topic_count > TOPICS_MAX)
        return false;
    for (size_t i = 0; i < topic_count; i++) {
        size_t size = strlen(topics[i]);
        if (size > TOPIC_CHARS)
            return false;
        memcpy(subscriber->topic_texts[i], topics[i], size + 1);
        subscriber->topics[i] = subscriber->topic_texts[i];
    }
    return true;
}

struct bus_subscriber *
bus_subscriber_new(const struct bus_settings *settings, const char *const *topics, size_t topic_count)
{
    struct bus_subscriber *subscriber = calloc(1, sizeof *subscriber);
    if (subscriber == NULL || !keep_topics(subscriber, topics, topic_count)) {
        free(subscriber);
        return NULL;
    }
    zmq_msg_init(&subscriber->batch);
    subscriber->connection_count = settings->broker_count;
    // Processes differ in it, so that brokers share the work.
    if (settings->broker_count > 0)
        subscriber->main_connection = (unsigned char)settings->keys.public_key[0] % settings->broker_count;
    int64_t now_ms = clock_monotonic_ms();
    for (size_t i = 0; i < subscriber->connection_count; i++)
        connection_open(&subscriber->connections[i], settings, ZMQ_SUB, settings->brokers[i].events_out,
                        subscriber->topics, now_ms);
    return subscriber;
}

void
bus_subscriber_free(struct bus_subscriber **subscriber_in_out)
{
    struct bus_subscriber *subscriber = *subscriber_in_out;
    if (subscriber == NULL)
        return;
    for (size_t i = 0; i < subscriber->connection_count; i++)
        connection_close(&subscriber->connections[i], 0);
    zmq_msg_close(&subscriber->batch);
    free(subscriber);
    *subscriber_in_out = NULL;
}

// -1: not wanted.
static int
find_topic(const struct bus_subscriber *subscriber, const zmq_msg_t *topic)
{
    size_t size = zmq_msg_size(topic);
    const void *bytes = zmq_msg_data((zmq_msg_t *)(uintptr_t)topic);
    for (int i = 0; subscriber->topics[i] != NULL; i++)
        if (strlen(subscriber->topics[i]) == size && memcmp(subscriber->topics[i], bytes, size) == 0)
            return i;
    return -1;
}

static bool
take_from(struct bus_subscriber *subscriber, struct connection *connection, int64_t now_ms)
{
    zmq_msg_t frames[2];
    while (connection->socket != NULL) {
        enum status status = connection_receive(connection, frames);
        if (status == STATUS_MALFORMED)
            continue;
        if (status != STATUS_OK)
            return false;
        int topic = find_topic(subscriber, &frames[0]);
        if (topic >= 0 && connection == &subscriber->connections[subscriber->main_connection])
            subscriber->heard_ms[topic] = now_ms;
        if (topic >= 0) {
            size_t size = zmq_msg_size(&frames[0]);
            memcpy(subscriber->topic, zmq_msg_data(&frames[0]), size);
            subscriber->topic[size] = '\0';
            zmq_msg_move(&subscriber->batch, &frames[1]);
        }
        zmq_msg_close(&frames[0]);
        zmq_msg_close(&frames[1]);
        if (topic >= 0)
            return true;
    }
    return false;
}

static bool
take_any(struct bus_subscriber *subscriber, int64_t now_ms)
{
    for (size_t step = 0; step < subscriber->connection_count; step++) {
        size_t i = (subscriber->next_connection + step) % subscriber->connection_count;
        if (!take_from(subscriber, &subscriber->connections[i], now_ms))
            continue;
        subscriber->next_connection = (i + 1) % subscriber->connection_count;
        return true;
    }
    return false;
}

static bool
main_tells_everything(const struct bus_subscriber *subscriber, int64_t now_ms)
{
    if (!subscriber->connections[subscriber->main_connection].is_up)
        return false;
    for (size_t i = 0; subscriber->topics[i] != NULL; i++)
        if (now_ms - subscriber->heard_ms[i] > SILENCE_MS)
            return false;
    return true;
}

static void
rely_on_main(struct bus_subscriber *subscriber, bool relies)
{
    if (subscriber->relies_on_main == relies)
        return;
    subscriber->relies_on_main = relies;
    for (size_t i = 0; i < subscriber->connection_count; i++)
        if (i != subscriber->main_connection)
            connection_subscribe(&subscriber->connections[i], relies ? NOTHING : subscriber->topics);
}

// Whoever has not looked for a while has not heard either: that proves nothing about the broker.
static void
forgive_silence(struct bus_subscriber *subscriber, int64_t now_ms)
{
    for (size_t i = 0; subscriber->topics[i] != NULL; i++)
        if (subscriber->heard_ms[i] != 0)
            subscriber->heard_ms[i] = now_ms;
}

static bool
has_news(const struct bus_subscriber *subscriber)
{
    for (size_t i = 0; i < subscriber->connection_count; i++)
        if (subscriber->connections[i].may_have_news)
            return true;
    return false;
}

static void
tick(struct bus_subscriber *subscriber, int64_t now_ms)
{
    if (now_ms < subscriber->next_tick_ms && !has_news(subscriber))
        return;
    if (now_ms > subscriber->next_tick_ms + TICK_MS)
        forgive_silence(subscriber, now_ms);
    subscriber->next_tick_ms = now_ms + TICK_MS;
    for (size_t i = 0; i < subscriber->connection_count; i++) {
        bool is_same = connection_watch(&subscriber->connections[i], now_ms) == CONNECTION_SAME;
        is_same = connection_tick(&subscriber->connections[i], now_ms, true) == CONNECTION_SAME && is_same;
        if (!is_same && i == subscriber->main_connection)
            memset(subscriber->heard_ms, 0, sizeof subscriber->heard_ms);
    }
    rely_on_main(subscriber, main_tells_everything(subscriber, now_ms));
}

size_t
bus_subscriber_descriptors(const struct bus_subscriber *subscriber, struct pollfd fds[BUS_SUBSCRIBER_DESCRIPTORS])
{
    size_t count = 0;
    for (size_t i = 0; i < subscriber->connection_count; i++)
        count += connection_descriptors(&subscriber->connections[i], fds + count);
    return count;
}

size_t
bus_subscriber_receive(struct bus_subscriber *subscriber, int timeout_ms, const char **ret_topic,
                       const uint8_t **ret_data)
{
    int64_t now_ms = clock_monotonic_ms();
    int64_t until_ms = now_ms + (timeout_ms > 0 ? timeout_ms : 0);
    for (;;) {
        connection_look(subscriber->connections, subscriber->connection_count, sizeof subscriber->connections[0]);
        tick(subscriber, now_ms);
        if (take_any(subscriber, now_ms)) {
            *ret_topic = subscriber->topic;
            *ret_data = zmq_msg_data(&subscriber->batch);
            return zmq_msg_size(&subscriber->batch);
        }
        if (now_ms >= until_ms)
            return 0;
        struct pollfd fds[BUS_SUBSCRIBER_DESCRIPTORS];
        size_t count = bus_subscriber_descriptors(subscriber, fds);
        int64_t wake_ms = subscriber->next_tick_ms < until_ms ? subscriber->next_tick_ms : until_ms;
        poll(fds, count, wake_ms > now_ms ? (int)(wake_ms - now_ms) : 0);
        now_ms = clock_monotonic_ms();
    }
}
