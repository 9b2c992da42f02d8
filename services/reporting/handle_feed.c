// Keys of the status feed over ZeroMQ: issued, listed and revoked by the administrator.
#include <string.h>
#include <zmq.h>

#include "feed_door.h"
#include "reporting_rpc.h"
#include "store.h"
#include "store_feed.h"
#include "vekha/base/text.h"

static const struct message NO_SUCH_TERRITORY = {
    "unknown_territory", "Региона или муниципалитета с таким кодом нет. Для всей федерации укажите *.",
    "There is no region or municipality with this code. For the whole federation give *."};
static const struct message NOT_A_KEY = {
    "not_a_key", "Это не открытый ключ CURVE: нужны 40 знаков Z85, их печатает программа подписчика.",
    "This is no public CURVE key: it has 40 characters of Z85, as the subscriber's program prints them."};
static const struct message KNOWN_KEY = {"known_key", "Этот ключ уже выдавался. Подписчику нужна новая пара ключей.",
                                         "This key has been issued before. The subscriber needs a new pair of keys."};
static const struct message NO_SUCH_KEY = {"not_found", "Такого ключа нет.", "There is no such key."};

// A point of the curve that decodes to 32 bytes; all zeros is none.
static bool
is_public_key(const char *text)
{
    uint8_t bytes[32];
    static const uint8_t none[sizeof bytes];
    return strlen(text) == 40 && zmq_z85_decode(bytes, text) != NULL && memcmp(bytes, none, sizeof bytes) != 0;
}

static enum status
tell_change(struct call *call, const Reporting__FeedKey *key, const char *organisation_id, bool is_revoked)
{
    Events__FeedKeyChanged event = EVENTS__FEED_KEY_CHANGED__INIT;
    event.feed_key_id = key->feed_key_id;
    event.name = key->name;
    event.organisation_id = organisation_id;
    event.revoked = is_revoked;
    event.client_address = call->client_address;
    return emit(call, &event.base);
}

enum status
handle_issue_feed_key(struct call *call, const Reporting__IssueFeedKeyRequest *request, Reporting__FeedKey *reply)
{
    struct db_rows rows;
    if (!is_public_key(request->public_key))
        (void)fail_field(call, "publicKey", &NOT_A_KEY);
    enum status status = store_find_feed_territory(call, request->territory, &rows);
    if (status != STATUS_OK)
        return status;
    if (rows.count == 0)
        (void)fail_field(call, "territory", &NO_SUCH_TERRITORY);
    if (rows.count == 0 || !is_public_key(request->public_key))
        return STATUS_INVALID;
    const char *organisation_id = db_text_at(&rows, 0, 0);
    char id[37];
    text_make_uuid(id);
    status = store_issue_feed_key(call, id, request, &rows);
    if (status != STATUS_OK)
        return status;
    if (rows.count == 0)
        return fail(call, STATUS_CONFLICT, &KNOWN_KEY);
    fill_message(&reply->base, &rows, 0, call->arena);
    return tell_change(call, reply, organisation_id, false);
}

enum status
handle_revoke_feed_key(struct call *call, const Reporting__RevokeFeedKeyRequest *request, Reporting__FeedKey *reply)
{
    enum { ORGANISATION_ID = 8, IS_NEW };
    struct db_rows rows;
    enum status status = store_revoke_feed_key(call, request->feed_key_id, &rows);
    if (status != STATUS_OK)
        return status;
    if (rows.count == 0)
        return fail(call, STATUS_NOT_FOUND, &NO_SUCH_KEY);
    fill_message(&reply->base, &rows, 0, call->arena);
    bool is_new = db_boolean_at(&rows, 0, IS_NEW);
    return is_new ? tell_change(call, reply, db_text_at(&rows, 0, ORGANISATION_ID), true) : STATUS_OK;
}

enum status
handle_list_feed_keys(struct call *call, const Reporting__ListFeedKeysRequest *request, Reporting__FeedKeys *reply)
{
    struct db_rows rows;
    enum status status = store_list_feed_keys(call, request->after_id, &rows);
    if (status == STATUS_OK)
        status = fill_list(call, &rows, &reporting__feed_key__descriptor, &reply->n_keys, &reply->keys);
    if (status != STATUS_OK)
        return status;
    if (reply->n_keys > FEED_KEYS_A_PAGE) {
        reply->n_keys = FEED_KEYS_A_PAGE;
        reply->next_after_id = reply->keys[FEED_KEYS_A_PAGE - 1]->feed_key_id;
    }
    reply->server_key = feed_server_key();
    const char *const *addresses = feed_addresses(call, &reply->n_addresses);
    reply->addresses = (void *)(uintptr_t)addresses;
    return addresses != NULL ? STATUS_OK : STATUS_TOO_LARGE;
}
