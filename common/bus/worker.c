// One worker: READY, requests within credit, replies, heartbeats, draining.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "connection.h"
#include "vekha/base/time.h"
#include "vekha/bus/header.h"
#include "vekha/bus/worker.h"

enum {
    MAX_LANE_CHARS = 63,
    MAX_CREDIT = 1024,
    TICK_MS = 100,
    BYE_MS = 300, // for the last replies to leave
    DEFAULT_BUDGET_MS = 5000,
};

// A request in hand; from the list of free ones and back.
struct hand {
    struct hand *next_free;
    bool is_unanswered;
    zmq_msg_t body;
    const Bus__Header *header;
    struct bus_header_memory memory;
    size_t broker;
    uint32_t version; // of the connection it came by
};

struct broker_link {
    struct connection connection;
    bool is_drained; // the broker has said that nothing more comes
    bool is_parted;  // the broker has answered our BYE
};

struct bus_worker {
    const struct bus_settings *settings;
    char lane[MAX_LANE_CHARS + 1];
    unsigned credit;
    uint32_t silence_ms; // how long it may be busy without a word
    struct broker_link links[BUS_MAX_BROKERS];
    size_t link_count, next_link;
    struct hand *hands, *free_hands;
    size_t hand_count, used_hands; // hands beyond used_hands were never touched
    unsigned unanswered;
    bool is_draining;
    int64_t next_tick_ms;
};

struct bus_worker *
bus_worker_new(const struct bus_settings *settings, const char *lane, unsigned credit)
{
    if (credit == 0 || credit > MAX_CREDIT || strlen(lane) > MAX_LANE_CHARS)
        return NULL;
    struct bus_worker *worker = calloc(1, sizeof *worker);
    if (worker == NULL)
        return NULL;
    worker->settings = settings;
    worker->credit = credit;
    worker->silence_ms = BUS_SILENCE_MS;
    snprintf(worker->lane, sizeof worker->lane, "%s", lane);
    // Twice the credit: a broker that was restarted grants it anew while old requests are still in hand.
    worker->hand_count = 2 * (size_t)credit * settings->broker_count;
    worker->hands = malloc(worker->hand_count * sizeof *worker->hands);
    if (worker->hands == NULL) {
        free(worker);
        return NULL;
    }
    worker->link_count = settings->broker_count;
    int64_t now_ms = clock_monotonic_ms();
    for (size_t i = 0; i < worker->link_count; i++)
        connection_open(&worker->links[i].connection, settings, ZMQ_DEALER, settings->brokers[i].requests, NULL,
                        now_ms);
    return worker;
}

void
bus_worker_allow_silence(struct bus_worker *worker, uint32_t silence_ms)
{
    worker->silence_ms = silence_ms;
}

static struct hand *
take_hand(struct bus_worker *worker)
{
    struct hand *hand = worker->free_hands;
    if (hand != NULL) {
        worker->free_hands = hand->next_free;
        return hand;
    }
    if (worker->used_hands == worker->hand_count)
        return NULL;
    hand = &worker->hands[worker->used_hands++];
    hand->is_unanswered = false;
    return hand;
}

static void
give_hand(struct bus_worker *worker, struct hand *hand)
{
    hand->next_free = worker->free_hands;
    worker->free_hands = hand;
}

struct told_positions {
    Bus__StreamPosition positions[BUS_STREAMS_MAX];
    Bus__StreamPosition *list[BUS_STREAMS_MAX];
};

// told: lives until the header is sent.
static void
tell_presence(const struct bus_presence *presence, struct told_positions *told, Bus__Header *header)
{
    if (presence == NULL)
        return;
    header->process = presence->process;
    header->head = atomic_load_explicit(&presence->head, memory_order_relaxed);
    header->positions = told->list;
    for (size_t i = 0; i < BUS_STREAMS_MAX; i++) {
        const char *stream = atomic_load_explicit(&presence->positions[i].stream, memory_order_acquire);
        if (stream == NULL)
            continue;
        Bus__StreamPosition *position = told->list[header->n_positions++] = &told->positions[i];
        bus__stream_position__init(position);
        position->stream = stream;
        position->applied = atomic_load_explicit(&presence->positions[i].applied, memory_order_relaxed);
    }
}

static void
send_ready(struct bus_worker *worker, struct broker_link *link)
{
    link->is_drained = false;
    if (worker->is_draining)
        return;
    Bus__Header header = BUS__HEADER__INIT;
    header.act = BUS__ACT__ACT_READY;
    header.lane = worker->lane;
    header.credit = worker->credit;
    header.budget_ms = worker->silence_ms;
    struct told_positions told;
    tell_presence(worker->settings->presence, &told, &header);
    connection_send_header(&link->connection, &header);
}

static void
apply_change(struct bus_worker *worker, struct broker_link *link, enum connection_change change)
{
    if (change == CONNECTION_UP)
        send_ready(worker, link);
    else if (change == CONNECTION_LOST)
        link->is_drained = false;
}

