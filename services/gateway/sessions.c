// Follows auth's stream for ended sessions.
#include "sessions.h"

#include <string.h>

#include "auth.pb-c.h"
#include "events.pb-c.h"
#include "gateway.h"
#include "vekha/base/log.h"
#include "vekha/base/time.h"

enum { RELOAD_MS = 500, REPLY_ARENA_BYTES = 8 * 1024 * 1024 };

static const char METHOD[] = "auth.ListRevokedSessions";

static void
reload_later(struct sessions *sessions)
{
    (void)timer_set(&sessions->gateway->timers, &sessions->timer, clock_monotonic_ms() + RELOAD_MS);
}

static bool
take_list(struct sessions *sessions, const uint8_t *body, size_t size)
{
    struct arena arena;
    arena_init(&arena, REPLY_ARENA_BYTES);
    ProtobufCAllocator allocator = message_allocator(&arena);
    static const uint8_t NOTHING[1];
    const Auth__ListRevokedSessionsReply *reply =
        auth__list_revoked_sessions_reply__unpack(&allocator, size, size == 0 ? NOTHING : body);
    bool is_whole = reply != NULL;
    int64_t now_ms = clock_now_ms();
    for (size_t i = 0; is_whole && i < reply->n_sessions; i++) {
        const Auth__RevokedSession *session = reply->sessions[i];
        is_whole = revoked_set_add(&sessions->revoked, session->session_id, session->expires_at_ms, now_ms);
        event_hub_end_session(&sessions->gateway->hub, session->session_id);
    }
    if (is_whole && reply->head > sessions->last_number)
        sessions->last_number = reply->head;
    arena_done(&arena);
    return is_whole;
}

static void
on_list(void *context, enum status status, const uint8_t *body, size_t size)
{
    struct sessions *sessions = context;
    sessions->bus_handle = 0;
    if (status != STATUS_OK || !take_list(sessions, body, size)) {
        reload_later(sessions);
        return;
    }
    if (!sessions->is_loaded)
        log_write(LOG_INFO, "ended sessions are known", NULL);
    sessions->is_loaded = true;
    if (sessions->must_reload)
        reload_later(sessions);
    sessions->must_reload = false;
}

static void
load(struct timer *timer)
{
    struct sessions *sessions = (struct sessions *)(void *)((char *)timer - offsetof(struct sessions, timer));
    const struct contract_method *method = contract_find_method(METHOD);
    if (sessions->bus_handle != 0 || method == NULL)
        return;
    struct bus_call call = {.lane = method->lane,
                            .method = method->name,
                            .body = "",
                            .budget_ms = method->timeout_ms,
                            .language = "en",
                            .client_address = ""};
    uint64_t handle = bus_client_call(sessions->gateway->client, &call, on_list, sessions);
    if (handle != 0)
        sessions->bus_handle = handle;
}

void
sessions_start(struct sessions *sessions, struct gateway *gateway)
{
    *sessions = (struct sessions){.gateway = gateway};
    sessions->timer.fire = load;
    (void)timer_set(&gateway->timers, &sessions->timer, 0);
}

void
sessions_stop(struct sessions *sessions)
{
    if (sessions->bus_handle != 0)
        bus_client_forget(sessions->gateway->client, sessions->bus_handle);
    timer_cancel(&sessions->gateway->timers, &sessions->timer);
    revoked_set_done(&sessions->revoked);
}

static void
ask_again(struct sessions *sessions)
{
    if (sessions->bus_handle != 0)
        sessions->must_reload = true;
    else if (sessions->timer.position == 0)
        (void)timer_set(&sessions->gateway->timers, &sessions->timer, 0);
}

static void
take_event(struct sessions *sessions, const Bus__Event *event)
{
    if (strcmp(event->type, "SessionRevoked") != 0)
        return;
    ProtobufCAllocator allocator = message_allocator(&sessions->gateway->memory);
    const Events__SessionRevoked *revoked =
        events__session_revoked__unpack(&allocator, event->payload.len, event->payload.data);
    if (revoked == NULL ||
        !revoked_set_add(&sessions->revoked, revoked->session_id, revoked->expires_at_ms, clock_now_ms())) {
        ask_again(sessions);
        return;
    }
    event_hub_end_session(&sessions->gateway->hub, revoked->session_id);
}

void
sessions_take_batch(struct sessions *sessions, const Bus__EventBatch *batch)
{
    uint64_t last = batch->head;
    // An event that came early is taken at once; a gap before it is filled by asking.
    if (batch->n_events > 0 && batch->first_number > sessions->last_number + 1)
        ask_again(sessions);
    for (size_t i = 0; i < batch->n_events; i++) {
        uint64_t number = batch->first_number + i;
        if (number <= sessions->last_number)
            continue;
        take_event(sessions, batch->events[i]);
        if (number == sessions->last_number + 1)
            sessions->last_number = number;
        last = number > last ? number : last;
    }
    if (last > sessions->last_number && sessions->is_loaded)
        ask_again(sessions);
}
