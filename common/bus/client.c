// Asks services: chooses a broker, notices when one dies, sends again while there is time.
#include <stdlib.h>
#include <string.h>

#include "connection.h"
#include "outstanding.h"
#include "vekha/base/arena.h"
#include "vekha/base/time.h"
#include "vekha/bus/client.h"
#include "vekha/bus/header.h"

enum {
    TICK_MS = 20,
    IDLE_TICK_MS = 250,
    MAX_REPLIES_AT_ONCE = 512,
    RETRY_WITHOUT_BROKER_MS = 20,
    KEY_BYTES = 16,
};

struct bus_client {
    const struct bus_settings *settings;
    struct connection connections[BUS_MAX_BROKERS];
    size_t connection_count, next_broker;
    struct outstanding outstanding;
    int64_t next_tick_ms, watched_ms;
    bool has_sent; // since replies were read last
};

struct bus_client *
bus_client_new(const struct bus_settings *settings, unsigned max_outstanding)
{
    struct bus_client *client = calloc(1, sizeof *client);
    if (client == NULL)
        return NULL;
    if (!outstanding_init(&client->outstanding, max_outstanding)) {
        free(client);
        return NULL;
    }
    client->settings = settings;
    client->connection_count = settings->broker_count;
    int64_t now_ms = clock_monotonic_ms();
    for (size_t i = 0; i < client->connection_count; i++)
        connection_open(&client->connections[i], settings, ZMQ_DEALER, settings->brokers[i].requests, NULL, now_ms);
    return client;
}

void
bus_client_free(struct bus_client **client_in_out)
{
    struct bus_client *client = *client_in_out;
    if (client == NULL)
        return;
    for (size_t i = 0; i < client->connection_count; i++)
        connection_close(&client->connections[i], 0);
    outstanding_done(&client->outstanding);
    free(client);
    *client_in_out = NULL;
}

// Up and least loaded; not the one that has just failed, if there is another. NO_BROKER: none is up.
static size_t
choose_broker(const struct bus_client *client, const struct question *question)
{
    size_t best = NO_BROKER;
    for (size_t step = 0; step < client->connection_count; step++) {
        size_t i = (client->next_broker + step) % client->connection_count;
        if (!client->connections[i].is_up)
            continue;
        if (best == NO_BROKER || best == question->broker ||
            (i != question->broker && client->outstanding.sent_to[i] < client->outstanding.sent_to[best]))
            best = i;
    }
    return best;
}

static enum status
pack_for_sending(struct question *question, int64_t now_ms, zmq_msg_t frames[2])
{
    Bus__Header changes = BUS__HEADER__INIT;
    int64_t left_ms = question->deadline_ms - now_ms;
    changes.budget_ms = left_ms > 0 ? (uint32_t)left_ms : 1;
    changes.attempt = question->attempt + 1;
    enum status status = bus_header_amend(question->header, question->header_size, &changes, &frames[0]);
    if (status != STATUS_OK)
        return status;
    zmq_msg_init(&frames[1]);
    zmq_msg_copy(&frames[1], &question->body);
    return STATUS_OK;
}

static void
send_question(struct bus_client *client, struct question *question, int64_t now_ms)
{
    struct outstanding *outstanding = &client->outstanding;
    size_t broker = choose_broker(client, question);
    zmq_msg_t frames[2];
    if (broker == NO_BROKER || pack_for_sending(question, now_ms, frames) != STATUS_OK ||
        connection_send(&client->connections[broker], frames) != STATUS_OK) {
        question_wait(outstanding, question, now_ms + RETRY_WITHOUT_BROKER_MS, question->if_too_late);
        return;
    }
    client->has_sent = true;
    question->attempt++;
    question_sent(outstanding, question, broker);
    client->next_broker = (broker + 1) % client->connection_count;
}

static void
answer(struct bus_client *client, struct question *question, enum status status, const uint8_t *body, size_t size)
{
    bus_reply_function *on_reply = question->on_reply;
    void *context = question->context;
    // First: the callee may ask again and needs the room.
    outstanding_give_back(&client->outstanding, question);
    on_reply(context, status, body, size);
}

