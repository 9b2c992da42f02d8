// Questions at the feed's door: peers ask, are slow and gone, events come from the bus or stand in the rows, a key is
// revoked. Whatever the order, an answer holds all events of the territory between two numbers, and none of a foreign
// one.
#include "fuzz.h"

#include <zmq.h>

#include "events.pb-c.h"
#include "feed.pb-c.h"
#include "feed_private.h"
#include "vekha/base/log.h"
#include "vekha/bus/header.h"
#include "vekha/bus/message.h"

enum { PEERS = 6, KEYS = 3, EVENTS_MAX = 200, INPUT_MAX = 600, ROWS_ONLY = 12, PAYLOAD_BYTES = 64 };

static const char *const TERRITORIES[KEYS] = {"74", "74.12", "47"};
static const char *const PATHS[] = {"74", "74.12", "74.12.0345", "74.1", "47.1", "7", ""};

// A question; of a peer the one that waits, and the last one, which may have been refused.
struct question {
    const char *key;
    char territory[80];
    uint64_t after;
    bool is_malformed, is_foreign;
};
struct peer {
    bool waits, is_slow, is_gone;
    struct question waiting, last;
};

static struct feed feed;
static struct peer peers[PEERS];
static struct feed_key all_keys[KEYS];
static const char *paths[EVENTS_MAX]; // of the event with the number index + 1; "": another kind of event
static size_t event_count;
static Bus__Event events[EVENTS_MAX];
static uint8_t payloads[EVENTS_MAX][PAYLOAD_BYTES];
static int64_t now_ms;
static const char *asking_key; // of the message that is being received
static uint8_t asking_peer;
static uint8_t ask_bytes[64];
static size_t ask_size;
static bool has_ask;

// --- in place of clock, socket and rows (linked by --wrap)

int64_t __wrap_clock_monotonic_ms(void);
const char *__wrap_zmq_msg_gets(const zmq_msg_t *message, const char *property);
enum status __wrap_bus_receive_frames(void *socket, zmq_msg_t *frames, size_t count);
enum status __wrap_bus_send_frames(void *socket, zmq_msg_t *frames, size_t count);
enum status __wrap_stream_read(struct call *call, uint64_t after, uint32_t limit, Bus__Event ***ret_events,
                               size_t *ret_count, uint64_t *ret_head);

int64_t
__wrap_clock_monotonic_ms(void)
{
    return now_ms;
}

const char *
__wrap_zmq_msg_gets(const zmq_msg_t *message, const char *property)
{
    (void)message;
    DEMAND(strcmp(property, "User-Id") == 0);
    return asking_key;
}

enum status
__wrap_bus_receive_frames(void *socket, zmq_msg_t *frames, size_t count)
{
    (void)socket;
    if (!has_ask || count != 2)
        return STATUS_NOT_FOUND;
    has_ask = false;
    DEMAND(zmq_msg_init_size(&frames[0], 1) == 0 && zmq_msg_init_size(&frames[1], ask_size) == 0);
    memcpy(zmq_msg_data(&frames[0]), &asking_peer, 1);
    if (ask_size > 0)
        memcpy(zmq_msg_data(&frames[1]), ask_bytes, ask_size);
    return STATUS_OK;
}

enum status
__wrap_stream_read(struct call *call, uint64_t after, uint32_t limit, Bus__Event ***ret_events, size_t *ret_count,
                   uint64_t *ret_head)
{
    size_t from = after < event_count ? (size_t)after : event_count;
    size_t count = event_count - from < limit ? event_count - from : limit;
    Bus__Event **list = arena_take(call->arena, (count + 1) * sizeof *list);
    if (list == NULL)
        return STATUS_BUSY;
    for (size_t i = 0; i < count; i++)
        list[i] = &events[from + i];
    *ret_events = list;
    *ret_count = count;
    *ret_head = event_count;
    return STATUS_OK;
}

static bool
is_for(const char *path, const char *territory)
{
    size_t size = strlen(territory);
    return *path != '\0' && strncmp(path, territory, size) == 0 && (path[size] == '\0' || path[size] == '.');
}

// All there is of the territory between the two numbers, in order.
static void
check_events(const struct question *asked, const Vekha__Feed__Batch *batch)
{
    size_t told = 0;
    DEMAND(batch->after >= asked->after);
    for (uint64_t number = asked->after + 1; number <= batch->after && number <= event_count; number++) {
        if (!is_for(paths[number - 1], asked->territory))
            continue;
        DEMAND(told < batch->n_events && batch->events[told]->number == number);
        DEMAND(strcmp(batch->events[told]->organisation_path, paths[number - 1]) == 0);
        told++;
    }
    DEMAND(told == batch->n_events);
}