static void
send_heartbeat(struct bus_worker *worker, struct connection *connection, int64_t now_ms)
{
    if (!connection->is_up || now_ms < connection->next_heartbeat_ms)
        return;
    connection->next_heartbeat_ms = now_ms + BUS_HEARTBEAT_MS;
    Bus__Header header = BUS__HEADER__INIT;
    header.act = worker->is_draining ? BUS__ACT__ACT_DRAIN : BUS__ACT__ACT_HEARTBEAT;
    header.lane = worker->lane;
    struct told_positions told;
    tell_presence(worker->settings->presence, &told, &header);
    connection_send_header(connection, &header);
}

void
bus_worker_alive(struct bus_worker *worker)
{
    int64_t now_ms = clock_monotonic_ms();
    for (size_t i = 0; i < worker->link_count; i++)
        send_heartbeat(worker, &worker->links[i].connection, now_ms);
}

static void
tick(struct bus_worker *worker, int64_t now_ms)
{
    if (now_ms < worker->next_tick_ms)
        return;
    worker->next_tick_ms = now_ms + TICK_MS;
    for (size_t i = 0; i < worker->link_count; i++) {
        struct broker_link *link = &worker->links[i];
        apply_change(worker, link, connection_watch(&link->connection, now_ms));
        apply_change(worker, link, connection_tick(&link->connection, now_ms, false));
        send_heartbeat(worker, &link->connection, now_ms);
    }
}

// What a broker says that is no request.
static void
obey(struct bus_worker *worker, struct broker_link *link, const Bus__Header *header)
{
    if (header->act == BUS__ACT__ACT_DRAIN)
        link->is_drained = worker->is_draining;
    else if (header->act == BUS__ACT__ACT_BYE)
        link->is_parted = true;
    else if (header->act == BUS__ACT__ACT_HEARTBEAT && header->status == STATUS_UNIMPLEMENTED)
        send_ready(worker, link);
}

static void
reply_to(struct bus_worker *worker, struct hand *hand, enum status status, const void *body, size_t body_size)
{
    struct connection *connection = &worker->links[hand->broker].connection;
    if (connection->socket == NULL || connection->version != hand->version)
        return;
    if (body_size > BUS_MAX_BODY_BYTES) {
        status = STATUS_TOO_LARGE;
        body_size = 0;
    }
    Bus__Header header = BUS__HEADER__INIT;
    header.protocol = BUS_PROTOCOL;
    header.act = BUS__ACT__ACT_REPLY;
    header.ticket = hand->header->ticket;
    header.status = status;
    zmq_msg_t frames[2];
    if (zmq_msg_init_size(&frames[1], body_size) != 0) {
        // What was done is done: the caller asks again and gets what was remembered.
        header.status = STATUS_UNKNOWN_OUTCOME;
        body_size = 0;
        zmq_msg_init(&frames[1]);
    }
    if (body_size > 0)
        memcpy(zmq_msg_data(&frames[1]), body, body_size);
    if (bus_header_pack(&header, &frames[0]) != STATUS_OK) {
        zmq_msg_close(&frames[1]);
        return;
    }
    // A reply that finds no room is lost with its broker: silence makes the connection anew, the caller asks again.
    enum status sent = connection_send(connection, frames);
    (void)sent;
}

void
bus_worker_reply(struct bus_worker *worker, struct bus_request *request, enum status status, const void *body,
                 size_t body_size)
{
    struct hand *hand = request->internal[0];
    if (hand == NULL)
        return;
    reply_to(worker, hand, status, body, body_size);
    zmq_msg_close(&hand->body);
    hand->is_unanswered = false;
    give_hand(worker, hand);
    worker->unanswered--;
    *request = (struct bus_request){0};
}

static void
fill_request(struct bus_request *request, struct hand *hand, int64_t now_ms)
{
    uint32_t budget_ms = hand->header->budget_ms;
    *request = (struct bus_request){
        .header = hand->header,
        .body = zmq_msg_data(&hand->body),
        .body_size = zmq_msg_size(&hand->body),
        .deadline_ms = now_ms + budget_ms,
        .internal = {hand},
    };
}

// True when a request was taken into *request; *ret_empty: nothing more waits at this broker.
static bool
take_one(struct bus_worker *worker, size_t broker, struct bus_request *request, int64_t now_ms, bool *ret_empty)
{
    struct broker_link *link = &worker->links[broker];
    struct hand *hand = link->connection.socket != NULL ? take_hand(worker) : NULL;
    *ret_empty = hand == NULL;
    if (hand == NULL)
        return false;
    zmq_msg_t frames[2];
    enum status status = connection_receive(&link->connection, frames);
    if (status != STATUS_OK) {
        *ret_empty = status != STATUS_MALFORMED;
        give_hand(worker, hand);
        return false;
    }
    connection_heard(&link->connection, now_ms);
    const Bus__Header *header = bus_header_unpack(zmq_msg_data(&frames[0]), zmq_msg_size(&frames[0]), &hand->memory);
    zmq_msg_close(&frames[0]);
    if (header == NULL || header->act != BUS__ACT__ACT_REQUEST) {
        if (header != NULL)
            obey(worker, link, header);
        zmq_msg_close(&frames[1]);
        give_hand(worker, hand);
        return false;
    }
    zmq_msg_init(&hand->body);
    zmq_msg_move(&hand->body, &frames[1]);
    hand->is_unanswered = true;
    hand->header = header;
    hand->broker = broker;
    hand->version = link->connection.version;
    worker->unanswered++;
    fill_request(request, hand, now_ms);
    if (header->budget_ms > 0)
        return true;
    bus_worker_reply(worker, request, STATUS_TIMEOUT, NULL, 0);
    return false;
}