static enum status
copy_question(struct question *question, const struct bus_call *call)
{
    Bus__Header header = BUS__HEADER__INIT;
    header.protocol = BUS_PROTOCOL;
    header.act = BUS__ACT__ACT_REQUEST;
    header.message_id = question->id;
    header.lane = call->lane;
    header.method = call->method;
    if (call->idempotency_key != NULL)
        header.idempotency_key = (ProtobufCBinaryData){KEY_BYTES, (uint8_t *)(uintptr_t)call->idempotency_key};
    if (call->trace_id != NULL)
        header.trace_id = (ProtobufCBinaryData){KEY_BYTES, (uint8_t *)(uintptr_t)call->trace_id};
    if (call->principal != NULL)
        header.principal = (ProtobufCBinaryData){call->principal_size, (uint8_t *)(uintptr_t)call->principal};
    if (call->language != NULL)
        header.language = call->language;
    if (call->client_address != NULL)
        header.client_address = call->client_address;
    size_t size = bus__header__get_packed_size(&header);
    if (size > BUS_MAX_HEADER_BYTES || call->body_size > BUS_MAX_BODY_BYTES)
        return STATUS_TOO_LARGE;
    question->header = malloc(size);
    if (question->header == NULL || zmq_msg_init_size(&question->body, call->body_size) != 0)
        return STATUS_BUSY;
    question->header_size = bus__header__pack(&header, question->header);
    if (call->body_size > 0)
        memcpy(zmq_msg_data(&question->body), call->body, call->body_size);
    return STATUS_OK;
}

uint64_t
bus_client_call(struct bus_client *client, const struct bus_call *call, bus_reply_function *on_reply, void *context)
{
    int64_t now_ms = clock_monotonic_ms();
    struct question *question = outstanding_take(&client->outstanding);
    if (question == NULL) {
        on_reply(context, STATUS_BUSY, NULL, 0);
        return 0;
    }
    question->on_reply = on_reply;
    question->context = context;
    question->deadline_ms = now_ms + call->budget_ms;
    enum status status = copy_question(question, call);
    if (status != STATUS_OK) {
        answer(client, question, status, NULL, 0);
        return 0;
    }
    send_question(client, question, now_ms);
    if (client->next_tick_ms > now_ms + TICK_MS)
        client->next_tick_ms = now_ms + TICK_MS;
    return question->id;
}

void
bus_client_forget(struct bus_client *client, uint64_t handle)
{
    struct question *question = outstanding_find(&client->outstanding, handle);
    if (question != NULL)
        outstanding_give_back(&client->outstanding, question);
}

static void
take_reply(struct bus_client *client, size_t broker, const Bus__Header *header, zmq_msg_t *body, int64_t now_ms)
{
    struct question *question = outstanding_find(&client->outstanding, header->message_id);
    if (header->act != BUS__ACT__ACT_REPLY || question == NULL)
        return;
    // An answer to an earlier attempt is as good as one to the last, but a failure of it is no news.
    bool is_current = question->state == QUESTION_SENT && question->broker == broker;
    bool may_repeat = header->status == STATUS_UNKNOWN_OUTCOME || (header->status == STATUS_BUSY && header->unserved);
    if (may_repeat && !is_current)
        return;
    int64_t resend_ms = now_ms + question_pause_ms(question);
    if (may_repeat && resend_ms < question->deadline_ms) {
        question_wait(&client->outstanding, question, resend_ms, (enum status)header->status);
        return;
    }
    enum status status = header->status < STATUS_COUNT ? (enum status)header->status : STATUS_INTERNAL;
    answer(client, question, status, zmq_msg_data(body), zmq_msg_size(body));
}

static void
read_replies(struct bus_client *client, size_t broker, int64_t now_ms)
{
    struct connection *connection = &client->connections[broker];
    for (int i = 0; i < MAX_REPLIES_AT_ONCE && connection->socket != NULL; i++) {
        zmq_msg_t frames[2];
        enum status status = connection_receive(connection, frames);
        if (status == STATUS_MALFORMED)
            continue;
        if (status != STATUS_OK)
            return;
        connection_heard(connection, now_ms);
        struct bus_header_memory memory;
        const Bus__Header *header = bus_header_unpack(zmq_msg_data(&frames[0]), zmq_msg_size(&frames[0]), &memory);
        if (header != NULL)
            take_reply(client, broker, header, &frames[1], now_ms);
        zmq_msg_close(&frames[0]);
        zmq_msg_close(&frames[1]);
    }
}

// Nothing sent to this broker will be answered: ask elsewhere at once.
static void
resend_all_of(struct bus_client *client, size_t broker, int64_t now_ms)
{
    struct outstanding *outstanding = &client->outstanding;
    for (uint32_t i = 0; i < outstanding->used; i++) {
        struct question *question = &outstanding->questions[i];
        if (question->state != QUESTION_SENT || question->broker != broker)
            continue;
        question_wait(outstanding, question, now_ms, STATUS_UNKNOWN_OUTCOME);
        send_question(client, question, now_ms);
    }
}

