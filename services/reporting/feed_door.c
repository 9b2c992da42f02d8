// The door's sockets, its keeper of keys, and its turn.
#include "feed_door.h"

#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <zmq.h>

#include "feed_private.h"
#include "store_feed.h"
#include "vekha/base/log.h"
#include "vekha/base/time.h"
#include "vekha/bus/header.h"
#include "vekha/bus/zap.h"

#define FEED_DOMAIN "vekha-feed"

enum {
    HANDSHAKE_MS = 3000,
    HEARTBEAT_MS = 15000, // clears away who is gone; who stands still is told nothing in any case
    HEARTBEAT_TIMEOUT_MS = 15000,
    BACKLOG = 1024,
    ANSWERS_PER_PEER = 16, // one question is answered once, but libzmq is late to count what has gone out
    ASKS_PER_PEER = 4,
    ASK_MAX_BYTES = 1024,
    IO_THREADS = 2,
    SECOND_THREAD = 2, // of ZMQ_AFFINITY's bits; the bus has the first
    TURN_MS = 100,
    WRITING_MS = 1000,
    HANDSHAKES_A_TURN = 64,
    DESCRIPTORS = 20000,
    ADDRESSES_MAX = 16,
};

static struct feed feed;

static bool
set_number(void *socket, int option, int value)
{
    return zmq_setsockopt(socket, option, &value, sizeof value) == 0;
}

static bool
set_security(void *socket)
{
    return set_number(socket, ZMQ_CURVE_SERVER, 1) &&
           zmq_setsockopt(socket, ZMQ_CURVE_SECRETKEY, feed.settings.keys.secret_key, CURVE_KEY_CHARS + 1) == 0 &&
           zmq_setsockopt(socket, ZMQ_ZAP_DOMAIN, FEED_DOMAIN, strlen(FEED_DOMAIN)) == 0 &&
           set_number(socket, BUS_ZAP_ENFORCE_DOMAIN, 1);
}

static bool
set_limits(void *socket)
{
    int64_t max_message_bytes = ASK_MAX_BYTES;
    uint64_t second_thread = SECOND_THREAD;
    return zmq_setsockopt(socket, ZMQ_MAXMSGSIZE, &max_message_bytes, sizeof max_message_bytes) == 0 &&
           zmq_setsockopt(socket, ZMQ_AFFINITY, &second_thread, sizeof second_thread) == 0 &&
           set_number(socket, ZMQ_LINGER, 0) && set_number(socket, ZMQ_SNDTIMEO, 0) &&
           set_number(socket, ZMQ_RCVTIMEO, 0) && set_number(socket, ZMQ_ROUTER_MANDATORY, 1) &&
           set_number(socket, ZMQ_ROUTER_HANDOVER, 0) && set_number(socket, ZMQ_HEARTBEAT_IVL, HEARTBEAT_MS) &&
           set_number(socket, ZMQ_HEARTBEAT_TIMEOUT, HEARTBEAT_TIMEOUT_MS) &&
           set_number(socket, ZMQ_HANDSHAKE_IVL, HANDSHAKE_MS) && set_number(socket, ZMQ_TCP_KEEPALIVE, 1) &&
           set_number(socket, ZMQ_BACKLOG, BACKLOG) && set_number(socket, ZMQ_SNDHWM, ANSWERS_PER_PEER) &&
           set_number(socket, ZMQ_RCVHWM, ASKS_PER_PEER);
}

// The keeper first: a door without one lets nobody in.
static bool
open_sockets(const char *listen)
{
    static const char *const STREAM[] = {"reporting"};
    char endpoint[160];
    int size = snprintf(endpoint, sizeof endpoint, "tcp://%s", listen);
    if (size < 0 || (size_t)size >= sizeof endpoint || zmq_ctx_set(bus_context(), ZMQ_IO_THREADS, IO_THREADS) != 0)
        return false;
    feed.keeper = zmq_socket(bus_context(), ZMQ_REP);
    feed.door = zmq_socket(bus_context(), ZMQ_ROUTER);
    feed.subscriber = bus_subscriber_new(&feed.settings, STREAM, 1);
    return feed.keeper != NULL && feed.door != NULL && feed.subscriber != NULL &&
           set_number(feed.keeper, ZMQ_LINGER, 0) && zmq_bind(feed.keeper, BUS_ZAP_ENDPOINT) == 0 &&
           set_security(feed.door) && set_limits(feed.door) && zmq_bind(feed.door, endpoint) == 0;
}

// A connection is a descriptor; the usual 1,024 of a process are for services without subscribers.
static void
raise_descriptors(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= DESCRIPTORS)
        return;
    limit.rlim_cur = limit.rlim_max < DESCRIPTORS ? limit.rlim_max : DESCRIPTORS;
    (void)setrlimit(RLIMIT_NOFILE, &limit);
}

enum status
feed_open(const struct config *config)
{
    const char *listen = config_text(config, "feed_listen");
    if (*listen == '\0')
        return STATUS_OK;
    raise_descriptors();
    feed.is_open = true;
    buffer_init(&feed.out, FEED_BATCH_LIMIT_BYTES);
    enum status status = bus_settings_fill(&feed.settings, "reporting", config_text(config, "keys_folder"),
                                           config_text(config, "brokers"));
    if (status == STATUS_OK && feed_asks_open(&feed.asks) && open_sockets(listen)) {
        log_write(LOG_INFO, "the feed's door is open", "address", listen, NULL);
        return STATUS_OK;
    }
    log_write(LOG_ERROR, "feed_listen is not address:port, or taken", "value", listen, NULL);
    feed_close();
    return status != STATUS_OK ? status : STATUS_BUSY;
}

