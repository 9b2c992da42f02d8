// A call's side for handlers: failures with words, events to emit, territory.
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "runtime.h"

void
call_prepare(struct call *call, struct db *db, struct arena *arena, const struct runtime *runtime, const char *now,
             int64_t now_ms)
{
    *call = (struct call){.db = db, .arena = arena, .config = runtime->config, .now = now, .now_ms = now_ms};
    call->client_address = "";
    call->idempotency_key = "";
    call->outgoing = arena_take(arena, sizeof(struct outgoing_events));
}

const char *
say(const struct call *call, const struct message *message)
{
    return call->english ? message->english : message->russian;
}

static Bus__Problem *
problem_of(struct call *call)
{
    if (!call->problem) {
        call->problem = arena_take(call->arena, sizeof(Bus__Problem));
        if (call->problem)
            bus__problem__init(call->problem);
    }
    return call->problem;
}

enum status
fail(struct call *call, enum status status, const struct message *message)
{
    Bus__Problem *problem = problem_of(call);
    if (problem) {
        problem->code = message->code;
        problem->detail = say(call, message);
    }
    return status;
}

enum status
fail_with(struct call *call, enum status status, const struct message *message, ...)
{
    va_list arguments;
    va_start(arguments, message);
    const char *detail = arena_format_list(call->arena, say(call, message), arguments);
    va_end(arguments);
    Bus__Problem *problem = problem_of(call);
    if (problem) {
        problem->code = message->code;
        problem->detail = detail ? detail : say(call, message);
    }
    return status;
}

enum status
fail_later(struct call *call, enum status status, const struct message *message, uint32_t retry_after_s)
{
    fail(call, status, message);
    if (call->problem)
        call->problem->retry_after_s = retry_after_s;
    return status;
}

enum { VIOLATIONS_MAX = 100 };

enum status
fail_field(struct call *call, const char *field, const struct message *message)
{
    Bus__Problem *problem = problem_of(call);
    call->is_invalid = true;
    if (!problem || problem->n_violations >= VIOLATIONS_MAX)
        return STATUS_INVALID;
    if (!problem->violations)
        problem->violations = arena_take(call->arena, VIOLATIONS_MAX * sizeof(Bus__Violation *));
    Bus__Violation *violation = arena_take(call->arena, sizeof(Bus__Violation));
    if (!problem->violations || !violation)
        return STATUS_INVALID;
    bus__violation__init(violation);
    violation->field = arena_copy(call->arena, field);
    violation->code = message->code;
    violation->message = say(call, message);
    problem->violations[problem->n_violations++] = violation;
    return STATUS_INVALID;
}

static bool
is_declared(const struct call *call, const char *type)
{
    // Jobs and event handlers answer to no method.
    if (!call->method)
        return true;
    for (const char *const *name = call->method->emits; name && *name; name++)
        if (strcmp(*name, type) == 0)
            return true;
    return false;
}

enum status
emit(struct call *call, const ProtobufCMessage *event)
{
    const char *type = event->descriptor->short_name;
    if (!is_declared(call, type)) {
        log_write(LOG_ERROR, "event is not declared in the method's emits", "event", type, "method", call->method->name,
                  NULL);
        return STATUS_INTERNAL;
    }
    struct outgoing_event *outgoing = arena_take(call->arena, sizeof(*outgoing));
    size_t size = protobuf_c_message_get_packed_size(event);
    uint8_t *payload = arena_take(call->arena, size + 1);
    if (!call->outgoing || !outgoing || !payload)
        return STATUS_TOO_LARGE;
    protobuf_c_message_pack(event, payload);
    bus__event__init(&outgoing->event);
    outgoing->event.type = type;
    outgoing->event.payload = (ProtobufCBinaryData){size, payload};
    outgoing->event.occurred_at_ms = call->now_ms;
    outgoing->event.actor_account_id = call->principal ? call->principal->account_id : "";
    if (call->outgoing->last)
        call->outgoing->last->next = outgoing;
    else
        call->outgoing->first = outgoing;
    call->outgoing->last = outgoing;
    call->outgoing->count++;
    return STATUS_OK;
}

const char *
call_reach(const struct call *call)
{
    return call->principal && call->principal->role == VEKHA__ROLE__ROLE_ADMINISTRATOR ? "*" : call_scope(call);
}

const char *
call_scope(const struct call *call)
{
    if (call->principal)
        return call->principal->organisation_path;
    return call->method ? "" : "*";
}

void
call_keep_on_failure(struct call *call)
{
    call->keeps_on_failure = true;
}

bool
call_keeps_on_failure(const struct call *call)
{
    return call->keeps_on_failure;
}
