// Batches of questions, each to one service.
#include "tag_checks.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "exchange.h"
#include "vekha/base/time.h"

enum {
    UNDER_WAY_MAX = 2, // then the next ones gather
    PATIENCE_MS = 100, // but not for one that takes longer: its worker may stand still
};

struct tag_batch {
    struct tag_batch *next;
    struct gateway *gateway;
    int64_t sent_ms;
    size_t count;
    struct exchange *members[CONTRACT_TAGS_MAX]; // NULL: gone meanwhile
};

void
tag_checks_add(struct exchange *exchange, void (*on_checked)(struct exchange *, enum status))
{
    struct tag_checks *checks = &exchange->gateway->tag_checks;
    exchange->check = (struct tag_check){.is_open = true, .on_checked = on_checked, .previous = checks->last};
    *(checks->last != NULL ? &checks->last->check.next : &checks->first) = exchange;
    checks->last = exchange;
}

static void
take_out(struct tag_checks *checks, struct exchange *exchange)
{
    const struct tag_check *check = &exchange->check;
    *(check->previous != NULL ? &check->previous->check.next : &checks->first) = check->next;
    *(check->next != NULL ? &check->next->check.previous : &checks->last) = check->previous;
}

void
tag_checks_forget(struct exchange *exchange)
{
    const struct tag_check *check = &exchange->check;
    if (!check->is_open)
        return;
    if (check->batch != NULL)
        check->batch->members[check->place] = NULL;
    else
        take_out(&exchange->gateway->tag_checks, exchange);
    exchange->check = (struct tag_check){0};
}

static void
drop_batch(struct tag_batch *batch)
{
    struct tag_batch **place = &batch->gateway->tag_checks.under_way;
    while (*place != batch)
        place = &(*place)->next;
    *place = batch->next;
    free(batch);
}

static void
tell(struct exchange *exchange, enum status status)
{
    void (*on_checked)(struct exchange *, enum status) = exchange->check.on_checked;
    exchange->check = (struct tag_check){0};
    on_checked(exchange, status);
    if (exchange->bus_handle == 0)
        exchange_wake(exchange);
}

static void
on_reply(void *context, enum status status, const uint8_t *body, size_t size)
{
    struct tag_batch *batch = context;
    struct gateway *gateway = batch->gateway;
    uint8_t holds[CONTRACT_TAGS_MAX] = {0};
    if (status == STATUS_OK) {
        ProtobufCAllocator allocator = message_allocator(&gateway->memory);
        const Bus__CheckTagsReply *reply =
            bus__check_tags_reply__unpack(&allocator, size, size == 0 ? (const uint8_t *)"" : body);
        if (reply != NULL && reply->holds.len == batch->count)
            memcpy(holds, reply->holds.data, batch->count);
        else
            status = reply == NULL ? STATUS_BUSY : STATUS_INTERNAL;
        arena_reset(&gateway->memory);
    }
    for (size_t i = 0; i < batch->count; i++)
        if (batch->members[i] != NULL)
            tell(batch->members[i], status != STATUS_OK ? status : holds[i] ? STATUS_OK : STATUS_STALE);
    drop_batch(batch);
}

// Those of the first one's service, as many as one question may hold.
static void
gather(struct gateway *gateway, struct tag_batch *batch)
{
    const char *service = gateway->tag_checks.first->kept->method->service;
    struct exchange *next;
    for (struct exchange *each = gateway->tag_checks.first; each != NULL && batch->count < CONTRACT_TAGS_MAX;
         each = next) {
        next = each->check.next;
        if (strcmp(each->kept->method->service, service) != 0)
            continue;
        take_out(&gateway->tag_checks, each);
        each->check.batch = batch;
        each->check.place = batch->count;
        batch->members[batch->count++] = each;
    }
}

// NULL without memory. In gateway->memory.
static const uint8_t *
pack(struct gateway *gateway, const struct tag_batch *batch, size_t *ret_size)
{
    Bus__TagQuestion questions[CONTRACT_TAGS_MAX], *list[CONTRACT_TAGS_MAX];
    Bus__CheckTagsRequest request = BUS__CHECK_TAGS_REQUEST__INIT;
    for (size_t i = 0; i < batch->count; i++) {
        const struct exchange *exchange = batch->members[i];
        const struct kept_answer *kept = exchange->kept;
        bus__tag_question__init(&questions[i]);
        questions[i].method = kept->method->name;
        questions[i].principal =
            (ProtobufCBinaryData){exchange->caller.sealed_size, (uint8_t *)(uintptr_t)exchange->caller.sealed};
        questions[i].request = (ProtobufCBinaryData){kept->request_size, (uint8_t *)(uintptr_t)kept->request};
        questions[i].tag = kept->tag;
        list[i] = &questions[i];
    }
    request.n_questions = batch->count;
    request.questions = list;
    uint8_t *packed = arena_take(&gateway->memory, bus__check_tags_request__get_packed_size(&request) + 1);
    if (packed != NULL)
        *ret_size = bus__check_tags_request__pack(&request, packed);
    return packed;
}

static void
send_batch(struct gateway *gateway, struct tag_batch *batch)
{
    const struct kept_answer *kept = batch->members[0]->kept;
    char name[80];
    snprintf(name, sizeof name, "%s.CheckTags", kept->method->service);
    size_t size = 0;
    const uint8_t *packed = pack(gateway, batch, &size);
    struct bus_call call = {
        .lane = kept->method->lane,
        .method = name,
        .body = packed,
        .body_size = size,
        .budget_ms = kept->method->timeout_ms,
        .trace_id = batch->members[0]->trace,
    };
    if (packed == NULL)
        on_reply(batch, STATUS_BUSY, NULL, 0);
    else
        (void)bus_client_call(gateway->client, &call, on_reply, batch);
    arena_reset(&gateway->memory);
}

static bool
may_send(const struct gateway *gateway, int64_t now_ms)
{
    unsigned young = 0;
    for (const struct tag_batch *batch = gateway->tag_checks.under_way; batch != NULL; batch = batch->next)
        young += now_ms - batch->sent_ms < PATIENCE_MS;
    return young < UNDER_WAY_MAX;
}

void
tag_checks_send(struct gateway *gateway)
{
    if (gateway->tag_checks.first == NULL)
        return;
    int64_t now_ms = clock_monotonic_ms();
    while (gateway->tag_checks.first != NULL && may_send(gateway, now_ms)) {
        struct tag_batch *batch = calloc(1, sizeof *batch);
        if (batch == NULL) {
            struct exchange *first = gateway->tag_checks.first;
            take_out(&gateway->tag_checks, first);
            tell(first, STATUS_BUSY);
            continue;
        }
        batch->gateway = gateway;
        batch->sent_ms = now_ms;
        batch->next = gateway->tag_checks.under_way;
        gateway->tag_checks.under_way = batch;
        gather(gateway, batch);
        send_batch(gateway, batch);
    }
}

long
tag_checks_wait_ms(const struct gateway *gateway)
{
    return gateway->tag_checks.first == NULL ? -1 : PATIENCE_MS;
}

void
tag_checks_close(struct gateway *gateway)
{
    struct tag_batch *next;
    for (struct tag_batch *batch = gateway->tag_checks.under_way; batch != NULL; batch = next) {
        next = batch->next;
        free(batch);
    }
    gateway->tag_checks.under_way = NULL;
}
