// Several waiting commands share one commit: idempotency records, effects and outbox rows of all of them become durable
// together, and only then is anything answered. When one of them spoils the transaction, each runs alone.
#include <stdlib.h>
#include <string.h>

#include "runtime.h"

static const struct message KEY_REUSED = {"idempotency_key_reused",
                                          "Этот ключ повтора уже использован для другого запроса: возьмите новый.",
                                          "This idempotency key was used for another request: take a new one."};

enum outcome {
    OUTCOME_DONE,  // committed, or refused without any effect
    OUTCOME_SPLIT, // rolled back: run the commands one by one
    OUTCOME_LOST,  // the connection broke; whether it was committed is unknown
};

static bool
is_connection_loss(enum status status)
{
    return status == STATUS_LOST || status == STATUS_UNKNOWN_OUTCOME;
}

// Answers what has been done before under the same key.
static void
answer_from_record(struct held_call *held, const struct stored_reply *found, size_t found_count)
{
    for (size_t i = 0; i < found_count; i++) {
        if (strcmp(found[i].key, held->key_uuid) != 0 || strcmp(found[i].account_id, held->account_id) != 0)
            continue;
        held->is_stored = true;
        if (strcmp(found[i].request_hex, held->request_hex) != 0) {
            held->status = fail(&held->call, STATUS_KEY_REUSED, &KEY_REUSED);
            dispatch_pack_problem(held);
            return;
        }
        uint8_t *reply = arena_take(held->call.arena, found[i].reply_size + 1);
        if (!reply || !seal_open(held->seal_key, found[i].reply, found[i].reply_size, reply)) {
            held->status = STATUS_INTERNAL;
            dispatch_pack_problem(held);
            return;
        }
        held->status = STATUS_OK;
        held->answer = reply;
        held->answer_size = found[i].reply_size - SEAL_EXTRA_BYTES;
    }
}

static enum status
look_up_records(struct db *db, struct arena *arena, struct held_call **calls, size_t count)
{
    const char *keys[BATCH_MAX] = {0};
    for (size_t i = 0; i < count; i++)
        keys[i] = calls[i]->key_uuid;
    struct stored_reply *found;
    size_t found_count;
    enum status status = runtime_find_replies(db, arena, keys, count, &found, &found_count);
    for (size_t i = 0; status == STATUS_OK && i < count; i++) {
        calls[i]->is_stored = false;
        answer_from_record(calls[i], found, found_count);
    }
    return status;
}

static enum status
store_records(struct runtime *runtime, struct db *db, struct arena *arena, struct held_call **calls, size_t count,
              struct stored_batch *ret_events)
{
    struct stored_reply replies[BATCH_MAX];
    struct call *done[BATCH_MAX];
    size_t done_count = 0;
    *ret_events = (struct stored_batch){0};
    for (size_t i = 0; i < count; i++) {
        const struct held_call *held = calls[i];
        if (held->is_stored || held->status != STATUS_OK)
            continue;
        uint8_t *sealed = arena_take(arena, held->answer_size + SEAL_EXTRA_BYTES);
        if (!sealed)
            return STATUS_BUSY;
        seal_bytes(held->seal_key, held->answer, held->answer_size, sealed);
        replies[done_count] = (struct stored_reply){held->key_uuid, held->account_id, held->request_hex, sealed,
                                                    held->answer_size + SEAL_EXTRA_BYTES};
        done[done_count++] = &calls[i]->call;
    }
    if (done_count == 0)
        return STATUS_OK;
    enum status status = runtime_store_events(db, arena, runtime->service->name, done, done_count, ret_events);
    if (status == STATUS_OK)
        status = runtime_store_replies(db, arena, replies, done_count, done[0]->now);
    return status;
}

static void
reset_call(struct held_call *held)
{
    held->is_stored = false;
    held->is_handled = false;
    held->answer = NULL;
    held->answer_size = 0;
    held->call.problem = NULL;
    held->call.keeps_on_failure = false;
    *held->call.outgoing = (struct outgoing_events){0};
    protobuf_c_message_init(held->contract->reply, held->reply);
}

// Runs the handlers; SPLIT as soon as one fails after it changed rows, unless it is alone.
static enum outcome
run_handlers(struct db *db, struct held_call **calls, size_t count, bool *ret_keep)
{
    *ret_keep = true;
    for (size_t i = 0; i < count; i++) {
        struct held_call *held = calls[i];
        if (held->is_stored || held->is_handled)
            continue;
        unsigned writes_before = db_writes(db);
        enum status status =
            held->method->handle_together ? together_run(calls + i, count - i, db) : dispatch_run(held, db);
        if (status == STATUS_OK)
            continue;
        if (is_connection_loss(status))
            return OUTCOME_LOST;
        if (db_writes(db) != writes_before || db_is_failed(db)) {
            if (count > 1)
                return OUTCOME_SPLIT;
            *ret_keep = call_keeps_on_failure(&held->call) && !db_is_failed(db);
        }
    }
    for (size_t i = 0; i < count; i++) {
        if (calls[i]->is_stored || calls[i]->status == STATUS_OK)
            continue;
        *calls[i]->call.outgoing = (struct outgoing_events){0};
        if (calls[i]->status != STATUS_NOT_YET)
            dispatch_pack_problem(calls[i]);
    }
    return OUTCOME_DONE;
}