void
feed_close(void)
{
    if (!feed.is_open)
        return;
    if (feed.door != NULL)
        zmq_close(feed.door);
    if (feed.keeper != NULL)
        zmq_close(feed.keeper);
    bus_subscriber_free(&feed.subscriber);
    feed_asks_close(&feed.asks);
    feed_keys_free(&feed.keys);
    feed_ring_reset(&feed.ring, 0);
    buffer_done(&feed.out);
    feed = (struct feed){0};
}

// A key may be newer than what was heard of it, and whoever is refused once never comes back with that socket.
static bool
is_admitted(const struct zap_question *question, struct call *call)
{
    if (!question->is_curve || strcmp(question->domain, FEED_DOMAIN) != 0)
        return false;
    if (feed_keys_find(&feed.keys, question->key) != NULL)
        return true;
    bool holds = false;
    if (store_feed_key_holds(call, question->key, &holds) != STATUS_OK || !holds ||
        feed_keys_load(&feed.keys, call) != STATUS_OK)
        return false;
    feed_dismiss(&feed);
    return feed_keys_find(&feed.keys, question->key) != NULL;
}

static void
admit(struct call *call)
{
    for (int i = 0; i < HANDSHAKES_A_TURN; i++) {
        struct zap_question question;
        if (bus_zap_receive(feed.keeper, ZMQ_DONTWAIT, &question) != STATUS_OK)
            return;
        bool is_in = is_admitted(&question, call);
        if (!is_in)
            log_write(LOG_WARNING, "feed key refused", "key", question.key, NULL);
        if (bus_zap_answer(feed.keeper, &question, is_in) != STATUS_OK)
            log_write(LOG_ERROR, "the feed's keeper of keys cannot answer", NULL);
    }
}

static void
wait_for_input(void)
{
    struct pollfd fds[BUS_SUBSCRIBER_DESCRIPTORS];
    zmq_pollitem_t items[2 + BUS_SUBSCRIBER_DESCRIPTORS] = {{.socket = feed.keeper, .events = ZMQ_POLLIN},
                                                            {.socket = feed.door, .events = ZMQ_POLLIN}};
    size_t count = bus_subscriber_descriptors(feed.subscriber, fds);
    for (size_t i = 0; i < count; i++)
        items[2 + i] = (zmq_pollitem_t){.fd = fds[i].fd, .events = ZMQ_POLLIN};
    int64_t wait_ms = TURN_MS;
    if (feed.has_news)
        wait_ms = feed.next_telling_ms - clock_monotonic_ms();
    if (feed.is_behind && feed.pages_left == 0)
        wait_ms = 0;
    bus_poll(items, 2 + count, wait_ms < 0 ? 0 : wait_ms > TURN_MS ? TURN_MS : (long)wait_ms);
}

static void
write_down_who_was_here(struct call *call)
{
    int64_t now_ms = clock_monotonic_ms();
    if (now_ms < feed.next_writing_ms)
        return;
    feed.next_writing_ms = now_ms + WRITING_MS;
    if (feed_keys_write_down(&feed.keys, call) != STATUS_OK)
        log_write(LOG_WARNING, "who reads the feed cannot be written down", NULL);
}

enum status
job_serve_feed(struct call *call, bool *ret_again)
{
    *ret_again = feed.is_open;
    if (!feed.is_open)
        return STATUS_OK;
    wait_for_input();
    feed_hear(&feed, call);
    feed_catch_up(&feed, call);
    // As long as it is not known whose keys hold, nobody is told anything.
    if (!feed.is_ring_filled || !feed.keys.is_loaded || feed.keys_have_changed)
        return STATUS_OK;
    admit(call);
    feed_take_asks(&feed, call);
    feed_tell(&feed);
    feed_expire(&feed);
    write_down_who_was_here(call);
    return STATUS_OK;
}

const char *
feed_server_key(void)
{
    return feed.is_open ? feed.settings.keys.public_key : "";
}

const char *const *
feed_addresses(struct call *call, size_t *ret_count)
{
    const char **addresses = arena_take(call->arena, ADDRESSES_MAX * sizeof *addresses);
    const char *text = config_text(call->config, "feed_address");
    *ret_count = 0;
    if (addresses == NULL || !feed.is_open)
        return addresses;
    if (*text == '\0') {
        addresses[0] = arena_format(call->arena, "tcp://%s", config_text(call->config, "feed_listen"));
        *ret_count = addresses[0] != NULL;
        return addresses[0] != NULL ? addresses : NULL;
    }
    while (*ret_count < ADDRESSES_MAX && *(text += strspn(text, ", ")) != '\0') {
        size_t size = strcspn(text, ", ");
        addresses[*ret_count] = arena_copy_bytes(call->arena, text, size);
        if (addresses[*ret_count] == NULL)
            return NULL;
        ++*ret_count;
        text += size;
    }
    return addresses;
}