static void
send_waiting(struct bus_client *client, int64_t now_ms)
{
    struct outstanding *outstanding = &client->outstanding;
    for (uint32_t i = 0; i < outstanding->used; i++) {
        struct question *question = &outstanding->questions[i];
        if (question->state == QUESTION_FREE)
            continue;
        if (now_ms >= question->deadline_ms)
            answer(client, question, question->state == QUESTION_SENT ? STATUS_TIMEOUT : question->if_too_late, NULL,
                   0);
        else if (question->state == QUESTION_WAITING && now_ms >= question->resend_ms)
            send_question(client, question, now_ms);
    }
}

static void
apply_change(struct bus_client *client, size_t broker, enum connection_change change, int64_t now_ms)
{
    if (change == CONNECTION_LOST)
        resend_all_of(client, broker, now_ms);
    else if (change == CONNECTION_UP)
        client->next_tick_ms = 0;
}

static void
tick(struct bus_client *client, int64_t now_ms)
{
    for (size_t i = 0; i < client->connection_count; i++) {
        struct connection *connection = &client->connections[i];
        apply_change(client, i, connection_tick(connection, now_ms, false), now_ms);
        if (connection->is_up && now_ms >= connection->next_heartbeat_ms) {
            connection->next_heartbeat_ms = now_ms + BUS_HEARTBEAT_MS;
            connection_send_act(connection, BUS__ACT__ACT_HEARTBEAT, "");
        }
    }
    send_waiting(client, now_ms);
    client->next_tick_ms = now_ms + (client->outstanding.count > 0 ? TICK_MS : IDLE_TICK_MS);
}

void
bus_client_process(struct bus_client *client)
{
    int64_t now_ms = clock_monotonic_ms();
    bool is_tick = now_ms >= client->next_tick_ms;
    connection_look(client->connections, client->connection_count, sizeof client->connections[0]);
    // Once per millisecond is soon enough, and cheap under load.
    for (size_t i = 0; i < client->connection_count && now_ms != client->watched_ms; i++)
        apply_change(client, i, connection_watch(&client->connections[i], now_ms), now_ms);
    client->watched_ms = now_ms;
    if (is_tick) {
        // First what is there: answers prove a broker alive.
        for (size_t i = 0; i < client->connection_count; i++)
            read_replies(client, i, now_ms);
        tick(client, now_ms);
    }
    client->has_sent = false;
    for (size_t i = 0; i < client->connection_count; i++)
        read_replies(client, i, now_ms);
}

size_t
bus_client_descriptors(const struct bus_client *client, struct pollfd fds[BUS_CLIENT_DESCRIPTORS])
{
    size_t count = 0;
    for (size_t i = 0; i < client->connection_count; i++)
        count += connection_descriptors(&client->connections[i], fds + count);
    return count;
}

long
bus_client_timeout_ms(const struct bus_client *client)
{
    int64_t now_ms = clock_monotonic_ms();
    if (client->has_sent)
        return 0;
    return client->next_tick_ms > now_ms ? (long)(client->next_tick_ms - now_ms) : 0;
}

unsigned
bus_client_outstanding(const struct bus_client *client)
{
    return client->outstanding.count;
}

int
bus_client_is_ready(const struct bus_client *client)
{
    for (size_t i = 0; i < client->connection_count; i++)
        if (client->connections[i].is_up && client->connections[i].answers)
            return 1;
    return 0;
}

struct asked {
    struct arena *arena;
    bool is_answered;
    enum status status;
    const uint8_t *body;
    size_t body_size;
};

static void
keep_answer(void *context, enum status status, const uint8_t *body, size_t body_size)
{
    struct asked *asked = context;
    asked->is_answered = true;
    asked->status = status;
    asked->body_size = body_size;
    asked->body = (const uint8_t *)arena_copy_bytes(asked->arena, body_size > 0 ? (const void *)body : "", body_size);
    if (asked->body == NULL) {
        asked->body_size = 0;
        asked->status = asked->arena->is_starved ? STATUS_BUSY : STATUS_TOO_LARGE;
    }
}

enum status
bus_client_ask(struct bus_client *client, const struct bus_call *call, struct arena *arena, const uint8_t **ret_body,
               size_t *ret_body_size)
{
    struct asked asked = {.arena = arena};
    bus_client_call(client, call, keep_answer, &asked);
    while (!asked.is_answered) {
        bus_client_process(client);
        struct pollfd fds[BUS_CLIENT_DESCRIPTORS];
        size_t count = bus_client_descriptors(client, fds);
        if (!asked.is_answered)
            poll(fds, count, (int)bus_client_timeout_ms(client));
    }
    *ret_body = asked.body;
    *ret_body_size = asked.body_size;
    return asked.status;
}