static void
fail_all(struct held_call **calls, size_t count, enum status status)
{
    for (size_t i = 0; i < count; i++) {
        if (calls[i]->is_stored)
            continue;
        calls[i]->status = status;
        calls[i]->call.problem = NULL;
        dispatch_pack_problem(calls[i]);
    }
}

// What the same command has done at another worker meanwhile looks like somebody else's change and is refused; its
// record became visible together with that change, and it is the answer.
static void
look_up_refused(struct db *db, struct arena *arena, struct held_call **calls, size_t count)
{
    struct held_call *refused[BATCH_MAX];
    size_t refused_count = 0;
    for (size_t i = 0; i < count; i++)
        if (!calls[i]->is_stored && calls[i]->status != STATUS_OK)
            refused[refused_count++] = calls[i];
    if (refused_count > 0 && look_up_records(db, arena, refused, refused_count) != STATUS_OK)
        fail_all(refused, refused_count, STATUS_BUSY);
}

// The answers of the calls are valid only after OUTCOME_DONE. Without `looks_up` what was done before shows itself by
// its record, which cannot be stored twice (SPLIT), or by a refusal.
static enum outcome
attempt(struct runtime *runtime, struct db *db, struct arena *arena, struct held_call **calls, size_t count,
        bool looks_up)
{
    bool keep = false;
    struct stored_batch events = {0};
    for (size_t i = 0; i < count; i++)
        reset_call(calls[i]);
    enum status status = db_begin(db);
    if (status == STATUS_OK && looks_up)
        status = look_up_records(db, arena, calls, count);
    enum outcome outcome = OUTCOME_DONE;
    crash_point("command:before_effect");
    if (status == STATUS_OK)
        outcome = run_handlers(db, calls, count, &keep);
    if (status == STATUS_OK && outcome == OUTCOME_DONE && keep)
        status = store_records(runtime, db, arena, calls, count, &events);
    crash_point("command:before_commit");
    if (status == STATUS_OK && outcome == OUTCOME_DONE && keep)
        status = commit_events(runtime, db, arena, &events);
    else
        db_rollback(db);
    if (status == STATUS_OK && outcome == OUTCOME_DONE) {
        crash_point("command:before_reply");
        look_up_refused(db, arena, calls, count);
        return OUTCOME_DONE;
    }
    if (outcome == OUTCOME_LOST || is_connection_loss(status)) {
        fail_all(calls, count, STATUS_BUSY);
        return OUTCOME_LOST;
    }
    if (outcome == OUTCOME_DONE) {
        if (status != STATUS_CONFLICT)
            log_write(LOG_WARNING, "commands not stored", "status", status_code(status), "database", db_last_error(db),
                      NULL);
        fail_all(calls, count, status == STATUS_CONFLICT ? STATUS_BUSY : status);
    }
    return OUTCOME_SPLIT;
}

// A repeated key among the waiting commands would collide with itself: the later one goes alone, afterwards.
static bool
has_key_before(struct held_call **calls, size_t index)
{
    for (size_t i = 0; i < index; i++)
        if (strcmp(calls[i]->key_uuid, calls[index]->key_uuid) == 0)
            return true;
    return false;
}

// Nearly every command comes once, so looking for its record before it runs would be a round trip for nothing. After a
// lost connection or a collision the record tells what is done already.
static void
run_alone(struct runtime *runtime, struct db *db, struct arena *arena, struct held_call *held, bool is_first_try)
{
    enum { TRIES_WITH_LOOKUP = 2 };
    if (is_first_try && attempt(runtime, db, arena, &held, 1, false) == OUTCOME_DONE)
        return;
    for (int i = 0; i < TRIES_WITH_LOOKUP; i++)
        if (attempt(runtime, db, arena, &held, 1, true) == OUTCOME_DONE)
            return;
}

void
batch_run(struct runtime *runtime, struct db *db, struct arena *arena, struct held_call **calls, size_t count)
{
    struct held_call *together[BATCH_MAX];
    struct held_call *later[BATCH_MAX];
    size_t together_count = 0;
    size_t later_count = 0;
    for (size_t i = 0; i < count; i++) {
        if (has_key_before(calls, i))
            later[later_count++] = calls[i];
        else
            together[together_count++] = calls[i];
    }
    atomic_fetch_add(&runtime->batches, 1);
    atomic_fetch_add(&runtime->batched_commands, count);
    if (together_count == 1)
        run_alone(runtime, db, arena, together[0], true);
    else if (attempt(runtime, db, arena, together, together_count, false) != OUTCOME_DONE)
        for (size_t i = 0; i < together_count; i++)
            run_alone(runtime, db, arena, together[i], false);
    for (size_t i = 0; i < later_count; i++)
        run_alone(runtime, db, arena, later[i], false);
}