static bool
is_known(const char *key)
{
    for (size_t i = 0; i < feed.keys.count; i++)
        if (strcmp(feed.keys.table[i].public_key, key) == 0)
            return true;
    return false;
}

static void
check_refusal(const struct peer *peer, Vekha__Feed__Refusal refusal)
{
    switch (refusal) {
    case VEKHA__FEED__REFUSAL__REFUSAL_TERRITORY:
        DEMAND(is_known(peer->last.key) && peer->last.is_foreign);
        break;
    case VEKHA__FEED__REFUSAL__REFUSAL_MALFORMED:
        DEMAND(is_known(peer->last.key) && peer->last.is_malformed);
        break;
    default:
        DEMAND(refusal == VEKHA__FEED__REFUSAL__REFUSAL_REVOKED);
        DEMAND(!is_known(peer->last.key) || !is_known(peer->waiting.key));
    }
}

enum status
__wrap_bus_send_frames(void *socket, zmq_msg_t *frames, size_t count)
{
    (void)socket;
    DEMAND(count == 2 && zmq_msg_size(&frames[0]) == 1);
    uint8_t name = *(const uint8_t *)zmq_msg_data(&frames[0]);
    DEMAND(name < PEERS);
    struct peer *peer = &peers[name];
    enum status status = peer->is_gone ? STATUS_NOT_FOUND : peer->is_slow ? STATUS_BUSY : STATUS_OK;
    Vekha__Feed__Batch *batch = vekha__feed__batch__unpack(NULL, zmq_msg_size(&frames[1]), zmq_msg_data(&frames[1]));
    DEMAND(batch != NULL);
    if (batch->refusal != VEKHA__FEED__REFUSAL__REFUSAL_NONE) {
        DEMAND(batch->n_events == 0);
        check_refusal(peer, batch->refusal);
    } else {
        DEMAND(peer->waits && is_known(peer->waiting.key));
        check_events(&peer->waiting, batch);
        peer->waits = status == STATUS_BUSY;
    }
    vekha__feed__batch__free_unpacked(batch, NULL);
    zmq_msg_close(&frames[0]);
    zmq_msg_close(&frames[1]);
    return status;
}

// --- what happens

static void
make_event(uint8_t choice)
{
    if (event_count == EVENTS_MAX)
        return;
    const char *path = PATHS[choice % (sizeof PATHS / sizeof PATHS[0])];
    Events__StatusChanged changed = EVENTS__STATUS_CHANGED__INIT;
    changed.organisation_path = path;
    changed.state = "draft";
    Bus__Event *event = &events[event_count];
    bus__event__init(event);
    event->type = *path != '\0' ? "StatusChanged" : "DraftSaved";
    event->number = event_count + 1;
    event->payload.data = payloads[event_count];
    event->payload.len = events__status_changed__pack(&changed, payloads[event_count]);
    paths[event_count++] = path;
}

static void
hear_events(struct call *call)
{
    while (feed.ring.last < event_count) {
        DEMAND(feed_ring_add(&feed.ring, &events[feed.ring.last], call->arena));
        feed.has_news = true;
    }
}

// Most are such as our clients put; some are bytes of the input's own.
static void
write_question(struct fuzz_input *input, bool is_noise)
{
    char territory[16] = "";
    Vekha__Feed__Ask ask = VEKHA__FEED__ASK__INIT;
    ask.after = input_byte(input);
    ask.from_now = input_byte(input) % 8 == 0;
    ask.limit = input_byte(input) % 16;
    ask.wait_ms = (uint32_t)input_byte(input) * 40;
    input_text(input, '\n', territory, sizeof territory);
    ask.territory = territory;
    ask_size = vekha__feed__ask__pack(&ask, ask_bytes);
    if (is_noise)
        for (ask_size = 0; ask_size < sizeof ask_bytes && input->left > 0;)
            ask_bytes[ask_size++] = input_byte(input);
}

static void
ask(struct call *call, struct fuzz_input *input)
{
    uint8_t how = input_byte(input);
    const struct feed_key *key = &all_keys[how / PEERS % KEYS];
    asking_peer = how % PEERS;
    asking_key = key->public_key;
    write_question(input, how >= 224);
    struct question question = {.key = asking_key};
    Vekha__Feed__Ask *seen = vekha__feed__ask__unpack(NULL, ask_size, ask_bytes);
    question.is_malformed = seen == NULL;
    if (seen != NULL) {
        snprintf(question.territory, sizeof question.territory, "%.*s", (int)sizeof question.territory - 1,
                 *seen->territory ? seen->territory : key->territory);
        question.is_foreign = !is_for(question.territory, key->territory);
        question.after = seen->from_now ? feed.ring.last : seen->after;
        vekha__feed__ask__free_unpacked(seen, NULL);
    }
    struct peer *peer = &peers[asking_peer];
    peer->last = question;
    if (!question.is_malformed && !question.is_foreign && is_known(question.key)) {
        peer->waiting = question;
        peer->waits = true;
    }
    has_ask = true;
    feed.pages_left = 8;
    feed_take_asks(&feed, call);
}

