// Private to common/service: what the runtime's files share.
#pragma once

#include <pthread.h>
#include <stdatomic.h>

#include "vekha/base/build.h"
#include "vekha/base/crash_point.h"
#include "vekha/base/log.h"
#include "vekha/base/text.h"
#include "vekha/base/time.h"
#include "vekha/bus/bus.h"
#include "vekha/bus/client.h"
#include "vekha/bus/events.h"
#include "vekha/bus/message.h"
#include "vekha/bus/worker.h"
#include "vekha/crypto/token.h"
#include "vekha/service/service.h"

enum {
    BATCH_MAX = TOGETHER_MAX,             // commands that share a commit
    ARENA_LIMIT_BYTES = 48 * 1024 * 1024, // of one batch or query
    OUTBOX_ROW_BYTES = 192 * 1024,        // of packed events, so that a few rows fit into one bus message
    NUMBERED_AT_ONCE = 256,               // outbox rows
    NOT_YET_RETRY_MS = 15,
    NOT_YET_LIMIT_MS = 1200,
    SLOW_STATEMENT_TIMEOUT_MS = 30000,
    DRAIN_LIMIT_MS = 10000,
    CONFIG_KEYS_MAX = 64,
};

// Counters of one method; written by workers, read by the health thread.
struct method_metrics {
    atomic_ulong answers[STATUS_COUNT];
    atomic_ulong microseconds;
};

// A batch of events that has its numbers and is committed: to be published.
struct numbered {
    struct numbered *next;
    uint64_t first_number, event_count;
    size_t size;
    uint8_t batch[]; // packed
};

// Lets a thread sleep until another has work for it.
struct wake {
    pthread_mutex_t mutex;
    pthread_cond_t condition;
    bool set;
};
void wake_init(struct wake *wake);
void wake_up(struct wake *wake);
// Returns after wake_up() or timeout_ms.
void wake_wait(struct wake *wake, int timeout_ms);

// One per process, owned by service_run().
struct runtime {
    const struct service *service;
    struct config_key keys[CONFIG_KEYS_MAX]; // common and own, in one table
    struct config *config;
    struct bus_settings bus;
    struct bus_presence presence; // what the brokers are told of this process
    uint8_t token_key[SIGN_PUBLIC_KEY_BYTES];
    struct wake publish;
    _Atomic(struct numbered *) numbered; // what wake_up(&publish) is about: the newest first,
    atomic_bool outbox_waits;            // and rows that have no numbers yet
    atomic_bool stopping;
    atomic_bool threads_failed;
    atomic_int workers_ready, workers_total;
    atomic_bool inbox_caught_up;
    atomic_bool has_database; // as of the sequencer's last look
    atomic_ulong events_applied, inbox_failures, batches, batched_commands, job_failures;
    struct method_metrics *metrics; // parallel to service->methods
};

struct lane_thread {
    struct runtime *runtime;
    char lane[64];
    unsigned credit;
    unsigned longest_call_ms;
    bool is_slow;
    pthread_t thread;
};
enum { JOBS_MAX = 16 };
struct job_thread {
    struct runtime *runtime;
    const struct job *jobs[JOBS_MAX];
    int64_t due_ms[JOBS_MAX];
    size_t job_count;
    pthread_t thread;
};
void *worker_thread_run(void *lane_thread);
void *publisher_thread_run(void *runtime);
void *inbox_thread_run(void *runtime);
void *job_thread_run(void *job_thread);

// A connection to this service's database; of `limits` DSN and name are not read, and a statement's 0 is the configured
// limit.
struct db *runtime_open_db(const struct runtime *runtime, const char *purpose, const struct db_settings *limits);

// --- principals
struct principal_cache;
struct principal_cache *principal_cache_new(const uint8_t token_key[SIGN_PUBLIC_KEY_BYTES]);
void principal_cache_free(struct principal_cache **cache);
// Verifies once, remembers; UNAUTHENTICATED when the signature or the age is wrong, BUSY without memory. The answer
// lives in the arena.
MUST_CHECK enum status principal_cache_check(struct principal_cache *cache, const uint8_t *signed_principal,
                                             size_t size, int64_t now_ms, struct arena *arena,
                                             const Bus__Principal **ret_principal);

// --- calls
struct outgoing_events {
    size_t count;
    struct outgoing_event {
        struct outgoing_event *next;
        Bus__Event event;
    } * first, *last;
};
// Rows that PostgreSQL's policies let the caller see: the territory, everything for an administrator.
const char *call_reach(const struct call *call);
void call_prepare(struct call *call, struct db *db, struct arena *arena, const struct runtime *runtime, const char *now,
                  int64_t now_ms);
bool call_keeps_on_failure(const struct call *call);

// --- what event handlers note
bool notes_open(struct call *call);
// Before a handler runs, with its settle function or NULL.
enum status notes_expect(struct call *call, settle_function *settle);
enum status notes_settle(struct call *call);

// --- checks before a handler runs
// Depth, number of elements, UTF-8 without NUL, no unknown fields: on the packed bytes, so unpacking is safe.
bool wire_is_acceptable(const ProtobufCMessageDescriptor *descriptor, const uint8_t *bytes, size_t size);
// Adds a violation per field outside its declared limits; true when there was none.
bool limits_hold(struct call *call, const ProtobufCMessage *message);

