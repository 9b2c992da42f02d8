// Looks after connections where the library does not: it never looks at a suspended one, and does not see the end of
// what a client sends when it comes together with the last bytes.
#include "peer.h"

#include <stddef.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "exchange.h"
#include "vekha/base/time.h"

enum {
    HANG_UPS_AT_ONCE = 64,
    LOOK_MS = 300, // so long the library gets to read what came before the end
};

static void
cut(const struct peer *peer)
{
    (void)shutdown(peer->socket, SHUT_RDWR);
}

static void
on_slow_head(struct timer *timer)
{
    cut((const struct peer *)(const void *)((const char *)timer - offsetof(struct peer, head)));
}

static void
look_again(struct peer *peer)
{
    (void)timer_set(&peer->gateway->timers, &peer->hang_up, clock_monotonic_ms() + LOOK_MS);
}

// Nothing more of it is to come: it waits for its answer, or has it already.
static bool
is_whole(const struct exchange *exchange)
{
    return exchange->is_finished || (exchange->http_code != 0 && exchange->response == NULL);
}

// The client sends no more. What is whole goes its way, which has an end; what is not never will be.
static void
on_hung_up(struct timer *timer)
{
    struct peer *peer = (struct peer *)(void *)((char *)timer - offsetof(struct peer, hang_up));
    struct exchange *exchange = peer->exchange;
    if (exchange != NULL && (is_whole(exchange) || exchange->bus_handle != 0)) {
        peer->was_idle = false;
        look_again(peer);
    } else if (!peer->was_idle || (exchange != NULL && exchange->body_bytes > peer->body_bytes)) {
        peer->was_idle = true;
        peer->body_bytes = exchange == NULL ? 0 : exchange->body_bytes;
        look_again(peer);
    } else if (exchange != NULL) {
        exchange_cut(exchange);
    } else {
        cut(peer);
    }
}

bool
peers_open(struct gateway *gateway)
{
    gateway->hang_ups_fd = epoll_create1(EPOLL_CLOEXEC);
    return gateway->hang_ups_fd >= 0;
}

void
peers_close(struct gateway *gateway)
{
    if (gateway->hang_ups_fd >= 0)
        close(gateway->hang_ups_fd);
    gateway->hang_ups_fd = -1;
}

struct peer *
peer_new(struct gateway *gateway, int socket, int64_t head_ms)
{
    struct peer *peer = calloc(1, sizeof *peer);
    if (peer == NULL)
        return NULL;
    *peer = (struct peer){.gateway = gateway, .socket = socket, .head.fire = on_slow_head, .hang_up.fire = on_hung_up};
    // Told once; what the client sends besides is the library's.
    struct epoll_event event = {.events = EPOLLRDHUP | EPOLLET, .data.ptr = peer};
    (void)epoll_ctl(gateway->hang_ups_fd, EPOLL_CTL_ADD, socket, &event);
    peer_await_head(peer, head_ms);
    return peer;
}

void
peer_free(struct peer *peer)
{
    if (peer == NULL)
        return;
    (void)epoll_ctl(peer->gateway->hang_ups_fd, EPOLL_CTL_DEL, peer->socket, NULL);
    timer_cancel(&peer->gateway->timers, &peer->head);
    timer_cancel(&peer->gateway->timers, &peer->hang_up);
    free(peer);
}

void
peer_head_is_there(struct peer *peer)
{
    peer->body_bytes = 0;
    peer->was_idle = false;
    timer_cancel(&peer->gateway->timers, &peer->head);
}

void
peer_await_head(struct peer *peer, int64_t head_ms)
{
    peer->exchange = NULL;
    (void)timer_set(&peer->gateway->timers, &peer->head, clock_monotonic_ms() + head_ms);
}

static void
take_hang_up(struct peer *peer, uint32_t events)
{
    struct exchange *exchange = peer->exchange;
    bool is_asked = exchange != NULL && exchange->is_finished;
    if (is_asked && exchange->carrier != NULL && exchange->carrier->hung_up != NULL)
        exchange->carrier->hung_up(exchange);
    else if (is_asked && (events & (EPOLLHUP | EPOLLERR)) != 0)
        exchange_cut(exchange); // nobody is left to read the answer
    else
        look_again(peer);
}

void
peers_take_hang_ups(struct gateway *gateway)
{
    struct epoll_event events[HANG_UPS_AT_ONCE];
    int count;
    do {
        count = epoll_wait(gateway->hang_ups_fd, events, HANG_UPS_AT_ONCE, 0);
        for (int i = 0; i < count; i++)
            take_hang_up(events[i].data.ptr, events[i].events);
    } while (count == HANG_UPS_AT_ONCE);
}
