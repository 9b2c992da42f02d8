// Work without a caller: one thread per job, a transaction per run, events stored with it.
#include "runtime.h"

enum { STEP_MS = 200 };

static enum status
run_in_transaction(struct runtime *runtime, const struct job *job, struct call *call, bool *ret_again)
{
    struct stored_batch emitted = {0};
    struct call *calls[] = {call};
    enum status status = db_begin(call->db);
    if (status == STATUS_OK)
        status = job->run(call, ret_again);
    // It went on without something it asked for, and has written less than it should.
    if (status == STATUS_OK && call->arena->refusals > 0)
        status = STATUS_BUSY;
    if (status == STATUS_OK)
        status = runtime_store_events(call->db, call->arena, runtime->service->name, calls, 1, &emitted);
    crash_point("job:before_commit");
    if (status == STATUS_OK)
        status = commit_events(runtime, call->db, call->arena, &emitted);
    else
        db_rollback(call->db);
    return status;
}

static bool
run_once(struct runtime *runtime, const struct job *job, struct db *db, struct arena *arena)
{
    char now[25];
    int64_t now_ms = clock_now_ms();
    time_format_utc(now_ms, now);
    struct call call;
    call_prepare(&call, db, arena, runtime, now, now_ms);
    db_set_scope(db, "*");
    bool again = false;
    enum status status =
        job->own_transactions ? job->run(&call, &again) : run_in_transaction(runtime, job, &call, &again);
    if (status != STATUS_OK) {
        log_write(LOG_ERROR, "job failed", "job", job->name, "status", status_code(status), "database",
                  db_last_error(db), NULL);
        atomic_fetch_add(&runtime->job_failures, 1);
    }
    db_release_rows(db);
    arena_reset(arena);
    return status == STATUS_OK && again;
}

void *
job_thread_run(void *job_thread)
{
    struct runtime *runtime = ((struct job_thread *)job_thread)->runtime;
    const struct job *job = ((struct job_thread *)job_thread)->job;
    struct arena arena;
    arena_init(&arena, ARENA_LIMIT_BYTES);
    struct db *db = runtime_open_db(runtime, job->name, SLOW_STATEMENT_TIMEOUT_MS, 0);
    int64_t due_ms = 0;
    while (db && !atomic_load(&runtime->stopping)) {
        bool may_run = !job->after_events || atomic_load(&runtime->inbox_caught_up);
        if (may_run && clock_monotonic_ms() >= due_ms) {
            bool again = run_once(runtime, job, db, &arena);
            due_ms = again ? 0 : clock_monotonic_ms() + job->interval_ms;
        }
        if (due_ms > 0 || !may_run) {
            struct timespec step = {0, STEP_MS * 1000000L};
            nanosleep(&step, NULL);
        }
    }
    db_free(&db);
    arena_done(&arena);
    return NULL;
}