// One request on its way through the runtime.
struct held_call {
    struct bus_request request;
    const struct method *method;
    const struct contract_method *contract;
    struct call call;
    ProtobufCMessage *message;
    ProtobufCMessage *reply;
    enum status status;
    const void *answer;
    size_t answer_size;
    int64_t started_us;
    int64_t first_tried_ms; // monotonic; for NOT_YET
    // The record of a command is named by a hash of its key, and its reply is sealed: a reply may hold a token or a
    // one-time password, and whoever reads the table has not the key.
    char key_uuid[37], account_id[37], request_hex[65];
    uint8_t seal_key[SEAL_KEY_BYTES];
    bool is_stored;           // answered from the idempotency record
    bool is_handled;          // in this attempt
    unsigned refusals_before; // of the arena, when its handler began
};
// Finds the method, checks role, size and limits, unpacks. Not OK: held->answer is the packed Problem.
enum status dispatch_prepare(const struct runtime *runtime, struct principal_cache *principals, struct held_call *held,
                             struct db *db, struct arena *arena);
// Runs the handler; packs its reply or Problem into held->answer.
enum status dispatch_run(struct held_call *held, struct db *db);
// What the handler returned, and the packed reply when it is OK. Returns held->status.
enum status dispatch_finish(struct held_call *held, enum status handled);
// The rows this call may see, for db_set_scope().
const char *dispatch_scope(const struct held_call *held);
// Runs calls[0] and all others of its method that are not handled yet. Returns the failure of a statement, if any.
enum status together_run(struct held_call **calls, size_t count, struct db *db);
void dispatch_pack_problem(struct held_call *held);
// The territories of all of them.
const char *scope_of_all(struct arena *arena, struct held_call *const *members, size_t count);

// --- tags of answers
// Makes the tag of the answer that the handler is about to give; NULL when it is not to be kept. Before the handler
// runs: what changes in between makes the tag too old, never the answer.
MUST_CHECK enum status tag_make(struct held_call *held, struct db *db, const char **ret_tag);
// Puts it behind the packed answer.
MUST_CHECK enum status tag_append(struct held_call *held, const char *tag);
// CheckTags: fills status and answer of `held`.
void tags_check(const struct runtime *runtime, struct principal_cache *principals, struct held_call *held,
                struct db *db, struct arena *arena);

// Runs commands in one transaction, falls back to one by one; fills status and answer of each.
void batch_run(struct runtime *runtime, struct db *db, struct arena *arena, struct held_call **calls, size_t count);

// --- from the commit to the publisher
// Packed events of one row.
struct stored_batch {
    size_t event_count;
    const uint8_t *bytes;
    size_t size;
};
// Commits. Events get their numbers in the same transaction unless somebody else is numbering, and are published.
MUST_CHECK enum status commit_events(struct runtime *runtime, struct db *db, struct arena *arena,
                                     const struct stored_batch *last);
// Rows of runtime_number_outbox() with NULL, or of runtime_number_and_commit(), once committed.
void hand_over_numbered(struct runtime *runtime, const struct db_rows *rows, struct arena *arena,
                        const struct stored_batch *last);
// Everything handed over since, in the order of numbers; the caller frees each.
struct numbered *take_numbered(struct runtime *runtime);

// --- SQL of the runtime
struct stored_reply {
    const char *key, *account_id, *request_hex;
    const void *reply;
    size_t reply_size;
};
MUST_CHECK enum status runtime_find_replies(struct db *db, struct arena *arena, const char *const *keys, size_t count,
                                            struct stored_reply **ret_found, size_t *ret_count);
MUST_CHECK enum status runtime_store_replies(struct db *db, struct arena *arena, const struct stored_reply *replies,
                                             size_t count, const char *now);
// Drops the oldest of those stored before that moment; *ret_again: there may be more.
MUST_CHECK enum status runtime_forget_replies(struct db *db, const char *before, bool *ret_again);
// Until the transaction's end; false: another replica has it.
MUST_CHECK enum status runtime_hold_job(struct db *db, const char *name, bool *ret_held);
// All calls' events, in order, into as few rows as fit. All rows but the last go to the outbox, the last to *ret_last
// for commit_events(); without events it has none.
MUST_CHECK enum status runtime_store_events(struct db *db, struct arena *arena, const char *stream,
                                            struct call *const *calls, size_t count, struct stored_batch *ret_last);
// Numbers waiting outbox rows. *ret_rows: first_number, event_count, batch of what was numbered now; none while
// somebody else numbers.
MUST_CHECK enum status runtime_number_outbox(struct db *db, const char *now, struct db_rows *ret_rows);
// The same with one more row behind them, whose bytes are not read back; and COMMIT.
MUST_CHECK enum status runtime_number_and_commit(struct db *db, const char *now, const struct stored_batch *last,
                                                 struct db_rows *ret_rows);
MUST_CHECK enum status runtime_stream_head(struct db *db, uint64_t *ret_head);
MUST_CHECK enum status runtime_stream_rows(struct db *db, uint64_t after, struct db_rows *ret_rows);
MUST_CHECK enum status runtime_lock_position(struct db *db, const char *stream, uint64_t *ret_number);
MUST_CHECK enum status runtime_read_position(struct db *db, const char *stream, uint64_t *ret_number);
MUST_CHECK enum status runtime_move_position(struct db *db, const char *stream, uint64_t number);

// How to ask a service for the events of its stream; NULL when no service is called so.
const struct contract_method *stream_contract(const char *service);
// FetchEvents, answered by every service from its stream table. The reply is a packed EventBatch in the arena.
enum status stream_answer_fetch(struct db *db, struct arena *arena, const char *stream, const uint8_t *body,
                                size_t body_size, const void **ret_answer, size_t *ret_size);

void metrics_write(void *runtime, struct buffer *out);
bool runtime_is_ready(void *runtime);
