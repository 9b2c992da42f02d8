// Queries that jobs ask for somebody.
#include "runtime.h"

enum status
call_ask(const struct call *job, struct arena *arena, const struct asker *asker, const struct method *method,
         const ProtobufCMessage *request, ProtobufCMessage **ret_reply)
{
    const struct contract_method *contract = contract_find_method(method->name);
    struct call call = {.db = job->db,
                        .arena = arena,
                        .principal = asker->principal,
                        .method = contract,
                        .config = job->config,
                        .client_address = "",
                        .idempotency_key = "",
                        .english = asker->english,
                        .now = asker->now,
                        .now_ms = asker->now_ms};
    call.outgoing = arena_take(arena, sizeof(*call.outgoing));
    *ret_reply = contract ? arena_take(arena, contract->reply->sizeof_message) : NULL;
    if (!call.outgoing || !*ret_reply)
        return STATUS_TOO_LARGE;
    protobuf_c_message_init(contract->reply, *ret_reply);
    unsigned refusals = arena->refusals;
    db_set_scope(job->db, call_reach(&call));
    enum status status = method->handle(&call, request, *ret_reply);
    db_set_scope(job->db, "*");
    return status == STATUS_OK && arena->refusals != refusals ? STATUS_TOO_LARGE : status;
}