static void
revoke_or_issue(uint8_t choice)
{
    feed.keys.count = 0;
    for (size_t i = 0; i < KEYS; i++)
        if ((choice >> i & 1) == 0) {
            struct feed_key *place = &feed.keys.table[feed.keys.count];
            unsigned waiting = 0;
            for (uint32_t ask_place = 1; ask_place < feed.asks.used_end; ask_place++)
                waiting += feed.asks.places[ask_place].peer_size > 0 &&
                           strcmp(feed.asks.places[ask_place].public_key, all_keys[i].public_key) == 0;
            *place = all_keys[i];
            place->waiting = waiting;
            feed.keys.count++;
        }
    for (size_t i = 0; i < PEERS; i++)
        if (peers[i].waits && !is_known(peers[i].waiting.key))
            peers[i].waits = false;
    feed_dismiss(&feed);
}

// Who waits is known, and counted to the key it asked with.
static void
check_counts(void)
{
    size_t waiting = 0;
    for (size_t i = 0; i < PEERS; i++)
        waiting += peers[i].waits;
    DEMAND(feed.asks.count >= waiting);
    for (size_t i = 0; i < feed.keys.count; i++) {
        unsigned of_key = 0;
        for (uint32_t place = 1; place < feed.asks.used_end; place++)
            of_key += feed.asks.places[place].peer_size > 0 &&
                      strcmp(feed.asks.places[place].public_key, feed.keys.table[i].public_key) == 0;
        DEMAND(feed.keys.table[i].waiting == of_key);
    }
}

static void
begin(void)
{
    static struct feed_key table[KEYS];
    if (feed.keys.table == NULL) {
        log_open("fuzz", LOG_ERROR);
        buffer_init(&feed.out, FEED_BATCH_LIMIT_BYTES);
        DEMAND(feed_asks_open(&feed.asks));
        for (size_t i = 0; i < KEYS; i++) {
            memset(all_keys[i].public_key, 'a' + (int)i, CURVE_KEY_CHARS);
            snprintf(all_keys[i].territory, sizeof all_keys[i].territory, "%s", TERRITORIES[i]);
        }
        feed.keys = (struct feed_keys){table, 0, true};
    }
    for (uint32_t place = 1; place < feed.asks.used_end; place++)
        if (feed.asks.places[place].peer_size > 0)
            feed_asks_remove(&feed.asks, &feed.asks.places[place]);
    memset(peers, 0, sizeof peers);
    for (size_t i = 0; i < PEERS; i++)
        peers[i].waiting.key = peers[i].last.key = all_keys[0].public_key;
    event_count = 0;
    now_ms = 1000;
    feed.has_news = false;
    feed.next_telling_ms = feed.next_expiry_ms = 0;
    memcpy(table, all_keys, sizeof table);
    feed.keys.count = KEYS;
    for (uint8_t i = 0; i < ROWS_ONLY; i++)
        make_event(i);
    feed_ring_reset(&feed.ring, ROWS_ONLY);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct arena arena;
    struct fuzz_input input = {data, size};
    if (size > INPUT_MAX)
        return 0;
    if (arena.limit_bytes == 0)
        arena_init(&arena, (size_t)4 * 1024 * 1024);
    begin();
    while (input.left > 0) {
        struct call call = {.arena = &arena};
        uint8_t act = input_byte(&input);
        switch (act % 8) {
        case 0:
        case 1:
            ask(&call, &input);
            break;
        case 2:
            make_event(input_byte(&input));
            break;
        case 3:
            hear_events(&call);
            break;
        case 4:
            feed_tell(&feed);
            break;
        case 5:
            now_ms += (int64_t)input_byte(&input) * 50;
            break;
        case 6:
            feed_expire(&feed);
            break;
        default:
            if (act >= 128)
                revoke_or_issue(input_byte(&input));
            else
                peers[act / 8 % PEERS].is_slow = !peers[act / 8 % PEERS].is_slow;
        }
        check_counts();
        arena_reset(&arena);
    }
    return 0;
}
