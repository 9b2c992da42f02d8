// Events: from XSUB to XPUB. Slow subscribers lose messages here, never memory; numbers show them the gap.
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <zmq.h>

#include "acl.h"
#include "certificates.h"
#include "events_proxy.h"
#include "vekha/base/crash_point.h"
#include "vekha/base/log.h"
#include "vekha/base/time.h"
#include "vekha/bus/header.h"

enum { FRAME_TOPIC, FRAME_BATCH, FRAME_COUNT, MESSAGES_AT_ONCE = 256, POLL_MS = 1000 };

struct events_proxy {
    void *in, *out;
    int stop_fd;
    pthread_t thread;
    struct metrics *metrics;
    struct certificates certificates;
    int64_t next_refusal_log_ms;
};

static bool
is_permitted(struct events_proxy *proxy, zmq_msg_t *frames)
{
    uint16_t number = certificates_find(&proxy->certificates, zmq_msg_gets(&frames[FRAME_BATCH], "User-Id"));
    const char *name = certificates_name(&proxy->certificates, number);
    if (acl_may_publish(name, zmq_msg_data(&frames[FRAME_TOPIC]), zmq_msg_size(&frames[FRAME_TOPIC])))
        return true;
    metrics_add(&proxy->metrics->events_refused, 1);
    int64_t now_ms = clock_monotonic_ms();
    if (now_ms >= proxy->next_refusal_log_ms)
        log_write(LOG_WARNING, "refused", "what", "publish another's topic", "caller", name, NULL);
    if (now_ms >= proxy->next_refusal_log_ms)
        proxy->next_refusal_log_ms = now_ms + POLL_MS;
    return false;
}

static void
forward(struct events_proxy *proxy)
{
    for (int i = 0; i < MESSAGES_AT_ONCE; i++) {
        zmq_msg_t frames[FRAME_COUNT];
        enum status status = bus_receive_frames(proxy->in, frames, FRAME_COUNT);
        if (status == STATUS_MALFORMED) {
            metrics_add(&proxy->metrics->malformed, 1);
            continue;
        }
        if (status != STATUS_OK)
            return;
        crash_point("broker:before_event");
        if (!is_permitted(proxy, frames)) {
            zmq_msg_close(&frames[FRAME_TOPIC]);
            zmq_msg_close(&frames[FRAME_BATCH]);
        } else if (bus_send_frames(proxy->out, frames, FRAME_COUNT) == STATUS_OK) {
            metrics_add(&proxy->metrics->events_forwarded, 1);
        }
    }
}

// Subscriptions come as messages; XPUB has already applied them.
static void
drop_subscriptions(struct events_proxy *proxy)
{
    char ignored[256];
    while (zmq_recv(proxy->out, ignored, sizeof ignored, ZMQ_DONTWAIT) >= 0) {
    }
}

static void *
run(void *argument)
{
    struct events_proxy *proxy = argument;
    for (;;) {
        zmq_pollitem_t items[] = {{.socket = proxy->in, .events = ZMQ_POLLIN},
                                  {.socket = proxy->out, .events = ZMQ_POLLIN},
                                  {.fd = proxy->stop_fd, .events = ZMQ_POLLIN}};
        bus_poll(items, 3, POLL_MS);
        if (items[2].revents != 0)
            return NULL;
        certificates_refresh(&proxy->certificates, clock_monotonic_ms());
        drop_subscriptions(proxy);
        forward(proxy);
    }
}

static void
close_sockets(struct events_proxy *proxy)
{
    if (proxy->in != NULL)
        zmq_close(proxy->in);
    if (proxy->out != NULL)
        zmq_close(proxy->out);
}

enum status
events_proxy_start(const char *keys_folder, const struct curve_key_pair *keys, const struct listen_address *address,
                   int stop_fd, struct metrics *metrics, struct events_proxy **ret_proxy)
{
    struct events_proxy *proxy = calloc(1, sizeof *proxy);
    if (proxy == NULL)
        return STATUS_BUSY;
    proxy->stop_fd = stop_fd;
    proxy->metrics = metrics;
    enum status status = certificates_load(&proxy->certificates, keys_folder);
    if (status == STATUS_OK) {
        proxy->in = server_socket_new(ZMQ_XSUB, keys, address, 1);
        proxy->out = server_socket_new(ZMQ_XPUB, keys, address, 2);
        status = STATUS_BUSY;
    }
    // To everything: publishers then need not learn who listens before they are heard.
    static const char SUBSCRIBE_ALL[] = {1};
    if (proxy->in != NULL && proxy->out != NULL && zmq_send(proxy->in, SUBSCRIBE_ALL, 1, 0) == 1 &&
        pthread_create(&proxy->thread, NULL, run, proxy) == 0) {
        *ret_proxy = proxy;
        return STATUS_OK;
    }
    int problem = errno;
    close_sockets(proxy);
    free(proxy);
    errno = problem;
    return status;
}

void
events_proxy_join(struct events_proxy **proxy_in_out)
{
    struct events_proxy *proxy = *proxy_in_out;
    if (proxy == NULL)
        return;
    pthread_join(proxy->thread, NULL);
    close_sockets(proxy);
    free(proxy);
    *proxy_in_out = NULL;
}
