// From a request on the bus to a handler and back: every check that a method declares happens here, before it runs.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "runtime.h"

static const struct message NOT_HERE = {"unknown_method", "Такой операции нет.", "There is no such operation."};
static const struct message LOG_IN = {"unauthenticated", "Войдите в систему ещё раз.", "Log in again."};
static const struct message NOT_YOURS = {"forbidden", "Эта операция недоступна для вашей роли.",
                                         "Your role does not include this operation."};
static const struct message FINISH_ENTRY = {"entry_unfinished", "Сначала смените пароль и заполните данные о себе.",
                                            "First change the password and fill in your profile."};
static const struct message TOO_BIG = {"too_large", "Запрос слишком велик: разделите его на части.",
                                       "The request is too large: split it."};
static const struct message UNREADABLE = {"malformed", "Запрос не удалось прочитать.", "The request is not readable."};
static const struct message NO_KEY = {"idempotency_key_missing", "Команда пришла без ключа повтора.",
                                      "The command has no idempotency key."};
static const struct message CHECK_FIELDS = {"invalid", "Проверьте отмеченные поля.", "Check the marked fields."};
static const struct message OUR_FAULT = {
    "internal", "Ошибка на нашей стороне. Повторите; если не поможет, сообщите в поддержку номер запроса.",
    "A fault on our side. Try again; if it stays, tell support the request number."};
static const struct message COME_AGAIN = {"busy", "Система занята. Повторите через несколько секунд.",
                                          "The system is busy. Try again in a few seconds."};
static const struct message NOT_FOUND_HERE = {"not_found", "Не найдено: возможно, удалено или не относится к вам.",
                                              "Not found: it may be deleted or not yours."};
static const struct message STATE_FORBIDS = {"conflict", "Сейчас это действие невозможно: обновите страницу.",
                                             "This is not possible now: reload the page."};
static const struct message CHANGED_MEANWHILE = {"stale", "Данные изменились: обновите страницу и повторите.",
                                                 "The data has changed: reload and repeat."};
static const struct message TOOK_TOO_LONG = {"timeout", "Ответ занял слишком много времени. Повторите.",
                                             "The answer took too long. Try again."};

// The words for a failure whose handler gave none.
static const struct message *
words_of(enum status status)
{
    switch (status) {
    case STATUS_INVALID:
        return &CHECK_FIELDS;
    case STATUS_MALFORMED:
        return &UNREADABLE;
    case STATUS_UNAUTHENTICATED:
        return &LOG_IN;
    case STATUS_FORBIDDEN:
        return &NOT_YOURS;
    case STATUS_NOT_FOUND:
        return &NOT_FOUND_HERE;
    case STATUS_CONFLICT:
    case STATUS_NOT_YET:
        return &STATE_FORBIDS;
    case STATUS_STALE:
        return &CHANGED_MEANWHILE;
    case STATUS_TOO_LARGE:
        return &TOO_BIG;
    case STATUS_TIMEOUT:
        return &TOOK_TOO_LONG;
    case STATUS_UNIMPLEMENTED:
        return &NOT_HERE;
    case STATUS_BUSY:
    case STATUS_LOST:
    case STATUS_UNKNOWN_OUTCOME:
        return &COME_AGAIN;
    default:
        return &OUR_FAULT;
    }
}

void
dispatch_pack_problem(struct held_call *held)
{
    struct call *call = &held->call;
    if (held->status == STATUS_LOST)
        held->status = STATUS_BUSY;
    // What a handler concluded without memory says nothing about the request: it may be tried again.
    if (call->arena->is_starved && held->status != STATUS_UNKNOWN_OUTCOME) {
        held->status = STATUS_BUSY;
        call->problem = NULL;
    }
    if (!call->problem || !*call->problem->code) {
        if (fail(call, held->status, words_of(held->status)) != held->status || !call->problem)
            return;
    }
    if (held->status == STATUS_BUSY && call->problem->retry_after_s == 0)
        call->problem->retry_after_s = 1;
    size_t size = bus__problem__get_packed_size(call->problem);
    uint8_t *packed = arena_take(call->arena, size + 1);
    held->answer = packed;
    held->answer_size = packed ? bus__problem__pack(call->problem, packed) : 0;
}

static int
compare_method(const void *name, const void *method)
{
    return strcmp(name, ((const struct method *)method)->name);
}

static enum status
check_principal(struct held_call *held, const Bus__Header *header, struct principal_cache *principals)
{
    const struct contract_method *contract = held->contract;
    struct call *call = &held->call;
    // Who asks for a new session may still carry a token that has run out.
    bool is_open = contract->roles & 1u << VEKHA__ROLE__ROLE_ANYONE;
    if (header->principal.len > 0) {
        enum status status = principal_cache_check(principals, header->principal.data, header->principal.len,
                                                   call->now_ms, call->arena, &call->principal);
        if (status == STATUS_UNAUTHENTICATED && !is_open)
            return fail(call, status, &LOG_IN);
        if (status == STATUS_BUSY)
            return fail(call, status, &COME_AGAIN);
    }
    // The broker has checked the caller of a method between services.
    if (!contract->path)
        return STATUS_OK;
    if (is_open)
        return STATUS_OK;
    if (!call->principal)
        return fail(call, STATUS_UNAUTHENTICATED, &LOG_IN);
    if (!(contract->roles & 1u << call->principal->role))
        return fail(call, STATUS_FORBIDDEN, &NOT_YOURS);
    if (call->principal->restricted && !contract->before_ready)
        return fail(call, STATUS_FORBIDDEN, &FINISH_ENTRY);
    return STATUS_OK;
}

