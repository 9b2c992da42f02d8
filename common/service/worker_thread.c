// A worker's loop: take what waits, run all commands in one transaction and each query by itself, answer, repeat.
#include <stdlib.h>
#include <string.h>

#include "runtime.h"

struct worker {
    struct runtime *runtime;
    struct bus_worker *bus;
    struct db *db;
    struct arena arena;
    struct principal_cache *principals;
    unsigned credit;
    struct held_call *parked[BATCH_MAX]; // wait for an event; answered within NOT_YET_LIMIT_MS
    size_t parked_count;
    struct held_call *held; // `credit` slots
    struct held_call **free_slots;
    size_t free_count;
};

static void
count_answer(struct runtime *runtime, const struct held_call *held)
{
    if (!held->method)
        return;
    struct method_metrics *metrics = &runtime->metrics[held->method - runtime->service->methods];
    atomic_fetch_add_explicit(&metrics->answers[held->status], 1, memory_order_relaxed);
    atomic_fetch_add_explicit(&metrics->microseconds, (unsigned long)(clock_monotonic_us() - held->started_us),
                              memory_order_relaxed);
}

static void
answer(struct worker *worker, struct held_call *held)
{
    count_answer(worker->runtime, held);
    bus_worker_reply(worker->bus, &held->request, held->status, held->answer, held->answer_size);
    worker->free_slots[worker->free_count++] = held;
}

// What the runtime answers for every service.
static bool
is_built_in(const struct worker *worker, const struct held_call *held, const char *name)
{
    const char *method = held->request.header->method;
    size_t length = strlen(worker->runtime->service->name);
    return strncmp(method, worker->runtime->service->name, length) == 0 && strcmp(method + length, name) == 0;
}

static void
run_fetch(struct worker *worker, struct held_call *held)
{
    held->method = NULL;
    held->answer = NULL;
    held->answer_size = 0;
    db_set_scope(worker->db, "*");
    held->status = stream_answer_fetch(worker->db, &worker->arena, worker->runtime->service->name, held->request.body,
                                       held->request.body_size, &held->answer, &held->answer_size);
    if (held->status == STATUS_LOST)
        held->status = STATUS_BUSY;
    answer(worker, held);
}

static void
run_check(struct worker *worker, struct held_call *held)
{
    held->method = NULL;
    tags_check(worker->runtime, worker->principals, held, worker->db, &worker->arena);
    answer(worker, held);
}

// What is told of a reading is stored before anybody sees what was read.
static enum status
run_telling(struct worker *worker, struct held_call *held)
{
    struct stored_batch emitted = {0};
    struct call *calls[] = {&held->call};
    enum status status = db_begin(worker->db);
    if (status == STATUS_OK)
        status = dispatch_run(held, worker->db);
    if (status == STATUS_OK)
        status = runtime_store_events(worker->db, &worker->arena, worker->runtime->service->name, calls, 1, &emitted);
    if (status == STATUS_OK)
        status = commit_events(worker->runtime, worker->db, &worker->arena, &emitted);
    else
        db_rollback(worker->db);
    return held->status = status;
}

static enum status
run_tagged(struct worker *worker, struct held_call *held)
{
    const char *tag = NULL;
    enum status status = tag_make(held, worker->db, &tag);
    if (status == STATUS_OK)
        status = dispatch_run(held, worker->db);
    if (status == STATUS_OK && tag)
        status = tag_append(held, tag);
    return held->status = status;
}

static enum status
try_query(struct worker *worker, struct held_call *held)
{
    if (held->method->tag)
        return run_tagged(worker, held);
    return held->contract->emits ? run_telling(worker, held) : dispatch_run(held, worker->db);
}

static void
run_query(struct worker *worker, struct held_call *held)
{
    enum status status = try_query(worker, held);
    if (status == STATUS_LOST) {
        held->call.problem = NULL;
        protobuf_c_message_init(held->contract->reply, held->reply);
        *held->call.outgoing = (struct outgoing_events){0};
        status = try_query(worker, held);
    }
    if (status != STATUS_OK)
        dispatch_pack_problem(held);
    answer(worker, held);
}

static void
park_or_answer(struct worker *worker, struct held_call *held)
{
    int64_t now_ms = clock_monotonic_ms();
    if (held->status == STATUS_NOT_YET && !held->is_stored) {
        if (now_ms - held->first_tried_ms < NOT_YET_LIMIT_MS && now_ms + NOT_YET_RETRY_MS < held->request.deadline_ms &&
            worker->parked_count < BATCH_MAX) {
            worker->parked[worker->parked_count++] = held;
            return;
        }
        dispatch_pack_problem(held);
    }
    answer(worker, held);
}

