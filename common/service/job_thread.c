// Work without a caller: a transaction per run, events stored with it. Jobs that may take long have a thread of their
// own.
#include "runtime.h"

enum { STEP_MS = 200 };

static enum status
run_in_transaction(struct runtime *runtime, const struct job *job, struct call *call, bool *ret_again)
{
    struct stored_batch emitted = {0};
    struct call *calls[] = {call};
    bool held = true;
    enum status status = db_begin(call->db);
    if (status == STATUS_OK && job->one_at_a_time)
        status = runtime_hold_job(call->db, job->name, &held);
    if (status == STATUS_OK && held)
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

static enum status
run_once(struct runtime *runtime, const struct job *job, struct db *db, struct arena *arena, bool *ret_again)
{
    char now[25];
    int64_t now_ms = clock_now_ms();
    time_format_utc(now_ms, now);
    struct call call;
    call_prepare(&call, db, arena, runtime, now, now_ms);
    db_set_scope(db, "*");
    enum status status =
        job->own_transactions ? job->run(&call, ret_again) : run_in_transaction(runtime, job, &call, ret_again);
    if (status != STATUS_OK && !(job->statement_timeout_ms > 0 && atomic_load(&runtime->stopping))) {
        log_write(LOG_ERROR, "job failed", "job", job->name, "status", status_code(status), "database",
                  db_last_error(db), NULL);
        atomic_fetch_add(&runtime->job_failures, 1);
    }
    db_release_rows(db);
    arena_reset(arena);
    return status;
}

// True: it has more to do at once.
static bool
run_if_due(struct job_thread *thread, size_t place, struct db *db, struct arena *arena)
{
    const struct job *job = thread->jobs[place];
    if (job->after_events && !atomic_load(&thread->runtime->inbox_caught_up))
        return false;
    if (clock_monotonic_ms() < thread->due_ms[place])
        return false;
    bool again = false;
    int64_t began_ms = clock_monotonic_ms();
    enum status status = run_once(thread->runtime, job, db, arena, &again);
    int64_t now_ms = clock_monotonic_ms();
    // What fails after a long time will fail again, and others wait for the database, too.
    int64_t pause_ms = status == STATUS_OK ? 0 : now_ms - began_ms;
    again = again && status == STATUS_OK;
    thread->due_ms[place] = again ? 0 : now_ms + (pause_ms > job->interval_ms ? pause_ms : job->interval_ms);
    return again;
}

void *
job_thread_run(void *job_thread)
{
    struct job_thread *thread = job_thread;
    struct runtime *runtime = thread->runtime;
    struct arena arena;
    arena_init(&arena, ARENA_LIMIT_BYTES);
    const char *purpose = thread->job_count == 1 ? thread->jobs[0]->name : "jobs";
    struct db_settings limits = {.statement_timeout_ms = SLOW_STATEMENT_TIMEOUT_MS};
    if (thread->job_count == 1 && thread->jobs[0]->statement_timeout_ms > 0) {
        limits.statement_timeout_ms = thread->jobs[0]->statement_timeout_ms;
        limits.cancel = &runtime->stopping;
    }
    struct db *db = runtime_open_db(runtime, purpose, &limits);
    while (db && !atomic_load(&runtime->stopping)) {
        bool again = false;
        for (size_t i = 0; i < thread->job_count && !atomic_load(&runtime->stopping); i++)
            again = run_if_due(thread, i, db, &arena) || again;
        if (!again) {
            struct timespec step = {0, STEP_MS * 1000000L};
            nanosleep(&step, NULL);
        }
    }
    db_free(&db);
    arena_done(&arena);
    return NULL;
}