static size_t
take_waiting(struct bus_worker *worker, struct bus_request *requests, size_t max, int64_t now_ms)
{
    size_t count = 0;
    for (size_t visited = 0; visited < worker->link_count && count < max; visited++) {
        size_t broker = (worker->next_link + visited) % worker->link_count;
        bool is_empty = false;
        while (!is_empty && count < max)
            if (take_one(worker, broker, &requests[count], now_ms, &is_empty))
                count++;
    }
    worker->next_link = worker->next_link + 1 < worker->link_count ? worker->next_link + 1 : 0;
    return count;
}

// Only after take_waiting() has found every socket empty.
static void
wait_for_input(struct bus_worker *worker, int64_t until_ms, int64_t now_ms)
{
    struct pollfd fds[2 * BUS_MAX_BROKERS];
    size_t count = 0;
    for (size_t i = 0; i < worker->link_count; i++)
        count += connection_descriptors(&worker->links[i].connection, fds + count);
    int64_t wake_ms = worker->next_tick_ms < until_ms ? worker->next_tick_ms : until_ms;
    poll(fds, count, wake_ms > now_ms ? (int)(wake_ms - now_ms) : 0);
    for (size_t i = 1; i < count; i += 2)
        if (fds[i].revents != 0)
            worker->next_tick_ms = 0;
}

size_t
bus_worker_receive(struct bus_worker *worker, int timeout_ms, struct bus_request *requests, size_t max)
{
    int64_t now_ms = clock_monotonic_ms();
    int64_t until_ms = now_ms + (timeout_ms > 0 ? timeout_ms : 0);
    for (;;) {
        connection_look(&worker->links[0].connection, worker->link_count, sizeof worker->links[0]);
        tick(worker, now_ms);
        size_t count = take_waiting(worker, requests, max, now_ms);
        if (count > 0 || now_ms >= until_ms)
            return count;
        wait_for_input(worker, until_ms, now_ms);
        now_ms = clock_monotonic_ms();
    }
}

void
bus_worker_drain(struct bus_worker *worker)
{
    if (worker->is_draining)
        return;
    worker->is_draining = true;
    for (size_t i = 0; i < worker->link_count; i++)
        connection_send_act(&worker->links[i].connection, BUS__ACT__ACT_DRAIN, worker->lane);
}

bool
bus_worker_is_drained(const struct bus_worker *worker)
{
    for (size_t i = 0; i < worker->link_count; i++)
        if (worker->links[i].connection.is_up && !worker->links[i].is_drained)
            return false;
    return worker->is_draining && worker->unanswered == 0;
}

bool
bus_worker_is_ready(const struct bus_worker *worker)
{
    for (size_t i = 0; i < worker->link_count; i++)
        if (worker->links[i].connection.answers)
            return true;
    return false;
}

// The answer to BYE comes after everything before it was read: then nothing of ours is under way any more.
static void
part(struct bus_worker *worker)
{
    worker->is_draining = true;
    size_t waiting = 0;
    for (size_t i = 0; i < worker->link_count; i++)
        waiting += connection_send_act(&worker->links[i].connection, BUS__ACT__ACT_BYE, worker->lane);
    int64_t now_ms = clock_monotonic_ms();
    int64_t until_ms = now_ms + BYE_MS;
    while (waiting > 0 && now_ms < until_ms) {
        struct bus_request request;
        connection_look(&worker->links[0].connection, worker->link_count, sizeof worker->links[0]);
        if (take_waiting(worker, &request, 1, now_ms) > 0)
            bus_worker_reply(worker, &request, STATUS_BUSY, NULL, 0);
        waiting = 0;
        for (size_t i = 0; i < worker->link_count; i++)
            waiting += worker->links[i].connection.is_up && !worker->links[i].is_parted;
        if (waiting > 0)
            wait_for_input(worker, now_ms + 10, now_ms);
        now_ms = clock_monotonic_ms();
    }
}

void
bus_worker_free(struct bus_worker **worker_in_out)
{
    struct bus_worker *worker = *worker_in_out;
    if (worker == NULL)
        return;
    part(worker);
    for (size_t i = 0; i < worker->link_count; i++)
        connection_close(&worker->links[i].connection, BYE_MS);
    for (size_t i = 0; i < worker->used_hands; i++)
        if (worker->hands[i].is_unanswered)
            zmq_msg_close(&worker->hands[i].body);
    free(worker->hands);
    free(worker);
    *worker_in_out = NULL;
}
