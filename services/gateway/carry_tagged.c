// Answers of tagged methods: given again as long as their owner says that they hold, and known to browsers by an ETag.
#include "exchange.h"

#include <stdio.h>
#include <string.h>

#include "kept_answers.h"
#include "tag_checks.h"
#include "vekha/base/build.h"
#include "vekha/crypto/token.h"

static bool
has_word(const struct request_head *head, const char *name, const char *word)
{
    const char *value = head_value(head, name);
    return value != NULL && strstr(value, word) != NULL;
}

// Everything of the caller and the request that an answer may depend on; NULL: too long to be kept.
static const char *
make_key(struct exchange *exchange)
{
    const Bus__Principal *caller = exchange->caller.principal;
    const char *key =
        arena_format(&exchange->arena, "%s %s %s %d%d%d %s %s", caller->account_id, caller->organisation_id,
                     caller->organisation_path, (int)caller->role, caller->restricted, exchange->english,
                     exchange->match.method->name, exchange->raw_uri);
    return key != NULL && strlen(key) <= KEPT_KEY_MAX_CHARS ? key : NULL;
}

static void
answer_known(struct exchange *exchange, const char *entity_tag)
{
    answer_empty(exchange, 304);
    answer_header(exchange, "ETag", entity_tag);
    if (exchange->match.method->compress)
        answer_header(exchange, "Vary", "Accept-Encoding");
}

static bool
is_known(const struct exchange *exchange, const char *entity_tag)
{
    const char *known = head_value(&exchange->head, "If-None-Match");
    return known != NULL && tag_list_has(known, entity_tag + strlen("W/"));
}

static void
release(void *context)
{
    kept_answer_release(context);
}

static void
answer_kept(struct exchange *exchange)
{
    struct kept_answer *kept = exchange->kept;
    if (is_known(exchange, kept->entity_tag)) {
        answer_known(exchange, kept->entity_tag);
        return;
    }
    if (answer_is_compressed(exchange, kept->body_size)) {
        struct buffer *text = &exchange->gateway->scratch;
        buffer_reset(text);
        buffer_add(text, kept->body, kept->body_size);
        answer_json(exchange, text);
    } else {
        // The bytes are sent from where they are kept.
        struct MHD_Response *response = MHD_create_response_from_buffer_with_free_callback_cls(
            kept->body_size, (void *)(uintptr_t)kept->body, release, kept);
        if (response != NULL)
            kept->references++;
        answer_api(exchange, 200, "application/json", response);
        if (exchange->match.method->compress)
            answer_header(exchange, "Vary", "Accept-Encoding");
    }
    answer_header(exchange, "ETag", kept->entity_tag);
}

static void
on_checked(struct exchange *exchange, enum status status)
{
    struct metrics *metrics = exchange->gateway->metrics;
    if (status == STATUS_OK) {
        atomic_fetch_add_explicit(&metrics->answers_held, 1, memory_order_relaxed);
        answer_kept(exchange);
        return;
    }
    if (status == STATUS_BUSY || status == STATUS_TIMEOUT) {
        answer_failure(exchange, status, NULL, 0);
        return;
    }
    if (status == STATUS_STALE) {
        atomic_fetch_add_explicit(&metrics->answers_changed, 1, memory_order_relaxed);
        kept_answers_drop(exchange->gateway->kept_answers, exchange->kept);
    }
    exchange->ask_instead(exchange);
}

bool
tagged_begin(struct exchange *exchange, void (*ask)(struct exchange *))
{
    struct kept_answers *answers = exchange->gateway->kept_answers;
    const struct request_head *head = &exchange->head;
    bool may_be_kept = answers != NULL && !has_word(head, "Cache-Control", "no-store");
    exchange->kept_key = may_be_kept ? make_key(exchange) : NULL;
    // Whoever reloads on purpose gets it made anew.
    if (exchange->kept_key == NULL || has_word(head, "Cache-Control", "no-cache") ||
        has_word(head, "Pragma", "no-cache"))
        return false;
    exchange->kept = kept_answers_find(answers, exchange->kept_key);
    if (exchange->kept == NULL)
        return false;
    exchange->ask_instead = ask;
    tag_checks_add(exchange, on_checked);
    return true;
}

// What stands behind the reply's own fields. NULL: nothing.
static const char *
tag_of(struct exchange *exchange, const ProtobufCMessage *reply)
{
    for (unsigned i = 0; i < reply->n_unknown_fields; i++) {
        const ProtobufCMessageUnknownField *field = &reply->unknown_fields[i];
        // With its length in front, which is below 128 or takes two bytes.
        size_t start = field->len > 0 && (field->data[0] & 0x80) != 0 ? 2 : 1;
        if (field->tag == CONTRACT_TAG_FIELD && field->len > start)
            return arena_copy_bytes(&exchange->arena, field->data + start, field->len - start);
    }
    return NULL;
}

// Another answer has another one: of another person, another tag, or written by another build than this one.
static void
make_entity_tag(const struct exchange *exchange, const char *tag, char out[ENTITY_TAG_BYTES])
{
    enum { SHOWN_CHARS = 32 };
    char digest[65];
    const char *build = build_name();
    struct sha256 *hash = build == NULL ? NULL : sha256_new();
    out[0] = '\0';
    if (hash == NULL)
        return;
    sha256_add(hash, exchange->kept_key, strlen(exchange->kept_key) + 1);
    sha256_add(hash, tag, strlen(tag) + 1);
    sha256_add(hash, build, strlen(build));
    sha256_finish(&hash, digest);
    snprintf(out, ENTITY_TAG_BYTES, "W/\"%.*s\"", SHOWN_CHARS, digest);
}

void
tagged_answer(struct exchange *exchange, const ProtobufCMessage *reply, struct buffer *text)
{
    const char *tag = exchange->kept_key == NULL ? NULL : tag_of(exchange, reply);
    struct kept_answer answer = {
        .method = exchange->match.method,
        .key = exchange->kept_key,
        .tag = tag,
        .request = exchange->packed,
        .request_size = exchange->packed_size,
        .body = text->data,
        .body_size = text->size,
    };
    if (tag != NULL)
        make_entity_tag(exchange, tag, answer.entity_tag);
    if (answer.entity_tag[0] == '\0') {
        answer_json(exchange, text);
        return;
    }
    kept_answers_put(exchange->gateway->kept_answers, &answer);
    atomic_store(&exchange->gateway->metrics->kept_bytes, kept_answers_bytes(exchange->gateway->kept_answers));
    if (is_known(exchange, answer.entity_tag)) {
        answer_known(exchange, answer.entity_tag);
        return;
    }
    answer_json(exchange, text);
    answer_header(exchange, "ETag", answer.entity_tag);
}