static enum status
unpack_request(struct held_call *held, struct arena *arena)
{
    const struct contract_method *contract = held->contract;
    struct call *call = &held->call;
    const uint8_t *body = held->request.body;
    size_t size = held->request.body_size;
    if (size > contract->max_request_bytes)
        return fail(call, STATUS_TOO_LARGE, &TOO_BIG);
    if (!wire_is_acceptable(contract->request, body, size))
        return fail(call, STATUS_MALFORMED, &UNREADABLE);
    ProtobufCAllocator allocator = message_allocator(arena);
    held->message = protobuf_c_message_unpack(contract->request, &allocator, size, body);
    held->reply = arena_take(arena, contract->reply->sizeof_message);
    if (!held->message || !held->reply)
        return fail(call, STATUS_TOO_LARGE, &TOO_BIG);
    protobuf_c_message_init(contract->reply, held->reply);
    if (!limits_hold(call, held->message))
        return fail(call, STATUS_INVALID, &CHECK_FIELDS);
    return STATUS_OK;
}

// The record's name and seal from the key, and the hash that tells a repetition from another request under the same
// key.
static enum status
identify_command(struct held_call *held, const Bus__Header *header)
{
    if (held->contract->kind != VEKHA__KIND__KIND_COMMAND)
        return STATUS_OK;
    if (header->idempotency_key.len != 16)
        return fail(&held->call, STATUS_MALFORMED, &NO_KEY);
    uint8_t name[16];
    seal_derive(header->idempotency_key.data, name, held->seal_key);
    char hex[33];
    text_to_hex(name, sizeof(name), hex);
    snprintf(held->key_uuid, sizeof(held->key_uuid), "%.8s-%.4s-%.4s-%.4s-%.12s", hex, hex + 8, hex + 12, hex + 16,
             hex + 20);
    held->call.idempotency_key = arena_copy(held->call.arena, hex);
    if (!held->call.idempotency_key)
        return fail(&held->call, STATUS_BUSY, &COME_AGAIN);
    snprintf(held->account_id, sizeof(held->account_id), "%s",
             held->call.principal ? held->call.principal->account_id : "00000000-0000-0000-0000-000000000000");
    struct sha256 *hash = sha256_new();
    if (!hash)
        return fail(&held->call, STATUS_BUSY, &COME_AGAIN);
    sha256_add(hash, header->method, strlen(header->method) + 1);
    sha256_add(hash, held->request.body, held->request.body_size);
    sha256_finish(&hash, held->request_hex);
    return STATUS_OK;
}

static enum status
prepare(const struct runtime *runtime, struct principal_cache *principals, struct held_call *held, struct db *db,
        struct arena *arena)
{
    const Bus__Header *header = held->request.header;
    struct call *call = &held->call;
    int64_t now_ms = clock_now_ms();
    char now[25];
    time_format_utc(now_ms, now);
    call_prepare(call, db, arena, runtime, arena_copy(arena, now), now_ms);
    if (!call->now || !call->outgoing)
        return STATUS_BUSY;
    call->english = header->language && strcmp(header->language, "en") == 0;
    call->client_address = header->client_address;
    held->started_us = clock_monotonic_us();
    held->contract = contract_find_method(header->method);
    const struct service *service = runtime->service;
    held->method =
        bsearch(header->method, service->methods, service->method_count, sizeof(struct method), compare_method);
    if (!held->contract || !held->method)
        return fail(call, STATUS_UNIMPLEMENTED, &NOT_HERE);
    call->method = held->contract;
    enum status status = check_principal(held, header, principals);
    if (status == STATUS_OK)
        status = unpack_request(held, arena);
    if (status == STATUS_OK)
        status = identify_command(held, header);
    return status;
}

enum status
dispatch_prepare(const struct runtime *runtime, struct principal_cache *principals, struct held_call *held,
                 struct db *db, struct arena *arena)
{
    held->is_stored = false;
    held->answer = NULL;
    held->answer_size = 0;
    held->status = prepare(runtime, principals, held, db, arena);
    if (held->status != STATUS_OK)
        dispatch_pack_problem(held);
    return held->status;
}

const char *
dispatch_scope(const struct held_call *held)
{
    return call_reach(&held->call);
}

enum status
dispatch_run(struct held_call *held, struct db *db)
{
    db_set_scope(db, dispatch_scope(held));
    held->refusals_before = held->call.arena->refusals;
    return dispatch_finish(held, held->method->handle(&held->call, held->message, held->reply));
}

enum status
dispatch_finish(struct held_call *held, enum status handled)
{
    struct call *call = &held->call;
    held->status = handled;
    // A handler that went on without something it asked for has written or answered less than it should.
    if (held->status == STATUS_OK && call->arena->refusals != held->refusals_before) {
        call->keeps_on_failure = false;
        held->status = fail(call, STATUS_TOO_LARGE, &TOO_BIG);
    }
    if (held->status != STATUS_OK) {
        if (held->status == STATUS_INTERNAL)
            log_write(LOG_ERROR, "handler failed", "method", held->contract->name, "database", db_last_error(call->db),
                      NULL);
        return held->status;
    }
    size_t size = protobuf_c_message_get_packed_size(held->reply);
    uint8_t *packed = size <= BUS_MAX_BODY_BYTES ? arena_take(call->arena, size + 1) : NULL;
    if (!packed)
        return held->status = fail(call, STATUS_TOO_LARGE, &TOO_BIG);
    protobuf_c_message_pack(held->reply, packed);
    held->answer = packed;
    held->answer_size = size;
    return STATUS_OK;
}