static void
run_all(struct worker *worker, struct held_call **taken, size_t count)
{
    struct held_call *commands[BATCH_MAX];
    struct held_call *queries[BATCH_MAX];
    size_t command_count = 0;
    size_t query_count = 0;
    for (size_t i = 0; i < count; i++) {
        struct held_call *held = taken[i];
        if (is_built_in(worker, held, ".FetchEvents")) {
            run_fetch(worker, held);
            continue;
        }
        if (is_built_in(worker, held, ".CheckTags")) {
            run_check(worker, held);
            continue;
        }
        if (dispatch_prepare(worker->runtime, worker->principals, held, worker->db, &worker->arena) != STATUS_OK)
            answer(worker, held);
        else if (held->contract->kind == VEKHA__KIND__KIND_COMMAND)
            commands[command_count++] = held;
        else
            queries[query_count++] = held;
    }
    if (command_count > 0)
        batch_run(worker->runtime, worker->db, &worker->arena, commands, command_count);
    for (size_t i = 0; i < command_count; i++)
        park_or_answer(worker, commands[i]);
    crash_point("command:replied");
    for (size_t i = 0; i < query_count; i++) {
        run_query(worker, queries[i]);
        bus_worker_alive(worker->bus);
    }
    db_release_rows(worker->db);
    arena_reset(&worker->arena);
}

static size_t
take_waiting(struct worker *worker, struct held_call **taken)
{
    size_t count = 0;
    for (size_t i = 0; i < worker->parked_count; i++)
        taken[count++] = worker->parked[i];
    bool had_parked = count > 0;
    worker->parked_count = 0;
    struct bus_request requests[BATCH_MAX];
    size_t room = BATCH_MAX - count < worker->free_count ? BATCH_MAX - count : worker->free_count;
    size_t arrived = bus_worker_receive(worker->bus, had_parked ? NOT_YET_RETRY_MS : 100, requests, room);
    int64_t now_ms = clock_monotonic_ms();
    for (size_t i = 0; i < arrived; i++) {
        struct held_call *held = worker->free_slots[--worker->free_count];
        *held = (struct held_call){.request = requests[i], .first_tried_ms = now_ms};
        taken[count++] = held;
    }
    return count;
}

static void
serve(struct worker *worker)
{
    bool draining = false;
    bool ready = false;
    int64_t drain_until_ms = 0;
    struct held_call *taken[BATCH_MAX];
    for (;;) {
        size_t count = take_waiting(worker, taken);
        if (count > 0)
            run_all(worker, taken, count);
        if (!ready && bus_worker_is_ready(worker->bus)) {
            ready = true;
            atomic_fetch_add(&worker->runtime->workers_ready, 1);
        }
        if (!draining && atomic_load(&worker->runtime->stopping)) {
            draining = true;
            drain_until_ms = clock_monotonic_ms() + DRAIN_LIMIT_MS;
            bus_worker_drain(worker->bus);
        }
        if (draining && worker->parked_count == 0 &&
            (bus_worker_is_drained(worker->bus) || clock_monotonic_ms() > drain_until_ms))
            return;
    }
}

static bool
open_worker(struct worker *worker, const struct lane_thread *lane)
{
    worker->runtime = lane->runtime;
    worker->credit = lane->credit;
    arena_init(&worker->arena, ARENA_LIMIT_BYTES);
    worker->principals = principal_cache_new(lane->runtime->token_key);
    // A call that may take seconds keeps its transaction open over them.
    const struct db_settings limits = {.statement_timeout_ms = lane->is_slow ? SLOW_STATEMENT_TIMEOUT_MS : 0,
                                       .longest_pause_ms = (int)lane->longest_call_ms};
    worker->db = runtime_open_db(lane->runtime, lane->lane, &limits);
    worker->bus = bus_worker_new(&lane->runtime->bus, lane->lane, lane->credit);
    if (worker->bus && lane->longest_call_ms > 0)
        bus_worker_allow_silence(worker->bus, lane->longest_call_ms + BUS_SILENCE_MS);
    worker->held = calloc(lane->credit, sizeof(*worker->held));
    worker->free_slots = calloc(lane->credit, sizeof(*worker->free_slots));
    if (!worker->principals || !worker->db || !worker->bus || !worker->held || !worker->free_slots)
        return false;
    for (unsigned i = 0; i < lane->credit; i++)
        worker->free_slots[worker->free_count++] = &worker->held[i];
    return true;
}

void *
worker_thread_run(void *lane_thread)
{
    struct lane_thread *lane = lane_thread;
    struct worker worker = {0};
    if (open_worker(&worker, lane)) {
        serve(&worker);
    } else {
        log_write(LOG_ERROR, "worker could not start", "lane", lane->lane, NULL);
        atomic_store(&lane->runtime->threads_failed, true);
    }
    bus_worker_free(&worker.bus);
    db_free(&worker.db);
    principal_cache_free(&worker.principals);
    arena_done(&worker.arena);
    free(worker.held);
    free(worker.free_slots);
    return NULL;
}
